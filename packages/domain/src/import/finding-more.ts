import type { FindingId } from "./findings-table.ts";

/** What it means and why it matters; then how to get past it, or why one need not. */
type More = readonly [means: string, todo: string];

/**
 * What stands behind "More" on a finding, for those who have not met it before. Total: a new finding does not compile
 * without it. Apart from the table, so that it is loaded only when somebody asks.
 */
export const findingMore = {
  "empty-input": {
    en: [
      "The file or text has no content. That happens when a download broke off, or an attachment was saved before it had loaded.",
      "Save the attachment again and look at its size: a certificate has one to ten kilobytes. Or drop the whole mail.",
    ],
    de: [
      "Die Datei oder der Text hat keinen Inhalt. Das kommt vor, wenn ein Download abbrach oder ein Anhang gespeichert wurde, bevor er geladen war.",
      "Speichern Sie den Anhang noch einmal und sehen Sie auf seine Größe: Ein Zertifikat hat ein bis zehn Kilobyte. Oder legen Sie die ganze E-Mail ab.",
    ],
  },
  "not-a-certificate": {
    en: [
      "Nothing in it looks like a certificate, a key, an archive or a CA's mail. Often it is a covering letter, a picture of the certificate, or an invoice.",
      "Look for the mail whose subject names your domain, and drop it whole. In text, a certificate begins with -----BEGIN CERTIFICATE-----.",
    ],
    de: [
      "Nichts darin sieht aus wie ein Zertifikat, ein Schlüssel, ein Archiv oder die E-Mail einer CA. Oft ist es ein Begleitschreiben, ein Bild des Zertifikats oder eine Rechnung.",
      "Suchen Sie die E-Mail, in deren Betreff Ihre Domäne steht, und legen Sie sie ganz ab. Als Text beginnt ein Zertifikat mit -----BEGIN CERTIFICATE-----.",
    ],
  },
  "missing-certificate": {
    en: [
      "The key is your half; the certificate is the CA's. A server needs both, and only the CA can make the certificate.",
      "It is in the fulfillment email. If that never came, close this and press Send at the order.",
    ],
    de: [
      "Der Schlüssel ist Ihre Hälfte, das Zertifikat die der CA. Ein Server braucht beide, und nur die CA kann das Zertifikat erstellen.",
      "Es steht in der Auftragserfüllungs-E-Mail. Kam sie nie an, schließen Sie dies und klicken Sie bei der Bestellung auf Senden.",
    ],
  },
  "missing-key": {
    en: [
      "The CA never has your private key, so it is in none of its mails. It was made together with the request (CSR), on the server or in the tool used then.",
      "Look there for a file like privkey.pem, example.key or example.pfx and add it. On Windows, export the certificate as a PFX with its key. If nobody has it, choose “Certificate only”, or make a new key and have the certificate reissued.",
    ],
    de: [
      "Die CA hat Ihren privaten Schlüssel nie; er steht deshalb in keiner ihrer E-Mails. Er entstand zusammen mit der Anforderung (CSR), auf dem Server oder in dem Werkzeug von damals.",
      "Suchen Sie dort nach einer Datei wie privkey.pem, example.key oder example.pfx und fügen Sie sie hinzu. Unter Windows exportieren Sie das Zertifikat als PFX mit Schlüssel. Hat ihn niemand, wählen Sie „Nur Zertifikat“, oder erzeugen Sie einen neuen Schlüssel und lassen Sie neu ausstellen.",
    ],
  },
  "key-mismatch": {
    en: [
      "Key and certificate are a pair: the certificate holds the public half of exactly one private key. This key is another one, mostly that of last year or of another server. A server would not start with the two.",
      "Look for the key file of the same day as the order. If it is lost, make a new key and CSR and have the CA reissue; that is free with most CAs.",
    ],
    de: [
      "Schlüssel und Zertifikat sind ein Paar: Das Zertifikat enthält die öffentliche Hälfte genau eines privaten Schlüssels. Dieser ist ein anderer, meist der vom letzten Jahr oder von einem anderen Server. Mit beiden startet kein Server.",
      "Suchen Sie die Schlüsseldatei vom Tag der Bestellung. Ist sie verloren, erzeugen Sie Schlüssel und CSR neu und bitten die CA um Neuausstellung; bei den meisten CAs ist das kostenlos.",
    ],
  },
  "malformed-pem": {
    en: [
      "A text block begins with -----BEGIN and ends with -----END. Between them something is missing, or stands that cannot belong there. Mostly the text was not copied to its end.",
      "Copy from the first to the last hyphen, both lines included. Better still, drop the file or the whole mail: then nothing can get lost on the way.",
    ],
    de: [
      "Ein Textblock beginnt mit -----BEGIN und endet mit -----END. Dazwischen fehlt etwas, oder es steht dort, was nicht hingehört. Meist wurde der Text nicht bis zum Ende kopiert.",
      "Kopieren Sie vom ersten bis zum letzten Bindestrich, beide Zeilen eingeschlossen. Besser noch legen Sie die Datei oder die ganze E-Mail ab: Dann geht unterwegs nichts verloren.",
    ],
  },
  "malformed-certificate": {
    en: [
      "It begins like a certificate, and its inner structure does not hold. It was damaged on the way, or its maker does not keep to the standard. Browsers and servers refuse such a file.",
      "Take it once more from the CA's mail or the CA's own console. If that copy has the same fault, the CA made it so: ask for a reissue.",
    ],
    de: [
      "Es beginnt wie ein Zertifikat, aber sein innerer Aufbau stimmt nicht. Es wurde unterwegs beschädigt, oder wer es erstellt hat, hält sich nicht an den Standard. Browser und Server lehnen eine solche Datei ab.",
      "Nehmen Sie es noch einmal aus der E-Mail oder der Konsole der CA. Hat auch diese Kopie den Fehler, stammt er von der CA: Bitten Sie um Neuausstellung.",
    ],
  },
  "malformed-key": {
    en: [
      "It is meant to be a private key, and part of it is missing or altered. A key cannot be repaired: one wrong character makes it another number.",
      "Copy the file itself from where the CSR was made, not its text out of a window. If only this copy exists, make a new key and have the certificate reissued.",
    ],
    de: [
      "Das soll ein privater Schlüssel sein, aber ein Teil fehlt oder ist verändert. Ein Schlüssel lässt sich nicht reparieren: Ein falsches Zeichen macht eine andere Zahl daraus.",
      "Kopieren Sie die Datei selbst von dort, wo die CSR entstand, nicht ihren Text aus einem Fenster. Gibt es nur diese Kopie, erzeugen Sie einen neuen Schlüssel und lassen Sie neu ausstellen.",
    ],
  },
  "malformed-pkcs12": {
    en: [
      "A PFX (also .p12) holds certificate, chain and key in one locked file. This one ends too early or contradicts itself, so that it cannot be opened even with the right password.",
      "Export it again, with its private key and all certificates of the path, and drop the new file.",
    ],
    de: [
      "Eine PFX-Datei (auch .p12) enthält Zertifikat, Kette und Schlüssel in einer verschlossenen Datei. Diese endet zu früh oder widerspricht sich, sodass sie sich auch mit dem richtigen Passwort nicht öffnen lässt.",
      "Exportieren Sie sie noch einmal, mit privatem Schlüssel und allen Zertifikaten des Pfads, und legen Sie die neue Datei ab.",
    ],
  },
  "malformed-pkcs7": {
    en: [
      "A P7B (also .p7c) is a bundle of certificates without a key. This one cannot be read to its end, or holds none.",
      "Save the attachment once more, or drop the whole mail. Many CAs also offer the same as PEM; that does just as well.",
    ],
    de: [
      "Eine P7B-Datei (auch .p7c) ist ein Bündel von Zertifikaten ohne Schlüssel. Diese ist nicht bis zum Ende lesbar, oder es ist keines darin.",
      "Speichern Sie den Anhang noch einmal, oder legen Sie die ganze E-Mail ab. Viele CAs bieten dasselbe auch als PEM an; das geht genauso.",
    ],
  },
  "malformed-zip": {
    en: [
      "The archive breaks off or contradicts its own list of files. Mail filters and interrupted downloads do that.",
      "Save it once more. If it stays broken, press Send at the order: the CA then mails a fresh one.",
    ],
    de: [
      "Das Archiv bricht ab oder widerspricht seinem eigenen Verzeichnis. So etwas machen Mailfilter und abgebrochene Downloads.",
      "Speichern Sie es noch einmal. Bleibt es beschädigt, klicken Sie bei der Bestellung auf Senden: Die CA mailt dann ein neues.",
    ],
  },
  "encrypted-zip": {
    en: [
      "Somebody has locked the archive with a password; CAs do not do that. Sealpost does not ask for it, since it needs only what is inside.",
      "Unpack it on your own computer and drop the files together.",
    ],
    de: [
      "Jemand hat das Archiv mit einem Passwort verschlossen; CAs tun das nicht. Sealpost fragt nicht danach, denn es braucht nur den Inhalt.",
      "Entpacken Sie es auf Ihrem Rechner und legen Sie die Dateien zusammen ab.",
    ],
  },
  "unsupported-format": {
    en: [
      "The kind of file is known, and what is inside cannot be read here. It may well hold the right certificate.",
      "Export certificate and key as PEM or PFX with the program the file belongs to. A Java keystore: keytool -importkeystore with -deststoretype PKCS12 makes a PFX of it.",
    ],
    de: [
      "Die Art der Datei ist bekannt, ihr Inhalt lässt sich hier aber nicht lesen. Das richtige Zertifikat kann durchaus darin sein.",
      "Exportieren Sie Zertifikat und Schlüssel als PEM oder PFX mit dem Programm, zu dem die Datei gehört. Bei einem Java-Keystore: keytool -importkeystore mit -deststoretype PKCS12 macht eine PFX-Datei daraus.",
    ],
  },
  "unsupported-key": {
    en: [
      "TLS servers work with RSA keys and with elliptic curves that browsers know. This key is of another kind, so that no browser could connect.",
      "Make a key of RSA 2048 or more, or ECDSA P-256, and a CSR from it; then have the CA reissue.",
    ],
    de: [
      "TLS-Server arbeiten mit RSA-Schlüsseln und mit elliptischen Kurven, die Browser kennen. Dieser Schlüssel ist von anderer Art; kein Browser könnte sich verbinden.",
      "Erzeugen Sie einen Schlüssel RSA ab 2048 Bit oder ECDSA P-256 und daraus eine CSR; bitten Sie dann die CA um Neuausstellung.",
    ],
  },
  "unsupported-key-format": {
    en: [
      "It is a key, packed for another purpose: for SSH, PGP or PuTTY, or behind a cipher that is no longer in use. It is rarely the one the CSR was made with.",
      "Look for the file that was made together with the CSR. Keys for TLS begin with one of the lines named above.",
    ],
    de: [
      "Das ist ein Schlüssel, aber für einen anderen Zweck verpackt: für SSH, PGP oder PuTTY, oder hinter einer Chiffre, die niemand mehr benutzt. Selten ist es der, mit dem die CSR entstand.",
      "Suchen Sie die Datei, die zusammen mit der CSR entstand. Schlüssel für TLS beginnen mit einer der oben genannten Zeilen.",
    ],
  },
  "passphrase-required": {
    en: [
      "Whoever made the key, or exported the PFX, chose a passphrase for it. Without it nobody can use the key, Sealpost neither.",
      "Enter it in the field on this page. It is used once and kept nowhere. If nobody knows it any more, the key is lost: make a new one and have the certificate reissued.",
    ],
    de: [
      "Wer den Schlüssel erzeugt oder die PFX-Datei exportiert hat, hat eine Kennphrase dafür gewählt. Ohne sie kann niemand den Schlüssel benutzen, auch Sealpost nicht.",
      "Geben Sie sie in das Feld auf dieser Seite ein. Sie wird einmal benutzt und nirgends behalten. Kennt sie niemand mehr, ist der Schlüssel verloren: Erzeugen Sie einen neuen und lassen Sie neu ausstellen.",
    ],
  },
  "wrong-passphrase": {
    en: [
      "The file was locked with another passphrase. Most often a capital letter, the keyboard's language or a space copied along is to blame.",
      "Type it into a plain text field first, look at it, and copy it from there. After five wrong ones there is a pause.",
    ],
    de: [
      "Die Datei wurde mit einer anderen Kennphrase verschlossen. Meist liegt es an einem Großbuchstaben, an der Sprache der Tastatur oder an einem mitkopierten Leerzeichen.",
      "Tippen Sie sie zuerst in ein gewöhnliches Textfeld, sehen Sie sie sich an und kopieren Sie sie von dort. Nach fünf falschen gibt es eine Pause.",
    ],
  },
  "csr-given": {
    en: [
      "The request goes to the CA, and the certificate comes back. The two look alike and often lie in the same folder. With the request alone no server can work.",
      "Look for a file ending in .crt, .cer or .pem from the CA, or drop its mail. You may leave the request here: it helps to find the order.",
    ],
    de: [
      "Die Anforderung geht an die CA, das Zertifikat kommt zurück. Beide sehen sich ähnlich und liegen oft im selben Ordner. Mit der Anforderung allein kann kein Server arbeiten.",
      "Suchen Sie eine Datei der CA mit der Endung .crt, .cer oder .pem, oder legen Sie ihre E-Mail ab. Die Anforderung kann hier bleiben: Sie hilft, die Bestellung zu finden.",
    ],
  },
  "public-key-given": {
    en: [
      "A public key is only the open half of a pair; names, dates and the CA's signature are missing, and the secret half too.",
      "Certificates begin with -----BEGIN CERTIFICATE-----, private keys with -----BEGIN PRIVATE KEY----- or a line like it. Look for these two.",
    ],
    de: [
      "Ein öffentlicher Schlüssel ist nur die offene Hälfte eines Paars; Namen, Daten und die Signatur der CA fehlen, die geheime Hälfte ebenfalls.",
      "Zertifikate beginnen mit -----BEGIN CERTIFICATE-----, private Schlüssel mit -----BEGIN PRIVATE KEY----- oder einer ähnlichen Zeile. Suchen Sie diese beiden.",
    ],
  },
  "crl-given": {
    en: [
      "CAs publish lists of certificates that no longer count. Browsers read them; a server does not need one to run.",
      "Leave this file out and take the certificate from the CA's mail.",
    ],
    de: [
      "CAs veröffentlichen Listen von Zertifikaten, die nicht mehr gelten. Browser lesen sie; ein Server braucht keine.",
      "Lassen Sie diese Datei weg und nehmen Sie das Zertifikat aus der E-Mail der CA.",
    ],
  },
  precertificate: {
    en: [
      "Before a CA issues, it enters a forerunner into the public logs. It has the same names and number, and a mark by which every browser refuses it. One finds it in log searches such as crt.sh.",
      "Do not take it from there. The final certificate is in the CA's mail and in its console.",
    ],
    de: [
      "Bevor eine CA ausstellt, trägt sie einen Vorläufer in die öffentlichen Protokolle ein. Er hat dieselben Namen und dieselbe Nummer und ein Kennzeichen, an dem jeder Browser ihn ablehnt. Man findet ihn in Suchen wie crt.sh.",
      "Nehmen Sie es nicht von dort. Das endgültige Zertifikat steht in der E-Mail und in der Konsole der CA.",
    ],
  },
  "ca-certificate-as-leaf": {
    en: [
      "CAs send two kinds of files: yours, and their own with which they signed it. Only the second kind is here. It belongs to the chain and cannot stand for your site.",
      "Look for a file named after your domain, or drop the whole mail or ZIP: the two are sorted by themselves.",
    ],
    de: [
      "CAs schicken zwei Arten von Dateien: Ihre, und die eigenen, mit denen sie signiert haben. Hier ist nur die zweite Art. Sie gehört zur Kette und kann nicht für Ihre Seite stehen.",
      "Suchen Sie eine Datei, die wie Ihre Domäne heißt, oder legen Sie die ganze E-Mail oder das ZIP ab: Beide sortieren sich von selbst.",
    ],
  },
  "wrong-usage": {
    en: [
      "A certificate says what it may be used for. This one is for something else, such as signing mails or programs, or signing in. Browsers check that and refuse it for a website.",
      "Look whether the same order has another certificate. If not, order a server certificate (TLS, “SSL”), or ask the CA to reissue it as one.",
    ],
    de: [
      "Ein Zertifikat sagt, wofür es benutzt werden darf. Dieses ist für anderes gedacht, etwa zum Signieren von E-Mails oder Programmen oder zum Anmelden. Browser prüfen das und lehnen es für eine Website ab.",
      "Sehen Sie nach, ob es zur selben Bestellung ein weiteres gibt. Wenn nicht, bestellen Sie ein Serverzertifikat (TLS, „SSL“), oder bitten Sie die CA um Neuausstellung als solches.",
    ],
  },
  "unknown-critical-extension": {
    en: [
      "A certificate can carry conditions and mark them critical: whoever does not know one has to refuse the certificate. No usual browser knows this one.",
      "Ask the CA what it is for, and to reissue without it or without the mark.",
    ],
    de: [
      "Ein Zertifikat kann Bedingungen tragen und sie als kritisch kennzeichnen: Wer eine nicht kennt, muss das Zertifikat ablehnen. Diese kennt kein gewöhnlicher Browser.",
      "Fragen Sie die CA, wozu sie dient, und bitten Sie um Neuausstellung ohne sie oder ohne das Kennzeichen.",
    ],
  },
  "bad-signature": {
    en: [
      "A certificate with the issuer's name is here, and it did not sign yours. Mostly the CA has renewed its intermediate since, and the bundle is from before. It may also have been tampered with.",
      "Remove the intermediates and take all of them from the same mail as your certificate. If the mail itself does not fit, ask the CA.",
    ],
    de: [
      "Ein Zertifikat mit dem Namen des Ausstellers ist da, hat Ihres aber nicht signiert. Meist hat die CA ihr Zwischenzertifikat seither erneuert, und das Bundle ist älter. Es kann auch verändert worden sein.",
      "Entfernen Sie die Zwischenzertifikate und nehmen Sie alle aus derselben E-Mail wie Ihr Zertifikat. Passt schon die E-Mail nicht zusammen, fragen Sie die CA.",
    ],
  },
  "invalid-chain": {
    en: [
      "The signatures are right, and a rule on the way up is broken: an issuer may not issue for this name, this purpose or this deep. Browsers check that and warn.",
      "Another bundle of the same CA often leads a permitted way. If it is the company's own CA, its administrator has to correct the intermediate.",
    ],
    de: [
      "Die Signaturen stimmen, aber auf dem Weg nach oben ist eine Regel verletzt: Ein Aussteller darf für diesen Namen, diesen Zweck oder in dieser Tiefe nicht ausstellen. Browser prüfen das und warnen.",
      "Ein anderes Bundle derselben CA führt oft einen erlaubten Weg. Bei einer firmeneigenen CA muss deren Administrator das Zwischenzertifikat berichtigen.",
    ],
  },
  "expired-intermediate": {
    en: [
      "Your certificate may still be valid; a certificate above it is not. Visitors then see the same warning as for an expired site. Old bundles copied from server to server do that.",
      "Drop the bundle from the newest mail in place of the old one. CAs also offer the current intermediates on their websites.",
    ],
    de: [
      "Ihr Zertifikat kann noch gültig sein; eines darüber ist es nicht. Besucher sehen dann dieselbe Warnung wie bei einer abgelaufenen Seite. Das machen alte Bundles, die von Server zu Server kopiert werden.",
      "Legen Sie statt des alten das Bundle aus der neuesten E-Mail ab. CAs bieten die aktuellen Zwischenzertifikate auch auf ihren Websites an.",
    ],
  },
  "handshake-failed": {
    en: [
      "Before anything is stored, Sealpost lets a server and a client talk with exactly these files, in memory. They did not come to an understanding, and your server would fail in the same way.",
      "Look at the other findings first: they mostly name the cause. If there is none, take certificate, chain and key anew from where they came.",
    ],
    de: [
      "Bevor etwas gespeichert wird, lässt Sealpost im Arbeitsspeicher einen Server und einen Client mit genau diesen Dateien sprechen. Sie kamen nicht überein, und Ihr Server würde genauso scheitern.",
      "Sehen Sie zuerst auf die anderen Befunde: Meist nennen sie die Ursache. Gibt es keine, nehmen Sie Zertifikat, Kette und Schlüssel noch einmal von dort, woher sie kamen.",
    ],
  },
  expired: {
    en: [
      "After its last day every browser refuses a certificate. Often this is the mail of last year: subject and sender are the same.",
      "Sort the mailbox by date and take the newest mail of this domain. If there is none, look in Orders whether a newer certificate was issued, and press Send there.",
    ],
    de: [
      "Nach seinem letzten Tag lehnt jeder Browser ein Zertifikat ab. Oft ist es die E-Mail vom letzten Jahr: Betreff und Absender sind dieselben.",
      "Sortieren Sie das Postfach nach Datum und nehmen Sie die neueste E-Mail zu dieser Domäne. Gibt es keine, sehen Sie unter Bestellungen nach, ob ein neueres ausgestellt wurde, und klicken Sie dort auf Senden.",
    ],
  },
  "not-yet-valid": {
    en: [
      "A certificate counts from its first moment on, and that is still to come. If it was issued today, the clock of this server may be slow.",
      "Compare the time shown in the console with a clock you trust. If that is right, come back on the day.",
    ],
    de: [
      "Ein Zertifikat gilt ab seinem ersten Moment, und der kommt erst noch. Wurde es heute ausgestellt, geht vielleicht die Uhr dieses Servers nach.",
      "Vergleichen Sie die Zeit, die die Konsole zeigt, mit einer Uhr, der Sie trauen. Stimmt sie, kommen Sie an dem Tag wieder.",
    ],
  },
  "other-order": {
    en: [
      "The CA told us which key the chosen order was made with, and the certificate has another one. So it belongs to another order, be it for the same name.",
      "Press “Choose another” beside Order, or open Import without an order; it is then found by itself. If there is no order it fits, it can be imported for none.",
    ],
    de: [
      "Die CA hat mitgeteilt, mit welchem Schlüssel die gewählte Bestellung aufgegeben wurde, und das Zertifikat hat einen anderen. Es gehört also zu einer anderen Bestellung, auch wenn der Name derselbe ist.",
      "Klicken Sie neben Bestellung auf „Andere wählen“, oder öffnen Sie den Import ohne Bestellung; sie findet sich dann von selbst. Passt keine, lässt es sich auch ohne Bestellung importieren.",
    ],
  },
  "hostname-mismatch": {
    en: [
      "Browsers compare the address typed with the names in the certificate. For a name that is missing there, visitors get a warning. *.example.com covers www.example.com, but neither example.com nor a.b.example.com.",
      "Look whether this is the mail of another order. If names were left out on purpose, somebody with the right to do so can import it all the same and say why.",
    ],
    de: [
      "Browser vergleichen die eingegebene Adresse mit den Namen im Zertifikat. Für einen Namen, der dort fehlt, sehen Besucher eine Warnung. *.example.com gilt für www.example.com, aber weder für example.com noch für a.b.example.com.",
      "Sehen Sie nach, ob das die E-Mail einer anderen Bestellung ist. Fehlen Namen mit Absicht, kann jemand mit dem Recht dazu trotzdem importieren und den Grund nennen.",
    ],
  },
  "weak-key": {
    en: [
      "Short keys can be broken with enough computing power. Browsers therefore refuse them, and public CAs no longer sign them.",
      "Make a key of RSA 2048 or more, or ECDSA P-256, and have the certificate reissued with a new CSR.",
    ],
    de: [
      "Kurze Schlüssel lassen sich mit genug Rechenleistung brechen. Browser lehnen sie deshalb ab, und öffentliche CAs signieren sie nicht mehr.",
      "Erzeugen Sie einen Schlüssel RSA ab 2048 Bit oder ECDSA P-256 und lassen Sie mit einer neuen CSR neu ausstellen.",
    ],
  },
  "weak-signature": {
    en: [
      "The CA signed with a method that is broken: signatures can be forged. No current browser trusts it. Only very old certificates and home-made CAs still have it.",
      "If it comes from a public CA, it is years old: look for the newest mail. A company's own CA has to switch to SHA-256.",
    ],
    de: [
      "Die CA hat mit einem Verfahren signiert, das gebrochen ist: Signaturen lassen sich fälschen. Kein aktueller Browser vertraut ihm. Nur sehr alte Zertifikate und selbst gebaute CAs haben es noch.",
      "Kommt es von einer öffentlichen CA, ist es Jahre alt: Suchen Sie die neueste E-Mail. Eine firmeneigene CA muss auf SHA-256 umstellen.",
    ],
  },
  "trailing-garbage": {
    en: [
      "A certificate says how long it is, and here more follows. Some programs overlook that and others refuse the file, so that it would work in one place and not in another.",
      "Take the original once more. Files put together by hand, or saved by an editor, are the usual cause.",
    ],
    de: [
      "Ein Zertifikat sagt, wie lang es ist, und hier folgt noch mehr. Manche Programme übersehen das, andere lehnen die Datei ab; sie würde also hier funktionieren und dort nicht.",
      "Nehmen Sie noch einmal das Original. Meist liegt es an Dateien, die von Hand zusammengefügt oder mit einem Editor gespeichert wurden.",
    ],
  },
  "resource-limit": {
    en: [
      "A certificate with chain and key has a few kilobytes. Larger or deeply packed input is not opened at all, so that nobody can tie up this server with it.",
      "Take the certificate out of the archive or mail and drop it alone, with its chain and its key.",
    ],
    de: [
      "Ein Zertifikat mit Kette und Schlüssel hat wenige Kilobyte. Größeres oder mehrfach Verpacktes wird gar nicht erst geöffnet, damit niemand diesen Server damit lahmlegt.",
      "Nehmen Sie das Zertifikat aus dem Archiv oder der E-Mail und legen Sie es allein ab, mit Kette und Schlüssel.",
    ],
  },
  "encrypted-email": {
    en: [
      "The mail was encrypted for its recipient (S/MIME or PGP). Only the mail program with that person's key can open it.",
      "Open it there, save the attachments, and drop them. If the text itself holds the certificate, copy it from BEGIN to END.",
    ],
    de: [
      "Die E-Mail wurde für ihren Empfänger verschlüsselt (S/MIME oder PGP). Nur das Mailprogramm mit dem Schlüssel dieser Person kann sie öffnen.",
      "Öffnen Sie sie dort, speichern Sie die Anhänge und legen Sie sie ab. Steht das Zertifikat im Text, kopieren Sie es von BEGIN bis END.",
    ],
  },
  "bounce-message": {
    en: [
      "A mail server or an absence note answered, not the CA. If it says undeliverable, the certificate never reached anybody.",
      "Open the order and look which address the CA has. Correct it at the CA, or have somebody set up that mailbox; then press Send.",
    ],
    de: [
      "Geantwortet hat ein Mailserver oder eine Abwesenheitsnotiz, nicht die CA. Heißt es unzustellbar, hat das Zertifikat niemanden erreicht.",
      "Öffnen Sie die Bestellung und sehen Sie nach, welche Adresse der CA vorliegt. Berichtigen Sie sie bei der CA, oder lassen Sie dieses Postfach einrichten; klicken Sie dann auf Senden.",
    ],
  },
  "missing-intermediate": {
    en: [
      "Between your certificate and a root that browsers know stands an intermediate certificate, and the server has to send it. Desktop browsers often find it by themselves; phones, programs and other servers do not.",
      "Add the bundle (CA bundle, chain.pem, .ca-bundle) from the same mail. It can be imported without, and then has to be completed where you install it.",
    ],
    de: [
      "Zwischen Ihrem Zertifikat und einem Stammzertifikat, das Browser kennen, steht ein Zwischenzertifikat, und der Server muss es senden. Browser am Schreibtisch finden es oft selbst; Telefone, Programme und andere Server nicht.",
      "Fügen Sie das Bundle (CA-Bundle, chain.pem, .ca-bundle) aus derselben E-Mail hinzu. Es lässt sich auch ohne importieren und muss dann dort ergänzt werden, wo Sie es installieren.",
    ],
  },
  "untrusted-root": {
    en: [
      "The chain is whole, and it ends at a root that does not come with browsers. Whoever has not installed that root gets a warning.",
      "For a company's own CA that is as it should be; the operator can name its root to Sealpost, and this warning goes away. From a public CA, ask for the current chain.",
    ],
    de: [
      "Die Kette ist vollständig, endet aber an einem Stammzertifikat, das Browser nicht mitbringen. Wer es nicht selbst installiert hat, sieht eine Warnung.",
      "Bei einer firmeneigenen CA soll es so sein; der Betreiber kann Sealpost deren Stammzertifikat nennen, dann entfällt die Warnung. Bei einer öffentlichen CA fragen Sie nach der aktuellen Kette.",
    ],
  },
  "self-signed": {
    en: [
      "No CA stands behind it: it vouches for itself. Servers and devices make such certificates when they are set up. Every browser warns of it.",
      "Between your own machines, which know it, it can be used. For visitors, take the certificate of the CA.",
    ],
    de: [
      "Dahinter steht keine CA: Es bürgt für sich selbst. Server und Geräte erzeugen solche Zertifikate bei ihrer Einrichtung. Jeder Browser warnt davor.",
      "Zwischen eigenen Rechnern, die es kennen, lässt es sich benutzen. Für Besucher nehmen Sie das Zertifikat der CA.",
    ],
  },
  "root-included": {
    en: [
      "A browser trusts only roots it has itself; one that a server sends along is not looked at. It merely makes every connection a little slower.",
      "You need not do anything. The stored chain ends below the root, as servers want it.",
    ],
    de: [
      "Ein Browser vertraut nur Stammzertifikaten, die er selbst hat; eines, das ein Server mitschickt, beachtet er nicht. Es macht nur jede Verbindung etwas langsamer.",
      "Sie müssen nichts tun. Die gespeicherte Kette endet unter dem Stammzertifikat, so wie Server es brauchen.",
    ],
  },
  "unrelated-certificates": {
    en: [
      "Bundles often hold intermediates for several products of a CA. These lead up from some other certificate, not from yours.",
      "You need not do anything. The chain shown below is what will be stored.",
    ],
    de: [
      "Bundles enthalten oft Zwischenzertifikate für mehrere Produkte einer CA. Diese führen von einem anderen Zertifikat nach oben, nicht von Ihrem.",
      "Sie müssen nichts tun. Gespeichert wird die Kette, die unten steht.",
    ],
  },
  "duplicate-certificates": {
    en: [
      "The same certificate came several times, mostly in the text of the mail and in its attachment. They are the same byte for byte.",
      "You need not do anything.",
    ],
    de: [
      "Dasselbe Zertifikat kam mehrmals, meist im Text der E-Mail und in ihrem Anhang. Sie sind Byte für Byte gleich.",
      "Sie müssen nichts tun.",
    ],
  },
  "file-left-out": {
    en: [
      "Beside the certificate lay a file that cannot be read here, such as a manual or a picture. All that is needed was found without it.",
      "You need not do anything. If it was meant to be the key, add that one by itself.",
    ],
    de: [
      "Neben dem Zertifikat lag eine Datei, die hier nicht lesbar ist, etwa eine Anleitung oder ein Bild. Alles Nötige fand sich ohne sie.",
      "Sie müssen nichts tun. Sollte es der Schlüssel gewesen sein, fügen Sie ihn einzeln hinzu.",
    ],
  },
  "several-certificates": {
    en: [
      "An import is one certificate with its chain and its key. Several were there that could stand for a site; the one that fits the key or the request, else the one that lasts longest, was taken.",
      "If it is the wrong one, press “Take this one instead” beside the other.",
    ],
    de: [
      "Ein Import ist ein Zertifikat mit Kette und Schlüssel. Es gab mehrere, die für eine Seite stehen können; genommen wurde, was zum Schlüssel oder zur Anforderung passt, sonst was am längsten gilt.",
      "Ist es das falsche, klicken Sie beim anderen auf „Stattdessen dieses nehmen“.",
    ],
  },
  "several-keys": {
    en: [
      "Only one key can fit a certificate, and that can be calculated. The others belong to other certificates; they were looked at in memory and forgotten.",
      "You need not do anything. Think about whether a file with several private keys should lie where you found it.",
    ],
    de: [
      "Zu einem Zertifikat passt nur ein Schlüssel, und das lässt sich errechnen. Die anderen gehören zu anderen Zertifikaten; sie wurden im Arbeitsspeicher angesehen und vergessen.",
      "Sie müssen nichts tun. Überlegen Sie, ob eine Datei mit mehreren privaten Schlüsseln dort liegen sollte, wo Sie sie fanden.",
    ],
  },
  "expires-soon": {
    en: [
      "It works today and ends before long. Installing it takes as much work as installing the next one.",
      "Look in Orders whether the next one is issued already. If not, order it before you go on.",
    ],
    de: [
      "Es funktioniert heute und endet bald. Es zu installieren macht so viel Arbeit wie beim nächsten.",
      "Sehen Sie unter Bestellungen nach, ob das nächste schon ausgestellt ist. Wenn nicht, bestellen Sie es, bevor Sie weitermachen.",
    ],
  },
  "older-certificate": {
    en: [
      "For this order there is a certificate here already that lasts longer. Mostly this is a mail from before the reissue.",
      "Import it only if you need the older one, for example because a server still has its key. The newer one stays the current version.",
    ],
    de: [
      "Zu dieser Bestellung ist schon ein Zertifikat hier, das länger gilt. Meist ist das eine E-Mail aus der Zeit vor der Neuausstellung.",
      "Importieren Sie es nur, wenn Sie das ältere brauchen, etwa weil ein Server noch dessen Schlüssel hat. Das neuere bleibt die aktuelle Version.",
    ],
  },
  "key-changed": {
    en: [
      "The certificate was reissued with a new key. That is good practice, and a trap: if only the certificate is exchanged on a server, it fits the old key no more and the server does not start.",
      "Exchange both together, on every server that has the old pair.",
    ],
    de: [
      "Das Zertifikat wurde mit einem neuen Schlüssel neu ausgestellt. Das ist guter Brauch und eine Falle: Wird auf einem Server nur das Zertifikat getauscht, passt es nicht mehr zum alten Schlüssel, und der Server startet nicht.",
      "Tauschen Sie beides zusammen, auf jedem Server mit dem alten Paar.",
    ],
  },
  "validity-too-long": {
    en: [
      "Browsers accept public certificates only up to a length that gets shorter over the years. One that is valid longer is refused, however right it is otherwise.",
      "A company's own CA is not bound by that in all browsers; Apple devices apply a limit to it too. A public CA would have to reissue it.",
    ],
    de: [
      "Browser nehmen öffentliche Zertifikate nur bis zu einer Laufzeit an, die über die Jahre kürzer wird. Was länger gilt, lehnen sie ab, auch wenn sonst alles stimmt.",
      "Für eine firmeneigene CA gilt das nicht in allen Browsern; Apple-Geräte setzen auch ihr eine Grenze. Eine öffentliche CA müsste neu ausstellen.",
    ],
  },
  "must-staple": {
    en: [
      "The certificate demands that the server shows, with every connection, a fresh proof of the CA that it is not revoked (OCSP stapling). Where the proof is missing, Firefox for one does not connect.",
      "Switch it on: in nginx with “ssl_stapling on”, in Apache with “SSLUseStapling on”. If your server cannot do it, have the certificate reissued without this demand.",
    ],
    de: [
      "Das Zertifikat verlangt, dass der Server bei jeder Verbindung einen frischen Nachweis der CA vorzeigt, dass es nicht widerrufen ist (OCSP-Stapling). Fehlt der Nachweis, verbindet sich zum Beispiel Firefox nicht.",
      "Schalten Sie es ein: in nginx mit „ssl_stapling on“, in Apache mit „SSLUseStapling on“. Kann Ihr Server das nicht, lassen Sie das Zertifikat ohne diese Forderung neu ausstellen.",
    ],
  },
  "no-server-auth-eku": {
    en: [
      "A certificate should say what it is for, and this one says nothing. Most clients then allow everything; some, among them Apple devices, insist on “server”.",
      "Try it with the devices that matter, or have the company's own CA add the use serverAuth.",
    ],
    de: [
      "Ein Zertifikat soll sagen, wofür es ist, und dieses sagt nichts. Die meisten Clients erlauben dann alles; manche, darunter Apple-Geräte, bestehen auf „Server“.",
      "Probieren Sie es mit den Geräten, auf die es ankommt, oder lassen Sie die firmeneigene CA die Verwendung serverAuth eintragen.",
    ],
  },
  "nonconforming-profile": {
    en: [
      "The certificate departs from a rule of the CA/Browser Forum in the point named. Some clients overlook that and others do not, so that it works for some visitors only.",
      "A public CA has to correct that; send it the text of this finding. With a company's own CA, try it with all clients that matter.",
    ],
    de: [
      "Das Zertifikat weicht im genannten Punkt von einer Regel des CA/Browser Forum ab. Manche Clients übersehen das, andere nicht; es funktioniert also nur bei manchen Besuchern.",
      "Eine öffentliche CA muss das berichtigen; senden Sie ihr den Text dieses Befunds. Bei einer firmeneigenen CA probieren Sie es mit allen Clients, auf die es ankommt.",
    ],
  },
  "private-key-in-email": {
    en: [
      "A mail passes several servers, lies in mailboxes and backups, and is forwarded. Whoever has read it there can pass for your site as long as the certificate is valid.",
      "Import it if you must, and delete the mail. Then make a new key where it will be used, have the certificate reissued, and the old one revoked.",
    ],
    de: [
      "Eine E-Mail geht über mehrere Server, liegt in Postfächern und Sicherungen und wird weitergeleitet. Wer sie dort gelesen hat, kann sich als Ihre Seite ausgeben, solange das Zertifikat gilt.",
      "Importieren Sie ihn, wenn es sein muss, und löschen Sie die E-Mail. Erzeugen Sie dann dort, wo er gebraucht wird, einen neuen Schlüssel, lassen Sie neu ausstellen und das alte Zertifikat widerrufen.",
    ],
  },
  "chain-reordered": {
    en: [
      "A server has to send your certificate first, then each one's issuer. The files came in another order; some servers refuse such a bundle.",
      "You need not do anything. The list below shows what moved; that order is what is stored and downloaded.",
    ],
    de: [
      "Ein Server muss zuerst Ihr Zertifikat senden, dann jeweils den Aussteller. Die Dateien kamen in anderer Reihenfolge; manche Server lehnen ein solches Bundle ab.",
      "Sie müssen nichts tun. Die Liste unten zeigt, was verschoben wurde; in dieser Reihenfolge wird gespeichert und heruntergeladen.",
    ],
  },
  "text-repaired": {
    en: [
      "Mail programs and chats break lines anew, put quote marks before them, or turn hyphens into dashes. The content can be restored from that without guessing.",
      "You need not do anything. A download has the text in its proper form.",
    ],
    de: [
      "Mailprogramme und Chats brechen Zeilen um, setzen Zitatzeichen davor oder machen aus Bindestrichen Gedankenstriche. Der Inhalt lässt sich daraus wiederherstellen, ohne zu raten.",
      "Sie müssen nichts tun. Ein Download enthält den Text in der richtigen Form.",
    ],
  },
  "key-converted": {
    en: [
      "Private keys come in several wrappings. Inside is the same number; only the wrapping is changed, to the one that every server of today reads.",
      "You need not do anything. A passphrase is no longer needed afterwards: the vault seals the key.",
    ],
    de: [
      "Private Schlüssel gibt es in mehreren Verpackungen. Innen ist dieselbe Zahl; gewechselt wird nur die Verpackung, in die, die heute jeder Server liest.",
      "Sie müssen nichts tun. Eine Kennphrase ist danach nicht mehr nötig: Der Tresor versiegelt den Schlüssel.",
    ],
  },
  "pkcs12-converted": {
    en: [
      "Older Windows and Java programs lock PFX files with ciphers that can be broken today. Such a file protects its key badly, wherever copies of it lie.",
      "You need not do anything here. Delete the old file once this has been imported.",
    ],
    de: [
      "Ältere Windows- und Java-Programme verschließen PFX-Dateien mit Chiffren, die sich heute brechen lassen. Eine solche Datei schützt ihren Schlüssel schlecht, wo immer Kopien davon liegen.",
      "Hier müssen Sie nichts tun. Löschen Sie die alte Datei, sobald dies importiert ist.",
    ],
  },
} as const satisfies Record<FindingId, Readonly<Record<"en" | "de", More>>>;

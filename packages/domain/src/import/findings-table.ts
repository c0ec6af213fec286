import type { Right } from "../actor.ts";

/** `fixed`: done for the person, and shown. `warning`: import allowed, noted. `blocked`: nothing is stored. */
export type Severity = "fixed" | "warning" | "blocked";

/** What was seen and why it matters, then the one thing to do. `{name}` stands for a parameter of the finding. */
type Sentences = readonly [what: string, todo: string];

export interface FindingRule {
  readonly severity: Severity;
  /** Who may import all the same, with a reason that is kept. Without it nobody may. */
  readonly override?: Right;
  /** When it is found. */
  readonly when: string;
  readonly en: Sentences;
  readonly de: Sentences;
}

const nothingToDo = { en: "Nothing to do.", de: "Nichts zu tun." } as const;
const freshCopy = {
  en: "Take it from the CA's mail once more, or attach the file itself.",
  de: "Nehmen Sie sie noch einmal aus der E-Mail der CA, oder hängen Sie die Datei selbst an.",
} as const;
const bundle = {
  en: "Take the CA bundle from the same mail, or ask the CA to send it again.",
  de: "Nehmen Sie das CA-Bundle aus derselben E-Mail, oder bitten Sie die CA, sie erneut zu senden.",
} as const;
const reissue = {
  en: "Make a new key and have the certificate reissued.",
  de: "Erzeugen Sie einen neuen Schlüssel und lassen Sie das Zertifikat neu ausstellen.",
} as const;

/** Every finding there is, by its stable id. Severity and sentences are facts of the id, not of the place that found it. */
export const findingRules = {
  "empty-input": {
    severity: "blocked",
    when: "every file and text is empty",
    en: ["There is nothing in it.", "Choose the file or text the CA sent."],
    de: ["Es ist nichts darin.", "Wählen Sie die Datei oder den Text, den die CA geschickt hat."],
  },
  "not-a-certificate": {
    severity: "blocked",
    when: "nothing known was recognised in an input",
    en: [
      "We found neither a certificate nor a key here.",
      "Drop the CA's mail, its ZIP, or the text from BEGIN to END.",
    ],
    de: [
      "Hier fanden wir weder Zertifikat noch Schlüssel.",
      "Legen Sie die E-Mail der CA, ihr ZIP oder den Text von BEGIN bis END ab.",
    ],
  },
  "missing-certificate": {
    severity: "blocked",
    when: "there is a key, and no certificate",
    en: [
      "This is a private key; the certificate is not here.",
      "Add the certificate that came back from the CA.",
    ],
    de: [
      "Das ist ein privater Schlüssel; das Zertifikat fehlt.",
      "Fügen Sie das Zertifikat hinzu, das von der CA zurückkam.",
    ],
  },
  "missing-key": {
    severity: "blocked",
    when: "the key is to be kept, and none was given",
    en: [
      "The private key for {name} is not here.",
      "Add the key made together with the CSR, or keep the certificate only.",
    ],
    de: [
      "Der private Schlüssel für {name} fehlt.",
      "Fügen Sie den Schlüssel hinzu, der mit der CSR entstand, oder behalten Sie nur das Zertifikat.",
    ],
  },
  "key-mismatch": {
    severity: "blocked",
    when: "no key given has the certificate's public key",
    en: [
      "This private key does not belong to {name}.",
      "Use the key made together with this order's CSR, or ask the CA to reissue.",
    ],
    de: [
      "Dieser private Schlüssel gehört nicht zu {name}.",
      "Nehmen Sie den Schlüssel, der mit der CSR dieser Bestellung entstand, oder bitten Sie die CA um Neuausstellung.",
    ],
  },
  "malformed-pem": {
    severity: "blocked",
    when: "an armoured block is cut off, or holds what is not base64",
    en: [
      "Part of a text block ({label}) is missing or damaged.",
      "Copy again from -----BEGIN to END-----, or attach the file.",
    ],
    de: [
      "Ein Teil eines Textblocks ({label}) fehlt oder ist beschädigt.",
      "Kopieren Sie noch einmal von -----BEGIN bis END-----, oder hängen Sie die Datei an.",
    ],
  },
  "malformed-certificate": {
    severity: "blocked",
    when: "bytes that mean to be a certificate do not follow X.690 and RFC 5280",
    en: [
      "A certificate is damaged or does not follow the standard, and clients refuse it.",
      "Take it from the CA's mail once more; if it stays so, ask the CA to reissue.",
    ],
    de: [
      "Ein Zertifikat ist beschädigt oder entspricht nicht dem Standard; Clients lehnen es ab.",
      "Nehmen Sie es noch einmal aus der E-Mail der CA; bleibt es so, bitten Sie um Neuausstellung.",
    ],
  },
  "malformed-key": {
    severity: "blocked",
    when: "bytes that mean to be a private key cannot be read",
    en: ["The private key is damaged and cannot be read.", "Copy the whole file where the CSR was made."],
    de: [
      "Der private Schlüssel ist beschädigt und nicht lesbar.",
      "Kopieren Sie die ganze Datei von dort, wo die CSR entstand.",
    ],
  },
  "malformed-pkcs12": {
    severity: "blocked",
    when: "a PKCS#12 file cannot be read to its end",
    en: ["This PFX (PKCS#12) file is damaged and cannot be read.", "Export it once more where it was made."],
    de: [
      "Diese PFX-Datei (PKCS#12) ist beschädigt und nicht lesbar.",
      "Exportieren Sie sie dort noch einmal, wo sie entstand.",
    ],
  },
  "malformed-pkcs7": {
    severity: "blocked",
    when: "a PKCS#7 file cannot be read, or holds no certificate",
    en: ["This P7B (PKCS#7) file is damaged or holds no certificate.", freshCopy.en],
    de: ["Diese P7B-Datei (PKCS#7) ist beschädigt oder enthält kein Zertifikat.", freshCopy.de],
  },
  "malformed-zip": {
    severity: "blocked",
    when: "an archive cannot be read to its end",
    en: ["This ZIP is damaged.", "Save it from the mail once more, or drop the whole mail."],
    de: [
      "Dieses ZIP ist beschädigt.",
      "Speichern Sie es noch einmal aus der E-Mail, oder legen Sie die ganze E-Mail ab.",
    ],
  },
  "encrypted-zip": {
    severity: "blocked",
    when: "an archive needs a password",
    en: ["This ZIP is protected by a password.", "Unpack it yourself and drop the files."],
    de: [
      "Dieses ZIP ist mit einem Passwort geschützt.",
      "Entpacken Sie es selbst und legen Sie die Dateien ab.",
    ],
  },
  "unsupported-format": {
    severity: "blocked",
    when: "an input is known by name only",
    en: ["This is: {format}. Sealpost does not read it.", "Convert it to PEM, or drop the CA's mail or ZIP."],
    de: [
      "Das ist: {format}. Sealpost liest es nicht.",
      "Wandeln Sie es in PEM um, oder legen Sie E-Mail oder ZIP der CA ab.",
    ],
  },
  "unsupported-key": {
    severity: "blocked",
    when: "the key's algorithm is of no use to a TLS server",
    en: ["No TLS server can use a key of this kind: {keyType}.", reissue.en],
    de: ["Mit einem Schlüssel dieser Art kann kein TLS-Server arbeiten: {keyType}.", reissue.de],
  },
  "unsupported-key-format": {
    severity: "blocked",
    when: "a key lies in a container for another purpose, or behind a cipher nobody offers any more",
    en: [
      "This is no key file for TLS: {format}.",
      "Take the key made together with the CSR; it starts with BEGIN PRIVATE KEY, BEGIN RSA PRIVATE KEY or BEGIN EC PRIVATE KEY.",
    ],
    de: [
      "Das ist keine Schlüsseldatei für TLS: {format}.",
      "Nehmen Sie den Schlüssel, der mit der CSR entstand; er beginnt mit BEGIN PRIVATE KEY, BEGIN RSA PRIVATE KEY oder BEGIN EC PRIVATE KEY.",
    ],
  },
  "passphrase-required": {
    severity: "blocked",
    when: "an encrypted key or PKCS#12 file, and no passphrase",
    en: [
      "This private key is protected by a passphrase.",
      "Enter it to continue; it is used once and not kept.",
    ],
    de: [
      "Dieser private Schlüssel ist durch eine Kennphrase geschützt.",
      "Geben Sie sie ein; sie wird einmal benutzt und nicht behalten.",
    ],
  },
  "wrong-passphrase": {
    severity: "blocked",
    when: "the passphrase opens neither key nor PKCS#12 file",
    en: [
      "That passphrase did not open the private key.",
      "Try again: upper and lower case count; check for a space at the end.",
    ],
    de: [
      "Diese Kennphrase hat den privaten Schlüssel nicht geöffnet.",
      "Versuchen Sie es erneut: Groß- und Kleinschreibung zählt; prüfen Sie auf ein Leerzeichen am Ende.",
    ],
  },
  "csr-given": {
    severity: "blocked",
    when: "there is a certificate request, and no certificate",
    en: [
      "This is a certificate signing request (CSR), the thing you send to the CA.",
      "Add the certificate that came back; it starts with BEGIN CERTIFICATE.",
    ],
    de: [
      "Das ist eine Zertifikatssignieranforderung (CSR), also das, was Sie an die CA schicken.",
      "Fügen Sie das Zertifikat hinzu, das zurückkam; es beginnt mit BEGIN CERTIFICATE.",
    ],
  },
  "public-key-given": {
    severity: "blocked",
    when: "there is a bare public key where a certificate or private key was meant",
    en: [
      "This is a public key, which belongs to a certificate but is none.",
      "Add the certificate and the private key.",
    ],
    de: [
      "Das ist ein öffentlicher Schlüssel; er gehört zu einem Zertifikat, ist aber keines.",
      "Fügen Sie Zertifikat und privaten Schlüssel hinzu.",
    ],
  },
  "crl-given": {
    severity: "blocked",
    when: "there is a certificate revocation list where a certificate was meant",
    en: [
      "This is a list of revoked certificates (CRL), not a certificate.",
      "Add the certificate that came back; it starts with BEGIN CERTIFICATE.",
    ],
    de: [
      "Das ist eine Liste widerrufener Zertifikate (CRL), kein Zertifikat.",
      "Fügen Sie das Zertifikat hinzu, das zurückkam; es beginnt mit BEGIN CERTIFICATE.",
    ],
  },
  precertificate: {
    severity: "blocked",
    when: "the certificate carries the poison of RFC 6962 section 3.1",
    en: [
      "This is a precertificate, made for the public logs only; every client refuses it.",
      "Take the final certificate from the CA's mail or its console.",
    ],
    de: [
      "Das ist ein Vorzertifikat, nur für die öffentlichen Protokolle gemacht; jeder Client lehnt es ab.",
      "Nehmen Sie das endgültige Zertifikat aus der E-Mail oder der Konsole der CA.",
    ],
  },
  "ca-certificate-as-leaf": {
    severity: "blocked",
    when: "the only certificates are those of CAs",
    en: [
      "This is the CA's own certificate ({name}), not yours.",
      "Add the one with your domain name in it; it is usually a second file.",
    ],
    de: [
      "Das ist das eigene Zertifikat der CA ({name}), nicht Ihres.",
      "Fügen Sie das mit Ihrem Domänennamen hinzu; es ist meist eine zweite Datei.",
    ],
  },
  "wrong-usage": {
    severity: "blocked",
    when: "extended key usage without serverAuth, or a key usage that forbids TLS (RFC 5280 sections 4.2.1.3 and 4.2.1.12)",
    en: [
      "The certificate for {name} is not made for servers: its permitted uses are {usage}.",
      "Take the server certificate of this order, or ask the CA to reissue.",
    ],
    de: [
      "Das Zertifikat für {name} ist nicht für Server gemacht: Erlaubt sind {usage}.",
      "Nehmen Sie das Serverzertifikat dieser Bestellung, oder bitten Sie die CA um Neuausstellung.",
    ],
  },
  "unknown-critical-extension": {
    severity: "blocked",
    when: "a critical extension nobody here knows (RFC 5280 section 4.2)",
    en: [
      "{name} demands that clients know the extension {oid}, and they do not; they refuse it.",
      "Ask the CA to reissue without it.",
    ],
    de: [
      "{name} verlangt von Clients die Erweiterung {oid}, die sie nicht kennen; sie lehnen es ab.",
      "Bitten Sie die CA um Neuausstellung ohne sie.",
    ],
  },
  "bad-signature": {
    severity: "blocked",
    when: "what bears the issuer's name did not sign the certificate",
    en: [
      "The signature on {name} was not made by {issuer}: one of the two is altered or of another time.",
      bundle.en,
    ],
    de: [
      "Die Signatur von {name} stammt nicht von {issuer}: Eines von beiden ist verändert oder aus anderer Zeit.",
      bundle.de,
    ],
  },
  "invalid-chain": {
    severity: "blocked",
    when: "an issuer may not issue this: path length, basic constraints, key usage, name constraints (RFC 5280 section 6.1)",
    en: ["The chain of {name} does not hold at {issuer} ({reason}); clients refuse it.", bundle.en],
    de: ["Die Kette von {name} hält bei {issuer} nicht ({reason}); Clients lehnen sie ab.", bundle.de],
  },
  "expired-intermediate": {
    severity: "blocked",
    when: "every way up leads through a certificate that has expired",
    en: ["The intermediate certificate {issuer} above {name} expired on {at}.", bundle.en],
    de: ["Das Zwischenzertifikat {issuer} über {name} ist am {at} abgelaufen.", bundle.de],
  },
  "handshake-failed": {
    severity: "blocked",
    when: "a TLS client refused exactly these bytes",
    en: [
      "A TLS client refused {name} with these files ({reason}).",
      "Take certificate and bundle from the same mail.",
    ],
    de: [
      "Ein TLS-Client hat {name} mit diesen Dateien abgelehnt ({reason}).",
      "Nehmen Sie Zertifikat und Bundle aus derselben E-Mail.",
    ],
  },
  expired: {
    severity: "blocked",
    when: "the certificate's last moment is over",
    en: [
      "The certificate for {name} expired on {at}.",
      "Look for a newer mail, or have the CA send it again.",
    ],
    de: [
      "Das Zertifikat für {name} ist am {at} abgelaufen.",
      "Suchen Sie eine neuere E-Mail, oder lassen Sie sie von der CA erneut senden.",
    ],
  },
  "not-yet-valid": {
    severity: "blocked",
    when: "the certificate's first moment is still to come",
    en: [
      "The certificate for {name} is valid only from {at}.",
      "Import it then, or check this machine's clock.",
    ],
    de: [
      "Das Zertifikat für {name} gilt erst ab {at}.",
      "Importieren Sie es dann, oder prüfen Sie die Uhr dieses Rechners.",
    ],
  },
  "other-order": {
    severity: "blocked",
    when: "the certificate's key is not that of the chosen order's CSR",
    en: [
      "The certificate for {name} was not made for order {order} ({ordered}): its key is another one than the order's CSR.",
      "Choose the order it belongs to, or use the mail of this order.",
    ],
    de: [
      "Das Zertifikat für {name} wurde nicht für Bestellung {order} ({ordered}) ausgestellt: Sein Schlüssel ist ein anderer als in der CSR der Bestellung.",
      "Wählen Sie die Bestellung, zu der es gehört, oder nehmen Sie die E-Mail dieser Bestellung.",
    ],
  },
  "hostname-mismatch": {
    severity: "blocked",
    override: "certificates:override",
    when: "an ordered name is not among the certificate's names (RFC 9525: SubjectAltName only)",
    en: [
      "These names were ordered and are not in the certificate: {missing}. It covers {covered}; a wildcard covers one label and not the bare domain.",
      "Choose the order it belongs to, or ask the CA to reissue.",
    ],
    de: [
      "Diese Namen wurden bestellt und stehen nicht im Zertifikat: {missing}. Es enthält {covered}; ein Platzhalter gilt für eine Ebene und nicht für die Domäne selbst.",
      "Wählen Sie die Bestellung, zu der es gehört, oder bitten Sie die CA um Neuausstellung.",
    ],
  },
  "weak-key": {
    severity: "blocked",
    when: "an RSA key below the Baseline Requirements section 6.1.5",
    en: ["The key is {keyType}; no public CA accepts less than {shortest} bits.", reissue.en],
    de: [
      "Der Schlüssel ist {keyType}; keine öffentliche CA nimmt weniger als {shortest} Bit an.",
      reissue.de,
    ],
  },
  "weak-signature": {
    severity: "blocked",
    when: "signed with MD5 or SHA-1 (Baseline Requirements section 7.1.3.2)",
    en: ["{name} is signed with {algorithm}, which clients no longer accept.", "Ask the CA to reissue."],
    de: [
      "{name} ist mit {algorithm} signiert; das nehmen Clients nicht mehr an.",
      "Bitten Sie die CA um Neuausstellung.",
    ],
  },
  "trailing-garbage": {
    severity: "blocked",
    when: "bytes follow the end of a certificate or key",
    en: [
      "Behind the end of the certificate or key stand {bytes} bytes that do not belong to it.",
      freshCopy.en,
    ],
    de: [
      "Hinter dem Ende des Zertifikats oder Schlüssels stehen {bytes} Bytes, die nicht dazugehören.",
      freshCopy.de,
    ],
  },
  "resource-limit": {
    severity: "blocked",
    when: "a limit is reached before expensive work starts",
    en: [
      "This is larger or costlier than any certificate needs (limit: {limit}); it was not opened.",
      "Drop only the certificate, its chain and its key.",
    ],
    de: [
      "Das ist größer oder aufwendiger, als ein Zertifikat es braucht (Grenze: {limit}); es wurde nicht geöffnet.",
      "Legen Sie nur das Zertifikat, seine Kette und seinen Schlüssel ab.",
    ],
  },
  "encrypted-email": {
    severity: "blocked",
    when: "a mail is encrypted with S/MIME or PGP",
    en: ["This mail is encrypted.", "Open it in your mail program and drop what is attached to it."],
    de: [
      "Diese E-Mail ist verschlüsselt.",
      "Öffnen Sie sie in Ihrem Mailprogramm und legen Sie ab, was daran hängt.",
    ],
  },
  "bounce-message": {
    severity: "blocked",
    when: "a delivery report or automatic answer without a certificate in it",
    en: [
      "This is a notice about a mail (undeliverable, or an automatic answer), not the CA's mail.",
      "Check the address of the order, then have the CA send the mail again.",
    ],
    de: [
      "Das ist eine Nachricht über eine E-Mail (unzustellbar oder automatische Antwort), nicht die E-Mail der CA.",
      "Prüfen Sie die Adresse der Bestellung, und lassen Sie die E-Mail dann von der CA erneut senden.",
    ],
  },
  "missing-intermediate": {
    severity: "warning",
    when: "the way up ends below a root",
    en: [
      "The certificate that issued {name} is missing: {issuer}. Without it phones and many programs refuse the site.",
      "Add the CA bundle from the mail.",
    ],
    de: [
      "Das Zertifikat, das {name} ausgestellt hat, fehlt: {issuer}. Ohne es lehnen Telefone und viele Programme die Seite ab.",
      "Fügen Sie das CA-Bundle aus der E-Mail hinzu.",
    ],
  },
  "untrusted-root": {
    severity: "warning",
    when: "the way up ends in a root that is not among the trusted ones",
    en: [
      "The chain of {name} ends in {root}, which browsers do not trust.",
      "That is right for a company's own CA only.",
    ],
    de: [
      "Die Kette von {name} endet in {root}, dem Browser nicht vertrauen.",
      "Das ist nur bei einer firmeneigenen CA richtig.",
    ],
  },
  "self-signed": {
    severity: "warning",
    when: "the certificate signed itself",
    en: ["{name} is self-signed.", "Browsers will warn of it; use it inside your own systems only."],
    de: [
      "{name} ist selbstsigniert.",
      "Browser werden davor warnen; benutzen Sie es nur in eigenen Systemen.",
    ],
  },
  "root-included": {
    severity: "warning",
    when: "a root lies among what was given",
    en: ["The root {root} came along; clients have it themselves.", "It is left out."],
    de: ["Das Stammzertifikat {root} war dabei; Clients haben es selbst.", "Es wird weggelassen."],
  },
  "unrelated-certificates": {
    severity: "warning",
    when: "a CA certificate lies on no way up from this certificate",
    en: ["These certificates do not belong to the chain: {names}.", "They are left out."],
    de: ["Diese Zertifikate gehören nicht zur Kette: {names}.", "Sie werden weggelassen."],
  },
  "duplicate-certificates": {
    severity: "warning",
    when: "a certificate was given more than once",
    en: ["Certificates that were there more than once: {names}.", "Each is kept once."],
    de: ["Mehrfach vorhandene Zertifikate: {names}.", "Jedes wird einmal behalten."],
  },
  "file-left-out": {
    severity: "warning",
    when: "a file that cannot be used lies beside all that is needed",
    en: ["This file was not needed.", "It is left out."],
    de: ["Diese Datei wurde nicht gebraucht.", "Sie wird weggelassen."],
  },
  "several-certificates": {
    severity: "warning",
    when: "there was more than one certificate that could have been meant",
    en: [
      "There is more than one certificate. This import takes {name}, valid until {at}, and leaves out {others}.",
      "Import the others one by one.",
    ],
    de: [
      "Es sind mehrere Zertifikate. Dieser Import nimmt {name}, gültig bis {at}, und lässt {others} weg.",
      "Importieren Sie die anderen einzeln.",
    ],
  },
  "several-keys": {
    severity: "warning",
    when: "there was more than one private key",
    en: ["There were {count} private keys. We took the one that fits {name}.", "The others are not kept."],
    de: [
      "Es gab {count} private Schlüssel. Wir nahmen den, der zu {name} passt.",
      "Die anderen werden nicht behalten.",
    ],
  },
  "expires-soon": {
    severity: "warning",
    when: "30 days or less are left, or less than a third of a shorter life",
    en: [
      "The certificate for {name} ends on {at}.",
      "Look whether a newer one was issued, and order the next in time.",
    ],
    de: [
      "Das Zertifikat für {name} endet am {at}.",
      "Sehen Sie nach, ob ein neueres ausgestellt wurde, und bestellen Sie das nächste rechtzeitig.",
    ],
  },
  "older-certificate": {
    severity: "warning",
    when: "the order's current version ends later",
    en: [
      "The certificate for {name} ends on {at}; version {version}, which is here already, ends on {laterAt}.",
      "Look whether there is a newer mail. Imported all the same, it is kept as an earlier version.",
    ],
    de: [
      "Das Zertifikat für {name} endet am {at}; Version {version}, die schon hier ist, endet am {laterAt}.",
      "Sehen Sie nach, ob es eine neuere E-Mail gibt. Trotzdem importiert, wird es als frühere Version behalten.",
    ],
  },
  "key-changed": {
    severity: "warning",
    when: "its public key is another one than that of the order's current version",
    en: [
      "The certificate for {name} has another key than version {version}, imported on {at}.",
      "Where you install it, replace the key together with the certificate.",
    ],
    de: [
      "Das Zertifikat für {name} hat einen anderen Schlüssel als Version {version}, importiert am {at}.",
      "Tauschen Sie dort, wo Sie es installieren, den Schlüssel mit dem Zertifikat aus.",
    ],
  },
  "validity-too-long": {
    severity: "warning",
    when: "longer than the Baseline Requirements section 6.3.2 allowed on its first day",
    en: [
      "The certificate for {name} is valid for {days} days; browsers accept {most} for one of its date.",
      "That is right for a company's own CA only.",
    ],
    de: [
      "Das Zertifikat für {name} gilt {days} Tage; Browser nehmen bei seinem Datum {most} an.",
      "Das ist nur bei einer firmeneigenen CA richtig.",
    ],
  },
  "must-staple": {
    severity: "warning",
    when: "the TLS feature extension demands a stapled OCSP answer (RFC 7633)",
    en: [
      "{name} demands OCSP stapling: where the server does not staple, clients refuse it.",
      "Switch stapling on, or have it reissued without.",
    ],
    de: [
      "{name} verlangt OCSP-Stapling: Wo der Server es nicht liefert, lehnen Clients ab.",
      "Schalten Sie Stapling ein, oder lassen Sie es ohne neu ausstellen.",
    ],
  },
  "no-server-auth-eku": {
    severity: "warning",
    when: "there is no extended key usage at all",
    en: [
      "{name} does not say that it is for servers (no extended key usage).",
      "Public CAs must say so; that is right for a company's own CA only.",
    ],
    de: [
      "{name} sagt nicht, dass es für Server ist (keine erweiterte Schlüsselverwendung).",
      "Öffentliche CAs müssen das; es ist nur bei einer firmeneigenen CA richtig.",
    ],
  },
  "nonconforming-profile": {
    severity: "warning",
    when: "works in some clients, and breaks a rule of the Baseline Requirements that others enforce",
    en: [
      "{name} breaks a rule that some clients enforce ({reason}).",
      "Ask the CA to reissue if it is a public one.",
    ],
    de: [
      "{name} verletzt eine Regel, die manche Clients durchsetzen ({reason}).",
      "Bitten Sie um Neuausstellung, wenn es eine öffentliche CA ist.",
    ],
  },
  "private-key-in-email": {
    severity: "warning",
    when: "a private key lies in a mail",
    en: [
      "A private key came by mail; others may have read it.",
      "Better make a new key and have the certificate reissued.",
    ],
    de: [
      "Ein privater Schlüssel kam per E-Mail; andere können ihn gelesen haben.",
      "Besser einen neuen Schlüssel erzeugen und das Zertifikat neu ausstellen lassen.",
    ],
  },
  "chain-reordered": {
    severity: "fixed",
    when: "the certificates came in another order than servers send them",
    en: ["We put the chain in order: {order}.", nothingToDo.en],
    de: ["Wir haben die Kette geordnet: {order}.", nothingToDo.de],
  },
  "text-repaired": {
    severity: "fixed",
    when: "a text was altered on its way",
    en: ["The text was altered on its way (line breaks, quote marks). We restored it.", nothingToDo.en],
    de: [
      "Der Text wurde unterwegs verändert (Zeilenumbrüche, Zitatzeichen). Wir haben ihn wiederhergestellt.",
      nothingToDo.de,
    ],
  },
  "key-converted": {
    severity: "fixed",
    when: "the key came in another container than it is stored in",
    en: [
      "The private key is stored as unencrypted PKCS#8, sealed in the vault (it came as {from}).",
      nothingToDo.en,
    ],
    de: [
      "Der private Schlüssel wird als unverschlüsseltes PKCS#8 gespeichert, versiegelt im Tresor (er kam als {from}).",
      nothingToDo.de,
    ],
  },
  "pkcs12-converted": {
    severity: "fixed",
    when: "a PKCS#12 file uses a cipher that is no longer offered",
    en: ["This PFX uses an old cipher ({cipher}). We opened it.", nothingToDo.en],
    de: ["Diese PFX-Datei benutzt eine alte Chiffre ({cipher}). Wir haben sie geöffnet.", nothingToDo.de],
  },
} as const satisfies Record<string, FindingRule>;

export type FindingId = keyof typeof findingRules;

import type { MailTopic } from "@sealpost/domain";

/** Tried in this order: a warning that a certificate expires also says that it was issued, an order's receipt that it will be. */
const inSubject: ReadonlyArray<readonly [MailTopic, RegExp]> = [
  [
    "expiry",
    /\b(?:expir(?:y|es|ed|ing|ation)|renewal (?:reminder|notice)|(?:time|due) to renew|renew (?:your|now)|expire bient[oô]t|caduca|scad(?:e|enza))|l[äa]uft\b.{0,60}\bab\b|ablauf/iu,
  ],
  [
    "confirmation",
    /\b(?:confirmation|order (?:was |has been )?(?:received|placed)|(?:was|has been) received|receipt|invoice|thank you for your order|confirmation de commande)|(?:bestell|auftrags|eingangs)best[äa]tigung|rechnung/iu,
  ],
  [
    "approval",
    /\b(?:domain (?:control )?validation|domain validation (?:needed|required)|validat(?:e|ion)|verif(?:y|ication)|approv(?:al|e)|information required|action required|validation de domaine)|domain(?:-| )?validierung|freigabe|best[äa]tigen sie|pr[üu]fung/iu,
  ],
  [
    "issued",
    /\b(?:enrol?lment successful|certificates?\b.{0,120}\b(?:issued|ready|attached|available|complete[d]?)|(?:issued|ready|attached)\b.{0,60}\bcertificate|order\b.{0,60}\bcomplete[d]?|your .{0,80}\bcertificate for|certificat\b.{0,120}\b(?:[ée]mis|disponible|pr[êe]t))|zertifikat\b.{0,120}\b(?:ausgestellt|bereit|verf[üu]gbar|fertig)/iu,
  ],
];

/** Only what is said of a certificate: of everything else people write, too, that it is ready. */
const inText: ReadonlyArray<readonly [MailTopic, RegExp]> = [
  ["expiry", /\bcertificate\b[^.\n]{0,120}\b(?:expires|will expire|is about to expire|has expired)/iu],
  [
    "approval",
    /\b(?:approve|validate|verify)\b[^.\n]{0,80}\b(?:order|certificate|domain|request)\b[^\n]{0,40}(?:here|link|below|:)/iu,
  ],
  [
    "issued",
    /\b(?:your|the)\b[^\n]{0,120}\bcertificate\b[^\n]{0,120}\b(?:has been issued|is (?:now )?(?:ready|attached|available))|\bzertifikat\b[^\n]{0,120}\b(?:wurde ausgestellt|ist bereit|steht bereit)/iu,
  ],
];

/** Without one of these, what is confirmed, approved or ready is something else. */
const ofCertificates = /certificat|zertifikat|\b(?:ssl|tls|dcv)\b|ssl\b|domain (?:control )?validation/iu;

/** What a mail is about, by its subject, or where that says nothing known by its text. */
export function topicOf(subject: string, text: string): MailTopic | null {
  if (!ofCertificates.test(subject) && !ofCertificates.test(text)) return null;
  const first = (said: string, words: typeof inSubject) =>
    words.find(([, pattern]) => pattern.test(said))?.[0];
  return first(subject.slice(0, 1000), inSubject) ?? first(text, inText) ?? null;
}

/** Somebody answers somebody; what is forwarded is not one. */
export function isReply(subject: string): boolean {
  return /^\s*(?:re|aw|antw|sv|vs|r[ée]p|ref|odp)(?:\[\d+\]|\^\d+)?\s*:/iu.test(subject);
}

import { z } from "zod";

// The Certificates API's JSON as its specification has it, versions 1 and 2 side by side: fields that one of them
// spells differently are both read. Only id and status of a certificate are leaned on; whatever else is odd counts as
// absent.

const loose = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null);
const text = loose(z.string());

/** A UUID by the specification. It goes into paths, so that nothing in it may lead elsewhere. */
const certificateId = z.string().regex(/^[\w-]{1,128}$/);

/** A name (v2), or a name with the state of its check (v1). */
const subjectAlternativeName = z.union([
  z.string(),
  z.object({ subjectAlternativeName: z.string() }).transform((checked) => checked.subjectAlternativeName),
]);

export const wireRow = z.object({
  certificateId,
  status: z.string(),
  commonName: text,
  createdAt: text,
  type: text,
  productType: text,
  validStartAt: text,
  validStart: text,
  validEndAt: text,
  validEnd: text,
  subjectAlternativeNames: loose(z.array(loose(subjectAlternativeName))),
});
export type WireRow = z.infer<typeof wireRow>;

/** The page links stand in `pagination` too; they are not read, so that no answer leads a call elsewhere. */
export const wireList = z.object({
  certificates: z.array(wireRow),
  pagination: loose(z.object({ total: loose(z.int().nonnegative()) })),
});

export const wireDetail = wireRow.extend({
  contact: loose(z.object({ email: text })),
  csr: text,
});
export type WireDetail = z.infer<typeof wireDetail>;

/** Without `body`, the text of the mail: it may be confidential, and nobody here needs it. */
const mail = z.object({
  id: z.union([z.int().nonnegative().transform(String), z.string().regex(/^\d{1,20}$/)]),
  templateType: text,
  subject: text,
  recipients: loose(z.union([z.string(), z.array(z.string()).transform((all) => all.join(","))])),
  dateEntered: text,
});
export type WireMail = z.infer<typeof mail>;

/** The schema has one mail where the text beside it speaks of all: one, a list, or a list with a name. */
export const wireHistory = z.union([
  z.array(mail),
  z.object({ history: z.array(mail) }).transform(({ history }) => history),
  mail.transform((only) => [only]),
]);

const pem = z.string().regex(/-----BEGIN CERTIFICATE-----/);

/** The root is handed out too; nobody installs it. */
export const wireDownload = z.object({
  pems: z.object({ certificate: pem, intermediate: loose(pem), cross: loose(pem) }),
});

/** `retryAfterSec` comes with a 429. */
export const wireFault = z.object({
  code: z.string(),
  message: text,
  fields: loose(z.array(z.object({ path: text, message: text }))),
  retryAfterSec: loose(z.number().nonnegative().max(1_000_000)),
});
export type WireFault = z.infer<typeof wireFault>;

import { z } from "zod";

// The Certificates API's JSON by the vendor's OpenAPI description, versions 1 and 2. Only id and status of an order are
// leaned on; whatever else is odd counts as absent.

const loose = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null);
const text = loose(z.string());

/** Version 1 lists names with their state, version 2 alone. */
const alternativeName = z.union([
  z.string(),
  z.object({ subjectAlternativeName: z.string() }).transform((one) => one.subjectAlternativeName),
]);

export const wireCertificate = z.object({
  certificateId: z.string().min(1),
  status: z.string(),
  commonName: text,
  type: text,
  productType: text,
  createdAt: text,
  /** Of version 2; version 1 has them without the ending. */
  validStartAt: text,
  validEndAt: text,
  validStart: text,
  validEnd: text,
  serialNumber: text,
  subjectAlternativeNames: loose(z.array(alternativeName)),
  contact: loose(z.object({ email: text })),
  csr: text,
});
export type WireCertificate = z.infer<typeof wireCertificate>;

export const wireList = z.object({
  certificates: z.array(wireCertificate),
  pagination: loose(z.object({ total: loose(z.int().nonnegative()) })),
});

/** What a mail says (`body`) is not taken over. */
const mail = z.object({
  /** A number, so that it can lead nowhere else in an address. */
  id: z.union([z.int().nonnegative(), z.string().regex(/^\d+$/)]).transform(String),
  templateType: text,
  recipients: text,
  dateEntered: text,
  subject: text,
});
export type WireMail = z.infer<typeof mail>;

/** One by the description, though its words say all; a list, or a list by name, in clients of the service. */
export const wireHistory = z.union([
  z.array(mail),
  z.object({ history: z.array(mail) }).transform(({ history }) => history),
  mail.transform((one) => [one]),
]);

export const wireDownload = z.object({
  pems: z.object({ certificate: z.string(), intermediate: text, cross: text }),
});

export const wireFault = z.object({
  code: z.string(),
  message: text,
  retryAfterSec: loose(z.number().nonnegative()),
});
export type WireFault = z.infer<typeof wireFault>;

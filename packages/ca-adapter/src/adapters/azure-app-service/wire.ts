import { z } from "zod";

// Microsoft.CertificateRegistration's JSON as its OpenAPI description 2022-03-01 has it, and the token endpoint's as in
// RFC 6749. Only id and status of an order are leaned on; whatever else is odd counts as absent. Orders come with their
// certificates in full: none is taken in here but where it is to be handed out.

const loose = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null);
const text = loose(z.string());

/** Resource groups have up to 90 characters. Azure compares ids without regard to case and writes them as it likes. */
const orderId =
  /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]{1,90})\/providers\/Microsoft\.CertificateRegistration\/certificateOrders\/([^/]{1,100})$/i;

/** `group/name`, in small letters: an order's identity within its subscription. */
const identity = z
  .string()
  .regex(orderId)
  .transform((id) => {
    const [, group = "", name = ""] = orderId.exec(id) ?? [];
    return `${group}/${name}`.toLowerCase();
  });

export const wireOrder = z.object({
  id: identity,
  properties: z.object({
    status: z.string(),
    distinguishedName: text,
    productType: text,
    csr: text,
    signedCertificate: loose(
      z.object({ serialNumber: text, subject: text, notBefore: text, notAfter: text }),
    ),
    contact: loose(z.object({ email: text })),
  }),
});
export type WireOrder = z.infer<typeof wireOrder>;

/** A link that is none ends no list: orders would seem to be gone. */
export const wireList = z.object({ value: z.array(wireOrder), nextLink: z.string().nullish() });

/** The same order, for whoever wants its certificates. */
export const wireFiles = z.object({
  properties: z.object({
    status: z.string(),
    signedCertificate: loose(z.object({ serialNumber: text, notBefore: text, rawData: text })),
    intermediate: loose(z.object({ rawData: text })),
  }),
});

export const wireMails = z.array(
  z.object({ properties: z.object({ emailId: z.string().min(1), timeStamp: text }) }),
);
export type WireMail = z.infer<typeof wireMails>[number];

/** "Error response" of Azure Resource Manager. */
export const wireFault = z.object({ error: z.object({ code: text, message: text }) });

/** RFC 6749 section 5.1. What RFC 6750 section 2.1 does not let into a header is no token. */
export const wireToken = z.object({
  access_token: z.string().regex(/^[A-Za-z0-9._~+/-]+=*$/),
  expires_in: loose(z.coerce.number().nonnegative()),
});

/** RFC 6749 section 5.2. */
export const wireRefusal = z.object({ error: z.string(), error_description: text });

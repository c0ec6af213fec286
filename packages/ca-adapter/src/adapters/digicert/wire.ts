import { z } from "zod";

// The Services API's JSON as documented ("List orders", "Order info", "List reissues", "List duplicates", "Errors") and
// as its clients have met it. Only number and status of an order are leaned on; whatever else is odd counts as absent.

const loose = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null);
const text = loose(z.string());
const number = z.union([
  z.int().nonnegative(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

const person = loose(z.object({ email: text }));

const product = loose(z.object({ name_id: text, name: text, type: text, validation_type: text }));

const certificate = z.object({
  id: loose(number),
  common_name: text,
  dns_names: loose(z.array(z.string())),
  date_issued: text,
  date_created: text,
  valid_from: text,
  valid_till: text,
  csr: text,
  status: text,
});
export type WireCertificate = z.infer<typeof certificate>;

const order = z.object({
  id: number,
  status: z.string(),
  certificate: loose(certificate),
  date_created: text,
  organization: loose(z.object({ name: text })),
  product,
});

export const wireRow = order;
export type WireRow = z.infer<typeof wireRow>;

/** An account without orders may be told without the list. */
export const wireList = z.object({
  orders: z.array(wireRow).nullish(),
  page: loose(z.object({ total: loose(z.int().nonnegative()) })),
});

export const wireInfo = order.extend({
  user: person,
  technical_contact: person,
  organization_contact: person,
  has_duplicates: loose(z.boolean()),
  requests: loose(z.array(z.object({ type: text }))),
  /** Documented for placing an order; whether the answer repeats it, the vendor does not say. */
  dcv_emails: loose(z.array(z.object({ email: text }))),
});
export type WireInfo = z.infer<typeof wireInfo>;

export const wireCertificates = z.object({ certificates: z.array(certificate) });

export const wireChanges = z.object({ orders: z.array(z.object({ order_id: number })).nullish() });

export const wireUser = z.object({
  account_id: loose(number),
  username: text,
  first_name: text,
  last_name: text,
  access_roles: loose(z.array(z.object({ id: loose(number) }))),
});
export type WireUser = z.infer<typeof wireUser>;

const fault = z.object({ code: text, message: text });
export type WireFault = z.infer<typeof fault>;

/** A list by the book; a single one in the vendor's own samples; under another name in its newer interfaces. */
export const wireFaults = z.union([
  z.object({ errors: z.array(fault).min(1) }).transform(({ errors }) => errors),
  z.object({ errors: fault }).transform(({ errors }) => [errors]),
  z.object({ error: fault }).transform(({ error }) => [error]),
]);

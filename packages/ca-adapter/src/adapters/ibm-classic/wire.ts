import { z } from "zod";

// The service's JSON as observed and documented (SLDN, SoftLayer_Security_Certificate_Request). Absent means null.

const optionalText = z.string().nullish();

export const wireOrder = z.object({
  id: z.int(),
  commonName: optionalText,
  approverEmailAddress: optionalText,
  technicalContactEmailAddress: optionalText,
  certificateSigningRequest: optionalText,
  createDate: optionalText,
  effectiveDate: optionalText,
  expirationDate: optionalText,
  statusId: z.int().nullish(),
  status: z.object({ id: z.int().nullish(), name: optionalText }).nullish(),
  orderItem: z.object({ description: optionalText }).nullish(),
});
export type WireOrder = z.infer<typeof wireOrder>;

/** A list with one item may come as the bare item; an empty one as `{}` (seen in softlayer-go's tests). */
export const wireOrders = z.union([
  z.array(wireOrder),
  wireOrder.transform((only) => [only]),
  z.strictObject({}).transform((): WireOrder[] => []),
]);

export const wireAccount = z.object({ id: z.int(), companyName: optionalText });

export const wireStatuses = z.array(z.object({ id: z.int(), name: z.string() }));

export const wireError = z.object({ error: z.string(), code: z.string().nullish() });

import { z } from "zod";

/** Ids are opaque to everyone; the brand keeps an order's id from being passed where an account's is meant. */
const id = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\w.:-]+$/);

export const orderIdSchema = id.brand<"OrderId">();
export const caAccountIdSchema = id.brand<"CaAccountId">();
export const mailboxIdSchema = id.brand<"MailboxId">();
export const mailIdSchema = id.brand<"MailId">();
export const resendRequestIdSchema = id.brand<"ResendRequestId">();
export const certificateIdSchema = id.brand<"CertificateId">();
export const personIdSchema = id.brand<"PersonId">();
/** Names a session and opens nothing: its token is another one. */
export const sessionIdSchema = id.brand<"SessionId">();
export const passkeyIdSchema = id.brand<"PasskeyId">();
export const vaultRefSchema = id.brand<"VaultRef">();
/** Made once per dialog by the page; the same key again is the same request, never a second mail. */
export const idempotencyKeySchema = z.uuid().brand<"IdempotencyKey">();
/** The CA's own order number or id. Vendors use digits, GUIDs and paths, hence the wide form. */
export const caOrderIdSchema = z.string().min(1).max(200).brand<"CaOrderId">();

export type OrderId = z.infer<typeof orderIdSchema>;
export type CaAccountId = z.infer<typeof caAccountIdSchema>;
export type MailboxId = z.infer<typeof mailboxIdSchema>;
export type MailId = z.infer<typeof mailIdSchema>;
export type ResendRequestId = z.infer<typeof resendRequestIdSchema>;
export type CertificateId = z.infer<typeof certificateIdSchema>;
export type PersonId = z.infer<typeof personIdSchema>;
export type SessionId = z.infer<typeof sessionIdSchema>;
export type PasskeyId = z.infer<typeof passkeyIdSchema>;
export type VaultRef = z.infer<typeof vaultRefSchema>;
export type IdempotencyKey = z.infer<typeof idempotencyKeySchema>;
export type CaOrderId = z.infer<typeof caOrderIdSchema>;

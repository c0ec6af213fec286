import type { Actor } from "../actor.ts";
import type { RefusalCode } from "../refusal.ts";

export const auditActs = [
  "audit.begin",
  "audit.export",
  "console.backup",
  "console.restore",
  "vault.rotate",
  "access.refuse",
  "resend.request",
  "resend.cancel",
  "resend.forward",
  "resend.settle",
  "resend.unconfirmed",
  "mail.receive",
  "mail.open",
  "mail.assign",
  "mail.put-away",
  "order.download",
  "certificate.import",
  "certificate.download",
  "key.export",
  "certificate.edit-notes",
  "certificate.make-current",
  "certificate.delete",
  "account.connect",
  "account.edit",
  "account.pause",
  "account.disconnect",
  "mailbox.connect",
  "mailbox.edit",
  "mailbox.pause",
  "mailbox.disconnect",
  "orders.sync",
  "person.create",
  "person.invite",
  "person.change",
  "person.disable",
  "person.enable",
  "person.reset",
  "person.sign-in",
  "person.session-end",
  "person.change-sign-in",
  "person.link-provider",
  "person.change-password",
  "person.add-passkey",
  "person.rename-passkey",
  "person.remove-passkey",
  "person.reset-password",
  "person.make-link",
  "person.make-administrator",
  "person.unlock",
] as const;
export type AuditAct = (typeof auditActs)[number];

/** What an entry may tell beside that: words, numbers and ids, nothing confidential. */
export const auditDetails = [
  "kind",
  "to",
  "chosen",
  "format",
  "status",
  "reason",
  "evidence",
  "sender",
  "by",
  "against",
  "mode",
  "version",
  "findings",
  "overrideReason",
  "added",
  "part",
  "exportReason",
  "hadKey",
  "fingerprintSha256",
  "state",
  "host",
  "folders",
  "from",
  "role",
  "accounts",
  "orders",
  "moved",
  "isResumed",
  "earlierEntries",
  "what",
  "right",
  "path",
  "sessions",
  "passkey",
  "leftOut",
  "requestId",
  "mailId",
  "certificateId",
] as const;
export type AuditDetail = (typeof auditDetails)[number];

/** Who did what, when, to what, and how it ended. Written in the same transaction as the change, never changed. */
export interface AuditEntry {
  readonly auditId: string;
  readonly at: Date;
  readonly actor: { readonly kind: Actor["kind"]; readonly actorId: string; readonly name: string };
  readonly act: AuditAct;
  readonly subject: {
    readonly kind: "order" | "certificate" | "account" | "mailbox" | "person" | "console";
    readonly id: string;
    readonly label: string;
  };
  readonly outcome: "done" | "refused";
  readonly code: RefusalCode | null;
  readonly details: Readonly<Partial<Record<AuditDetail, string | number | boolean>>>;
}

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
  "person.change-password",
  "person.reset-password",
] as const;
export type AuditAct = (typeof auditActs)[number];

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
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

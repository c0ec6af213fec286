export type { MailboxLogin, MailboxTimes } from "./connection.ts";
export { openMailbox } from "./open-mailbox.ts";

import type {
  AdmissionProblem,
  CaAccount,
  Mailbox,
  MailboxFault,
  ResendRequest,
  SyncState,
} from "@sealpost/domain";
import { type Logger, maskAddress } from "./logger.ts";
import type { SignInEvent } from "./sign-in-audit.ts";

// One function per business event: what is logged, and nothing beside it.

export function logStarted(
  log: Logger,
  facts: { port: number; isSandbox: boolean; dataDirectory: string },
): void {
  log.info(facts, "console started");
}

/** The sentence was made for the operator, and names files alone. */
export function logReadOnly(log: Logger, because: string): void {
  log.error({ because }, "the vault is locked; the console only reads");
}

/** The audit log cannot be written while the vault is locked; this is all that is left of who came in. */
export function logUntracedSignIn(log: Logger, { act, who, outcome, path }: SignInEvent): void {
  const personId = who && "personId" in who ? who.personId : null;
  log.warn({ act, personId, outcome, path }, "sign-in without a trace");
}

export function logStopped(log: Logger): void {
  log.info("console stopped");
}

export function logResend(log: Logger, request: ResendRequest): void {
  const { requestId, orderId, kind, status, reason, attempts, answeredInMs } = request;
  const to = request.confirmedRecipients.map(maskAddress);
  log.info({ requestId, orderId, kind, status, reason, attempts, answeredInMs, to }, "resend moved");
}

export function logUnconfirmed(log: Logger, count: number): void {
  if (count > 0) log.info({ count }, "nothing was seen of mails that had been accepted");
}

export function logInterrupted(log: Logger, count: number): void {
  if (count > 0)
    log.warn({ count }, "requests were being forwarded when the console stopped; their outcome is unknown");
}

export function logNotAdmitted(log: Logger, problem: AdmissionProblem, why: string): void {
  log.warn({ problem, why }, "nobody came in by the identity provider");
}

export function logRestored(log: Logger, count: number): void {
  log.warn({ count }, "a backup was put back; what it had queued is not sent");
}

export function logSync(log: Logger, account: CaAccount, sync: SyncState): void {
  const facts = { caAccountId: account.caAccountId, adapter: account.adapter, orders: sync.ordersSeen };
  if (sync.fault) log.warn({ ...facts, fault: sync.fault.kind }, "sync stopped");
  else log.info(facts, "sync ended");
}

export function logMailbox(log: Logger, { mailboxId }: Mailbox, fault: MailboxFault | null): void {
  if (fault) log.warn({ mailboxId, fault: fault.kind }, "mailbox cannot be followed");
  else log.info({ mailboxId }, "mailbox followed");
}

export function logMailNotRead(log: Logger, bytes: number): void {
  log.warn({ bytes }, "mail beyond the limits of reading");
}

export function logRematched(log: Logger, count: number): void {
  if (count > 0) log.info({ count }, "earlier mails have found their orders");
}

export function logSwept(log: Logger, count: number): void {
  if (count > 0) log.info({ count }, "unnamed vault items removed");
}

export function logFault(log: Logger, where: string, error: unknown, requestId?: string): void {
  log.error({ where, requestId, error }, "unexpected fault");
}

export function logPages(log: Logger, line: string): void {
  log.warn({ line }, "pages");
}

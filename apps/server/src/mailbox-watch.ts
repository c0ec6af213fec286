import {
  type ArrivedMail,
  isDiskFull,
  isFollowed,
  type Mailbox,
  MailboxError,
  type MailboxEvent,
  type MailboxFault,
  type MailboxId,
  type Ports,
  positionAfter,
  type ReceiveMail,
  RefusalError,
} from "@sealpost/domain";
import { logFault, logMailbox } from "./events.ts";
import type { Logger } from "./logger.ts";

/**
 * How long to wait before a mailbox is tried again, in milliseconds: the first wait, doubled up to the longest. One that
 * was followed for longer than that begins with the first again.
 */
export interface RetryTimes {
  readonly firstMs: number;
  readonly longestMs: number;
}

const usualTimes: RetryTimes = { firstMs: 5000, longestMs: 10 * 60 * 1000 };
/** The row says to the minute up to when the mailbox has been read. */
const seenEveryMs = 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;

type WatchPorts = Pick<Ports, "store" | "clock" | "openMailbox">;

/** How far following has come since it began. */
interface Progress {
  /** When each folder was last known to be read to its end. */
  readonly readAt: Map<string, Date>;
  readonly missing: Set<string>;
}

interface Watching {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** Follows each connected mailbox, one connection for each of its folders, and hands on every mail once. */
export class MailboxWatch {
  readonly #ports: WatchPorts;
  readonly #receive: ReceiveMail;
  readonly #log: Logger;
  readonly #times: RetryTimes;
  readonly #watching = new Map<MailboxId, Watching>();
  #isStopping = false;

  constructor(ports: WatchPorts, receive: ReceiveMail, log: Logger, times: RetryTimes = usualTimes) {
    this.#ports = ports;
    this.#receive = receive;
    this.#log = log;
    this.#times = times;
  }

  async start(): Promise<void> {
    for (const { mailboxId, state } of await this.#ports.store.listMailboxes()) {
      if (state === "connected") this.watch(mailboxId);
    }
  }

  /** Begins to follow a mailbox, or begins anew with what has been changed. Returns at once. */
  watch(mailboxId: MailboxId): void {
    if (this.#isStopping) return;
    const earlier = this.#watching.get(mailboxId);
    earlier?.abort.abort();
    const abort = new AbortController();
    const done = (earlier?.done ?? Promise.resolve())
      .then(() => this.#follow(mailboxId, abort.signal))
      .catch((error: unknown) => logFault(this.#log, "mailbox", error));
    this.#watching.set(mailboxId, { abort, done });
  }

  /** Resolves when nothing more of this mailbox will be taken in. */
  async unwatch(mailboxId: MailboxId): Promise<void> {
    const watching = this.#watching.get(mailboxId);
    watching?.abort.abort();
    await watching?.done;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const all = [...this.#watching.values()];
    for (const { abort } of all) abort.abort();
    await Promise.allSettled(all.map(({ done }) => done));
  }

  async #follow(mailboxId: MailboxId, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const mailbox = await this.#ports.store.mailbox(mailboxId);
      if (mailbox?.state !== "connected") return;
      const startedAt = performance.now();
      try {
        const reader = await this.#ports.openMailbox(mailbox);
        const { folders, lookBackDays, watch } = mailbox;
        const notBefore = new Date(this.#ports.clock.now().getTime() - lookBackDays * dayMs);
        const progress = progressOf(mailbox);
        for await (const event of reader.follow({ folders, positions: watch.positions, notBefore }, signal)) {
          await this.#take(mailbox, event, progress, signal);
        }
      } catch (error) {
        const hasLasted = performance.now() - startedAt > this.#times.longestMs;
        failures = hasLasted ? 1 : failures + 1;
        await this.#fail(mailbox, error);
        // A server that has refused a password counts how often it has to: such a mailbox waits longest from the start.
        const isRefused = error instanceof MailboxError && error.kind === "unauthorized";
        const doubled = this.#times.firstMs * 2 ** (failures - 1) * (1 + Math.random() / 4);
        await pause(isRefused ? this.#times.longestMs : Math.min(this.#times.longestMs, doubled), signal);
      }
    }
  }

  async #take(mailbox: Mailbox, event: MailboxEvent, progress: Progress, signal: AbortSignal): Promise<void> {
    const { mailboxId } = mailbox;
    switch (event.event) {
      case "mail":
        return await this.#receiveInTurn(mailbox, event.mail, signal);
      case "position": {
        const write = {
          write: "mailbox-position",
          mailboxId,
          position: event.position,
          receivedAt: null,
        } as const;
        return await this.#ports.store.commit({ writes: [write], audit: [] });
      }
      case "folder-missing":
        progress.missing.add(event.folder);
        progress.readAt.delete(event.folder);
        return await this.#seen(mailbox, progress);
      case "caught-up":
        progress.missing.delete(event.folder);
        progress.readAt.set(event.folder, this.#ports.clock.now());
        return await this.#seen(mailbox, progress);
    }
  }

  /**
   * One for which there is no time now waits for its turn; one that cannot be dealt with must not hold up those after
   * it. Where there was no room to keep what it tells, it is read again later.
   */
  async #receiveInTurn(mailbox: Mailbox, mail: ArrivedMail, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        return await this.#receive(mailbox, mail);
      } catch (error) {
        if (isDiskFull(error)) throw error;
        if (!isBusy(error)) return await this.#passOver(mailbox, mail, error);
        await pause(this.#times.firstMs, signal);
      }
    }
  }

  async #passOver({ mailboxId }: Mailbox, mail: ArrivedMail, error: unknown): Promise<void> {
    logFault(this.#log, "mail", error);
    const position = positionAfter(mail);
    const write = { write: "mailbox-position", mailboxId, position, receivedAt: mail.receivedAt } as const;
    await this.#ports.store.commit({ writes: [write], audit: [] });
  }

  /** A mail that has not been met may lie in any folder that was not read. */
  async #seen(mailbox: Mailbox, { missing, readAt }: Progress): Promise<void> {
    const { mailboxId, folders } = mailbox;
    const known = (await this.#ports.store.mailbox(mailboxId))?.watch;
    const fault =
      missing.size > 0
        ? this.#faultOf(mailbox, known?.fault, {
            kind: "folder-missing",
            serverMessage: null,
            folders: folders.filter((folder) => missing.has(folder)),
          })
        : null;
    const isSame =
      known?.fault?.kind === fault?.kind && known?.fault?.folders.join() === fault?.folders.join();
    const isRead = folders.every((folder) => readAt.has(folder));
    const readUpTo = isRead ? Math.min(...[...readAt.values()].map((at) => at.getTime())) : null;
    const isLater = readUpTo !== null && readUpTo - (known?.seenAt?.getTime() ?? 0) >= seenEveryMs;
    if (isSame && !isLater) return;
    const seenAt = readUpTo === null ? null : new Date(readUpTo);
    await this.#ports.store.commit({
      writes: [{ write: "mailbox-seen", mailboxId, seenAt, fault }],
      audit: [],
    });
    if (!isSame) logMailbox(this.#log, mailbox, fault);
  }

  async #fail(mailbox: Mailbox, error: unknown): Promise<void> {
    if (!(error instanceof MailboxError)) logFault(this.#log, "mailbox", error);
    // Nothing is wrong with the mailbox.
    if (isDiskFull(error)) return;
    const { mailboxId, folders } = mailbox;
    try {
      const known = (await this.#ports.store.mailbox(mailboxId))?.watch;
      const fault = this.#faultOf(mailbox, known?.fault, {
        kind: error instanceof MailboxError ? error.kind : "unexpected-response",
        serverMessage: error instanceof MailboxError ? error.serverMessage : null,
        folders: error instanceof MailboxError && error.kind === "folder-missing" ? folders : [],
      });
      logMailbox(this.#log, mailbox, fault);
      const write = { write: "mailbox-seen", mailboxId, seenAt: null, fault } as const;
      await this.#ports.store.commit({ writes: [write], audit: [] });
    } catch (fault) {
      logFault(this.#log, "mailbox", fault);
    }
  }

  /** One that leaves as much unread as the one before it began with that one. */
  #faultOf(
    { folders }: Mailbox,
    known: MailboxFault | null | undefined,
    fault: Omit<MailboxFault, "at">,
  ): MailboxFault {
    const goesOn = known && isFollowed(folders, known) === isFollowed(folders, fault);
    return { ...fault, at: goesOn ? known.at : this.#ports.clock.now() };
  }
}

/** What was missing is until it is met. */
function progressOf({ folders, watch: { fault } }: Mailbox): Progress {
  const missing = fault?.kind === "folder-missing" ? fault.folders : [];
  return { readAt: new Map(), missing: new Set(folders.filter((folder) => missing.includes(folder))) };
}

/** Too much is read at the same time. */
function isBusy(error: unknown): boolean {
  return error instanceof RefusalError && error.refusal.code === "too-many-requests";
}

/** Resolves after this long, or when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms).unref();
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}

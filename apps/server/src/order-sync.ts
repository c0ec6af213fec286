import {
  type CaAccount,
  type CaAccountId,
  loadDetails,
  type OrderId,
  type Ports,
  syncOrders,
} from "@sealpost/domain";
import { logFault, logSync } from "./events.ts";
import type { Logger } from "./logger.ts";

const intervalMs = 15 * 60 * 1000;
/** Accounts that were connected together shall not ask together for ever. */
const jitterMs = 60 * 1000;
/** A pass that a fault cut off goes on after this long, then after twice as long, up to the interval. */
const firstRetryMs = 60 * 1000;
/** Details asked for after each sync; the rest follows with the next one, or when an order is opened. */
const detailsPerSync = 200;

interface Reading {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

interface ListReading extends Reading {
  /** Somebody asked while it ran: it may be past what they want read, or hold a credential that is no longer. */
  isAskedAgain: boolean;
}

/**
 * Reads each account's list when it is connected or resumed, by interval and on demand; one reading per account at a time.
 * Whoever asks gets a reading that begins after they asked, unless it is being stopped.
 */
export class OrderSync {
  readonly #ports: Ports;
  readonly #log: Logger;
  readonly #onRead: () => void;
  readonly #running = new Map<CaAccountId, ListReading>();
  /** Details are read afterwards, in the background; a new reading of the list comes first. */
  readonly #details = new Map<CaAccountId, Reading>();
  /** Orders whose details could not be read; they come last. */
  readonly #failedDetails = new Map<CaAccountId, Set<OrderId>>();
  readonly #timers = new Map<CaAccountId, NodeJS.Timeout>();
  /** How often in a row an account could not be read. */
  readonly #failures = new Map<CaAccountId, number>();
  #isStopping = false;

  /** `onRead` is told whenever more may be known of orders. */
  constructor(ports: Ports, log: Logger, onRead: () => void = () => {}) {
    this.#ports = ports;
    this.#log = log;
    this.#onRead = onRead;
  }

  /** Forgets readings that an earlier process left in the middle, and starts one for every connected account. */
  async start(): Promise<void> {
    for (const account of await this.#ports.store.listAccounts()) {
      if (account.sync.runningSince !== null) await this.#forgetRunning(account);
      if (account.state === "connected") this.startSync(account.caAccountId);
    }
  }

  startSync(caAccountId: CaAccountId): void {
    if (this.#isStopping) return;
    const running = this.#running.get(caAccountId);
    if (running) {
      running.isAskedAgain = true;
      return;
    }
    this.#details.get(caAccountId)?.abort.abort();
    const abort = new AbortController();
    const done = this.#read(caAccountId, abort.signal)
      .catch((error: unknown) => {
        this.#countFailure(caAccountId);
        logFault(this.#log, "sync", error);
      })
      .finally(() => {
        this.#running.delete(caAccountId);
        if (reading.isAskedAgain && !abort.signal.aborted) this.startSync(caAccountId);
        else this.#schedule(caAccountId);
      });
    const reading: ListReading = { abort, done, isAskedAgain: false };
    this.#running.set(caAccountId, reading);
  }

  /** Ends what is being read of this account, its list and its details. Resolves when its CA is asked nothing more. */
  async stopSync(caAccountId: CaAccountId): Promise<void> {
    await end([this.#running.get(caAccountId), this.#details.get(caAccountId)]);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await end([...this.#running.values(), ...this.#details.values()]);
  }

  async #read(caAccountId: CaAccountId, signal: AbortSignal): Promise<void> {
    const account = await this.#ports.store.account(caAccountId);
    if (account?.state !== "connected") return;
    const sync = await syncOrders(this.#ports, account, signal);
    logSync(this.#log, account, sync);
    if (sync.fault) this.#countFailure(caAccountId);
    else this.#failures.delete(caAccountId);
    this.#onRead();
    if (sync.pass === null && !signal.aborted) this.#readDetails(account);
  }

  #countFailure(caAccountId: CaAccountId): void {
    this.#failures.set(caAccountId, (this.#failures.get(caAccountId) ?? 0) + 1);
  }

  #readDetails(account: CaAccount): void {
    const { caAccountId } = account;
    const abort = new AbortController();
    const failed = this.#failedDetails.get(caAccountId) ?? new Set();
    this.#failedDetails.set(caAccountId, failed);
    const done = loadDetails(this.#ports, account, { limit: detailsPerSync, signal: abort.signal, failed })
      .catch((error: unknown) => logFault(this.#log, "details", error))
      .then(() => {
        this.#onRead();
        if (this.#details.get(caAccountId)?.abort === abort) this.#details.delete(caAccountId);
      });
    this.#details.set(caAccountId, { abort, done });
  }

  #schedule(caAccountId: CaAccountId): void {
    if (this.#isStopping) return;
    clearTimeout(this.#timers.get(caAccountId));
    const failures = this.#failures.get(caAccountId) ?? 0;
    const waitMs = failures > 0 ? Math.min(intervalMs, firstRetryMs * 2 ** (failures - 1)) : intervalMs;
    const timer = setTimeout(() => this.startSync(caAccountId), waitMs + Math.random() * jitterMs);
    this.#timers.set(caAccountId, timer.unref());
  }

  async #forgetRunning(account: CaAccount): Promise<void> {
    const sync = { ...account.sync, runningSince: null };
    const write = { write: "account-sync", caAccountId: account.caAccountId, sync } as const;
    await this.#ports.store.commit({ writes: [write], audit: [] });
  }
}

/** Aborts these readings, as far as there are any. Resolves when they have ended. */
async function end(readings: readonly (Reading | undefined)[]): Promise<void> {
  for (const reading of readings) reading?.abort.abort();
  await Promise.allSettled(readings.map((reading) => reading?.done));
}

import {
  type CaAccountId,
  type DueResend,
  forwardResend,
  type Ports,
  type ResendRequestId,
  readMailHistory,
  settleInterrupted,
  settleUnconfirmed,
} from "@sealpost/domain";
import { logFault, logInterrupted, logResend, logUnconfirmed } from "./events.ts";
import type { Logger } from "./logger.ts";

/** How many requests of one account are carried at the same time; whatever its CA does, other accounts do not wait. */
const mostPerAccount = 2;
const pollMs = 1000;
/** How long a stop waits for answers before it hangs up; what is hung up on becomes `outcome-unknown`. */
const graceMs = 5000;

interface Carried {
  readonly caAccountId: CaAccountId;
  readonly done: Promise<void>;
}

/**
 * Carries queued requests to their CAs. Nudged after each commit, and looks by itself each second for what waits for
 * its time. On start it first settles what an earlier process left in the middle.
 */
export class Worker {
  readonly #ports: Ports;
  readonly #log: Logger;
  readonly #hangUp = new AbortController();
  readonly #running = new Map<ResendRequestId, Carried>();
  #timer: NodeJS.Timeout | null = null;
  #isStopping = false;
  #isLooking = false;
  #lookAgain = false;

  constructor(ports: Ports, log: Logger) {
    this.#ports = ports;
    this.#log = log;
  }

  async start(): Promise<void> {
    logInterrupted(this.#log, await this.#settleInterrupted());
    this.#timer = setInterval(() => this.nudge(), pollMs);
    this.nudge();
  }

  /** There may be something to do. Returns at once. */
  nudge(): void {
    if (this.#isStopping) return;
    if (this.#isLooking) {
      this.#lookAgain = true;
      return;
    }
    this.#isLooking = true;
    this.#look()
      .catch((error: unknown) => logFault(this.#log, "worker", error))
      .finally(() => {
        this.#isLooking = false;
        if (!this.#lookAgain) return;
        this.#lookAgain = false;
        this.nudge();
      });
  }

  /** Takes nothing new, waits for what is under way, then hangs up. Resolves when every outcome is on disk. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#timer) clearInterval(this.#timer);
    const timer = setTimeout(() => this.#hangUp.abort(), graceMs);
    await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
    clearTimeout(timer);
  }

  async #settleInterrupted(): Promise<number> {
    return await settleInterrupted(this.#ports, (requestId) => this.#running.has(requestId));
  }

  async #look(): Promise<void> {
    const now = this.#ports.clock.now();
    await this.#settleInterrupted();
    logUnconfirmed(this.#log, await settleUnconfirmed(this.#ports));
    const { store, resendPolicy } = this.#ports;
    const notBehind = new Date(now.getTime() + resendPolicy.longestQueueS * 1000);
    // Those that are carried may not be claimed yet.
    for (const due of await store.resendsToForward({ by: now, notBehind }, 2 * mostPerAccount)) {
      const isCarried = this.#running.has(due.request.requestId);
      if (!isCarried && this.#countOf(due.caAccountId) < mostPerAccount) this.#carry(due);
    }
  }

  #countOf(caAccountId: CaAccountId): number {
    return [...this.#running.values()].filter((one) => one.caAccountId === caAccountId).length;
  }

  #carry({ request, caAccountId }: DueResend): void {
    const done = forwardResend(this.#ports, request, this.#hangUp.signal)
      .then(async (ended) => {
        if (ended) logResend(this.#log, ended);
        if (ended?.status === "accepted") await readMailHistory(this.#ports, ended, this.#hangUp.signal);
      })
      .then(
        () => true,
        (error: unknown) => {
          logFault(this.#log, "forward", error, request.requestId);
          return false;
        },
      )
      .then((isDone) => {
        this.#running.delete(request.requestId);
        // After a fault the next look is early enough: what cannot be written now cannot be written in a moment either.
        if (isDone) this.nudge();
      });
    this.#running.set(request.requestId, { caAccountId, done });
  }
}

import { setImmediate } from "node:timers/promises";
import { type ComparedMails, matchMailsAgain, type Ports, systemActor } from "@sealpost/domain";
import { logFault, logRematched } from "./events.ts";
import type { Logger } from "./logger.ts";

/** Looks again, whenever orders have become known, at mails that came before theirs was; one look at a time. */
export class MailRematch {
  readonly #ports: Ports;
  readonly #log: Logger;
  readonly #abort = new AbortController();
  readonly #compared: ComparedMails = new Map();
  #running: Promise<void> | null = null;
  #lookAgain = false;

  constructor(ports: Ports, log: Logger) {
    this.#ports = ports;
    this.#log = log;
  }

  /** Orders may have become known. Returns at once. */
  nudge(): void {
    if (this.#abort.signal.aborted) return;
    if (this.#running) {
      this.#lookAgain = true;
      return;
    }
    this.#running = this.#look()
      .catch((error: unknown) => logFault(this.#log, "rematch", error))
      .finally(() => {
        this.#running = null;
        if (!this.#lookAgain) return;
        this.#lookAgain = false;
        this.nudge();
      });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #look(): Promise<void> {
    const ctx = { ...this.#ports, actor: systemActor };
    let found = 0;
    for await (const more of matchMailsAgain(ctx, this.#compared, this.#abort.signal)) {
      found += more;
      await setImmediate();
    }
    logRematched(this.#log, found);
  }
}

import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Simulator } from "@sealpost/ca-simulator";
import { openStore } from "@sealpost/db";
import { type CaAccountId, caOrderIdSchema } from "@sealpost/domain";
import { expect } from "vitest";

const bundle = fileURLToPath(new URL("../../../scripts/bundle.mjs", import.meta.url));

/** Processes of one program that are killed by hundreds: bundled, and one of them loaded ahead of its turn. */
export class Killable implements Disposable {
  readonly #program: string;
  readonly #cache: string;
  readonly #spares: ChildProcess[] = [];
  readonly #living = new Set<ChildProcess>();

  private constructor(program: string, cache: string) {
    this.#program = program;
    this.#cache = cache;
  }

  /** Bundles a program beside this file, named without its ending, with what it starts threads from. */
  static async bundled(name: string): Promise<Killable> {
    const place = fileURLToPath(new URL(`../node_modules/.crash-test/${name}/`, import.meta.url));
    const source = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
    mkdirSync(place, { recursive: true });
    const parts = [bundle, source, "@sealpost/certificates/read-job"];
    await promisify(execFile)(process.execPath, parts, { cwd: place });
    return new Killable(`${place}dist/${name}.js`, `${place}cache`);
  }

  /** Starts with this first message. */
  start(message: object): ChildProcess {
    while (this.#spares.length < 2) this.#spares.push(this.#load());
    const child = this.#spares.shift() ?? this.#load();
    child.send(message);
    return child;
  }

  [Symbol.dispose](): void {
    for (const child of this.#living) child.kill("SIGKILL");
  }

  #load(): ChildProcess {
    const child = fork(this.#program, {
      env: { NODE_COMPILE_CACHE: this.#cache },
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#living.add(child);
    return child.once("exit", () => this.#living.delete(child));
  }
}

/** The next message that says this. Throws when the process ends before. */
export async function said<Word extends string>(
  child: ChildProcess,
  word: Word,
): Promise<Readonly<Record<Word, unknown>>> {
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`it ended with ${code}`)));
  for (;;) {
    const [message] = await Promise.race([once(child, "message"), ended]);
    if (says(message, word)) return message;
  }
}

function says<Word extends string>(message: unknown, word: Word): message is Readonly<Record<Word, unknown>> {
  return typeof message === "object" && message !== null && word in message;
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

interface Ended {
  readonly databaseFile: string;
  readonly caAccountId: CaAccountId;
  readonly simulator: Simulator;
}

/**
 * Waits until every request for these orders has ended, with a console running, and holds each against the mails that
 * really left: accepted is one, unknown at most one, anything else none. Resolves to how many ended how.
 */
export async function endings(
  { databaseFile, caAccountId, simulator }: Ended,
  numbers: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const { store, close } = openStore({ file: databaseFile, seal: null });
  const counts: Record<string, number> = {};
  try {
    for (const number of numbers) {
      const [order] = await store.ordersByCaOrderIds(caAccountId, [caOrderIdSchema.parse(number)]);
      if (!order) continue;
      const read = async () => (await store.resendHistory(order.orderId))[0];
      await expect
        .poll(async () => (await read())?.settledAt !== null, { interval: 10, timeout: 20_000 })
        .toBe(true);
      const request = await read();
      const { mails } = await simulator.control.journal();
      const sent = mails.filter((mail) => String(mail.orderId) === number).length;
      const ended = request?.status ?? "never asked";
      expect(allowed[ended], `order ${number} ended as ${ended} with ${sent} mails`).toContain(sent);
      counts[ended] = (counts[ended] ?? 0) + 1;
    }
  } finally {
    close();
  }
  return counts;
}

/** How many mails may have left. */
const allowed = {
  accepted: [1],
  "outcome-unknown": [0, 1],
  refused: [0],
  "not-sent": [0],
  "never asked": [0],
  requested: [],
  forwarding: [],
} as const satisfies Record<string, readonly number[]>;

import { setFlagsFromString } from "node:v8";
import {
  fromTransferable,
  type MailJob,
  noMailFacts,
  type ReadJob,
  type TransferableReading,
} from "@sealpost/certificates";
import {
  finding,
  type MailFacts,
  type MaterialInput,
  type MaterialReader,
  type MaterialReading,
  mailHeaderOf,
  type ReadOptions,
  type RefusalError,
  refuse,
} from "@sealpost/domain";
import { Piscina } from "piscina";
import { logMailNotRead } from "./events.ts";
import type { FetchIssuer } from "./fetch-issuer.ts";
import type { LibraryPlace } from "./intermediates.ts";
import type { Logger } from "./logger.ts";

const clearMemory = new URL("./clear-memory.mjs", import.meta.url).href;
/** Longest time one reading may take; a native call cannot be interrupted, so the thread is ended. */
const usualDeadlineMs = 2000;
/** How long one may wait for its thread before that: while others are read, or a thread starts on a busy machine. */
const longestWaitMs = 30_000;
const mostThreads = 2;
/** What OpenSSL holds for a thread's young objects is let go of with them, and not before their room is full. */
const youngMb = 1;
const mostWaiting = 32;
/** When somebody for whom there was no room may come again. */
const comeAgainMs = 5000;
/** How many missing issuers are fetched for one chain, one above the other. */
const mostHops = 4;

export interface ReadPoolOptions {
  /** Roots trusted beside Node's own, as PEM. */
  readonly anchorsPem: readonly string[];
  readonly library: (() => LibraryPlace) | null;
  /** Null: nothing is fetched. */
  readonly fetchIssuer: FetchIssuer | null;
  /** Is told of mails that could not be read. */
  readonly log?: Logger;
  /** Longest time of one reading; 2 s, unless said otherwise. */
  readonly deadlineMs?: number;
}

/**
 * Reads material in worker threads: hostile input can cost a thread, never the server. The threads get no environment
 * and no network; what a missing issuer's own address holds is fetched here and handed in. Their memory limit does not
 * count buffers, which is why the reader itself counts bytes before it takes them. Throws the refusal
 * `too-many-requests` when so many are read at once that this one had no turn; what is wrong with the input is a finding.
 */
export function createReadPool({
  anchorsPem,
  library,
  fetchIssuer,
  log,
  deadlineMs = usualDeadlineMs,
}: ReadPoolOptions): MaterialReader & AsyncDisposable {
  // For threads yet to be started: they go by what the server was started with, whatever their `resourceLimits` say.
  setFlagsFromString(`--max-semi-space-size=${youngMb}`);
  const pool = new Piscina<ReadJob | MailJob, TransferableReading | MailFacts>({
    filename: import.meta.resolve("@sealpost/certificates/read-job"),
    minThreads: 1,
    maxThreads: mostThreads,
    idleTimeout: 60_000,
    // Between two jobs a thread turns its loop: what a handshake leaves behind is let go of nowhere else.
    atomics: "async",
    // Whoever ends a thread while it requires a module ends the whole process (node::loader::ModuleWrap); so it imports.
    execArgv: ["--no-experimental-require-module", "--import", clearMemory],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 128, stackSizeMb: 4 },
  });
  // Counted here: the pool's own limit leaves out what it has not given to a thread yet.
  let inside = 0;
  const run = async (job: ReadJob | MailJob): Promise<TransferableReading | MailFacts> => {
    if (inside >= mostThreads + mostWaiting) throw comeAgain();
    inside += 1;
    // A thread sleeps between two jobs without turning its loop: a port for each would never be closed there.
    const begun = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const flag = new Int32Array(begun);
    const deadline = new AbortController();
    const endIn = (milliseconds: number) => setTimeout(() => deadline.abort(), milliseconds);
    let timer = endIn(longestWaitMs);
    let hasBegun = false;
    let isOver = false;
    void Promise.resolve(Atomics.waitAsync(flag, 0, 0).value).then(() => {
      if (isOver) return;
      hasBegun = true;
      clearTimeout(timer);
      timer = endIn(deadlineMs);
    });
    try {
      const { signal } = deadline;
      return await pool.run({ ...job, begun }, { signal });
    } catch (error) {
      throw hasBegun || !isOurLimit(error) ? error : comeAgain(error);
    } finally {
      inside -= 1;
      isOver = true;
      clearTimeout(timer);
      Atomics.notify(flag, 0);
    }
  };
  const readOnce = async (
    inputs: readonly MaterialInput[],
    options: ReadOptions,
    fetched: readonly Uint8Array[],
  ): Promise<MaterialReading> => {
    try {
      const read = await run({ inputs, options, anchorsPem, library: library?.() ?? null, fetched });
      if (!("material" in read)) throw new Error("a thread has answered another question");
      return fromTransferable(read);
    } catch (error) {
      if (!isOurLimit(error)) throw error;
      return givenUp(deadlineMs);
    }
  };
  /** Null: it took too much time or memory. */
  const readMailOnce = async (mail: Uint8Array): Promise<MailFacts | null> => {
    try {
      const facts = await run({ mail });
      if ("material" in facts) throw new Error("a thread has answered another question");
      return facts;
    } catch (error) {
      if (!isOurLimit(error)) throw error;
      if (log) logMailNotRead(log, mail.length);
      return null;
    }
  };
  return {
    async read(inputs, options) {
      const fetched: Uint8Array[] = [];
      let reading = await readOnce(inputs, options, fetched);
      while (fetchIssuer && fetched.length < mostHops && reading.facts.missingIssuerUrls.length > 0) {
        const issuer = await fetchIssuer(reading.facts.missingIssuerUrls);
        if (issuer === null) break;
        fetched.push(issuer);
        const { length } = reading.facts.chain;
        reading = await readOnce(inputs, options, fetched);
        // What came does not carry the chain further up: it is not the issuer, or no certificate at all.
        if (reading.facts.chain.length <= length) break;
      }
      return reading;
    },
    async readMail(mail) {
      // Its header tells which order it is about, as a rule.
      return (await readMailOnce(mail)) ?? (await readMailOnce(mailHeaderOf(mail))) ?? noMailFacts;
    },
    async [Symbol.asyncDispose]() {
      await pool.destroy();
    },
  };
}

function comeAgain(cause?: unknown): RefusalError {
  return refuse({ code: "too-many-requests", retryAt: new Date(Date.now() + comeAgainMs) }, cause);
}

/** The deadline and the memory limit; anything else is our fault. */
function isOurLimit(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : null;
  return error.name === "AbortError" || code === "ERR_WORKER_OUT_OF_MEMORY";
}

function givenUp(deadlineMs: number): MaterialReading {
  return {
    facts: {
      certificate: null,
      chain: [],
      chainState: null,
      missingIssuer: null,
      missingIssuerUrls: [],
      key: null,
      keyFits: null,
      request: null,
      orderNumbers: [],
      handshake: null,
      findings: [finding("resource-limit", { limit: "time", seconds: deadlineMs / 1000 })],
    },
    material: null,
  };
}

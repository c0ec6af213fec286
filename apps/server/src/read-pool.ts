import { fromTransferable, type ReadJob, type TransferableReading } from "@sealpost/certificates";
import {
  finding,
  type MaterialInput,
  type MaterialReader,
  type MaterialReading,
  type ReadOptions,
} from "@sealpost/domain";
import { Piscina } from "piscina";
import type { FetchIssuer } from "./fetch-issuer.ts";
import type { LibraryPlace } from "./intermediates.ts";

/** Longest time one reading may take; a native call cannot be interrupted, so the thread is ended. */
const deadlineMs = 2000;
const mostWaiting = 32;
/** How many missing issuers are fetched for one chain, one above the other. */
const mostHops = 4;

export interface ReadPoolOptions {
  /** Roots trusted beside Node's own, as PEM. */
  readonly anchorsPem: readonly string[];
  readonly library: (() => LibraryPlace) | null;
  /** Null: nothing is fetched. */
  readonly fetchIssuer: FetchIssuer | null;
}

/**
 * Reads material in worker threads: hostile input can cost a thread, never the server. The threads get no environment
 * and no network; what a missing issuer's own address holds is fetched here and handed in. Their memory limit does not
 * count buffers, which is why the reader itself counts bytes before it takes them.
 */
export function createReadPool({
  anchorsPem,
  library,
  fetchIssuer,
}: ReadPoolOptions): MaterialReader & AsyncDisposable {
  const pool = new Piscina<ReadJob, TransferableReading>({
    filename: import.meta.resolve("@sealpost/certificates/read-job"),
    minThreads: 1,
    maxThreads: 2,
    maxQueue: mostWaiting,
    idleTimeout: 60_000,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });
  const readOnce = async (
    inputs: readonly MaterialInput[],
    options: ReadOptions,
    fetched: readonly Uint8Array[],
  ): Promise<MaterialReading> => {
    try {
      const job = { inputs, options, anchorsPem, library: library?.() ?? null, fetched };
      return fromTransferable(await pool.run(job, { signal: AbortSignal.timeout(deadlineMs) }));
    } catch (error) {
      if (!isOurLimit(error)) throw error;
      return givenUp();
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
    async [Symbol.asyncDispose]() {
      await pool.destroy();
    },
  };
}

/** The deadline, the memory limit and the full queue are the input's fault or the moment's; anything else is ours. */
function isOurLimit(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : null;
  return (
    error.name === "AbortError" || code === "ERR_WORKER_OUT_OF_MEMORY" || error.message.includes("queue")
  );
}

function givenUp(): MaterialReading {
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

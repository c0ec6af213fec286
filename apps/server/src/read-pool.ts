import { fromTransferable, type TransferableReading } from "@sealpost/certificates";
import {
  finding,
  type MaterialInput,
  type MaterialReader,
  type MaterialReading,
  type ReadOptions,
} from "@sealpost/domain";
import { Piscina } from "piscina";

/** Longest time one reading may take; a native call cannot be interrupted, so the thread is ended. */
const deadlineMs = 2000;
const mostWaiting = 32;

/**
 * Reads material in worker threads: hostile input can cost a thread, never the server. The threads get no environment.
 * Their memory limit does not count buffers, which is why the reader itself counts bytes before it takes them.
 */
export function createReadPool(anchorsPem: readonly string[]): MaterialReader & AsyncDisposable {
  const pool = new Piscina<unknown, TransferableReading>({
    filename: import.meta.resolve("@sealpost/certificates/read-job"),
    minThreads: 1,
    maxThreads: 2,
    maxQueue: mostWaiting,
    idleTimeout: 60_000,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });
  return {
    async read(inputs: readonly MaterialInput[], options: ReadOptions): Promise<MaterialReading> {
      try {
        const job = { inputs, options, anchorsPem };
        return fromTransferable(await pool.run(job, { signal: AbortSignal.timeout(deadlineMs) }));
      } catch (error) {
        if (!isOurLimit(error)) throw error;
        return givenUp();
      }
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

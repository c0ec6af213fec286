import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FindingId, MaterialReading } from "@sealpost/domain";
import type { Input, Vectors } from "./vectors.ts";

/** Reads, and tells the work it took: processor time, so that a busy machine does not look like an expensive input. */
export async function timed(
  made: Vectors,
  inputs: readonly Input[],
  passphrase = "x",
): Promise<{ readonly reading: MaterialReading; readonly tookMs: number }> {
  const before = process.cpuUsage();
  const reading = await made.read(inputs, { passphrase });
  const { user, system } = process.cpuUsage(before);
  return { reading, tookMs: (user + system) / 1000 };
}

/** What `read-apart.ts` prints. */
export interface ReadApart {
  readonly findings: ReadonlyArray<{
    readonly id: FindingId;
    readonly params: Readonly<Record<string, string | number>>;
  }>;
  readonly tookMs: number;
  readonly peakBytes: number;
}

const script = new URL("read-apart.ts", import.meta.url).pathname;

/** What the console's threads have; a process that needs more ends with an error. */
const heap = ["--max-old-space-size=128", "--max-semi-space-size=16"];

/** Reads in a process of its own, whose peak of memory is then that of the reading and nothing else. */
export function readApart(inputs: readonly Input[]): ReadApart {
  const directory = mkdtempSync(join(tmpdir(), "sealpost-apart-"));
  try {
    const paths = inputs.map((input, index) => {
      const path = join(directory, String(index));
      writeFileSync(path, input);
      return path;
    });
    const printed = execFileSync(process.execPath, [...heap, script, ...paths], {
      encoding: "utf8",
      timeout: 20_000,
    });
    return JSON.parse(printed);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { Begin, Report } from "./read-mutants.ts";

export interface FuzzOptions {
  readonly seed: number;
  /** Ends after so many inputs or so many minutes, whichever comes first. */
  readonly count: number;
  readonly minutes: number;
  /** The number of the first input; 0 unless one is to be seen again. */
  readonly from?: number;
  readonly processes: number;
  readonly onProgress?: (result: FuzzResult) => void;
}

export interface FuzzResult {
  readonly inputs: number;
  readonly seconds: number;
  /** Inputs, by their number under this seed, that broke a promise, and how. */
  readonly faults: readonly { readonly index: number; readonly fault: string }[];
  readonly slowestMs: number;
  readonly slowestIndex: number;
  /** How far apart the least and the most memory of a process were after its first inputs, in megabytes, seen from outside. */
  readonly growthMb: number;
}

export const fuzzLimits = { readingMs: 2000, growthMb: 256 } as const;

/** Code is compiled and buffers are pooled with the first inputs; growth counts from here on. */
const warmUpInputs = 300;
/** A process that is silent so long hangs. It says itself how long a reading took; this is for what never ends. */
const silenceMs = 10_000;
const lookEveryMs = 100;

/** Reads mutants in processes of their own and watches them. Resolves when enough was read; faults do not end it. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const startedAt = Date.now();
  const state = { inputs: 0, slowestMs: 0, slowestIndex: -1, growthMb: 0 };
  const faults: { index: number; fault: string }[] = [];
  const result = (): FuzzResult => ({ ...state, faults, seconds: (Date.now() - startedAt) / 1000 });
  const isEnough = () => state.inputs >= options.count || Date.now() - startedAt >= options.minutes * 60_000;

  const take = ({ index, tookMs, fault }: Report) => {
    state.inputs += 1;
    if (tookMs > state.slowestMs) Object.assign(state, { slowestMs: tookMs, slowestIndex: index });
    if (tookMs > fuzzLimits.readingMs) faults.push({ index, fault: `took ${Math.round(tookMs)} ms` });
    if (fault !== null) faults.push({ index, fault });
    if (state.inputs % 5000 === 0) options.onProgress?.(result());
  };

  /** One process after another, each from where the one before ended. */
  const worker = async (first: number) => {
    for (let from = first; !isEnough(); ) {
      const { next, growthMb, end } = await watch(
        { ...options, step: options.processes, from },
        take,
        isEnough,
      );
      state.growthMb = Math.max(state.growthMb, growthMb);
      if (end !== null) faults.push({ index: next, fault: end });
      from = end === null ? next : next + options.processes;
    }
  };
  await Promise.all(
    Array.from({ length: options.processes }, (_, index) => worker((options.from ?? 0) + index)),
  );
  return result();
}

interface Watched {
  /** The first input that was not read to its end. */
  readonly next: number;
  readonly growthMb: number;
  /** Why the process ended before there was enough; null: there was. */
  readonly end: string | null;
}

async function watch(
  begin: Begin,
  take: (report: Report) => void,
  isEnough: () => boolean,
): Promise<Watched> {
  const child = fork(new URL("./read-mutants.ts", import.meta.url), {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  await once(child, "message");
  let next = begin.from;
  let [seen, heardAt] = [0, Date.now()];
  const resident: number[] = [];
  child.on("message", (report: Report) => {
    take(report);
    next = report.index + begin.step;
    heardAt = Date.now();
    seen += 1;
  });
  child.send({ seed: begin.seed, from: begin.from, step: begin.step } satisfies Begin);
  let end: string | null = null;
  while (!isEnough() && end === null) {
    await setTimeout(lookEveryMs);
    const megabytes = seen >= warmUpInputs ? residentMb(child) : null;
    if (megabytes !== null) resident.push(megabytes);
    if (child.exitCode !== null || child.signalCode !== null)
      end = `ended the process (${child.exitCode ?? child.signalCode})`;
    else if (Date.now() - heardAt > silenceMs) end = `no answer within ${silenceMs / 1000} s`;
  }
  child.kill("SIGKILL");
  await ended;
  const growthMb = resident.length > 0 ? Math.max(...resident) - Math.min(...resident) : 0;
  if (growthMb > fuzzLimits.growthMb) end ??= `grew by ${Math.round(growthMb)} MB`;
  return { next, growthMb, end };
}

/** Resident memory of another process, as the system counts it; null when it has just ended. */
function residentMb({ pid }: ChildProcess): number | null {
  try {
    if (process.platform === "linux") {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
      return kilobytes === undefined ? null : Number(kilobytes) / 1024;
    }
    return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)]).toString()) / 1024;
  } catch {
    return null;
  }
}

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { findingWords, importModes, isBlocked, judge, type MaterialReading } from "@sealpost/domain";
import { createMaterialReader } from "../src/index.ts";
import { loadCorpus } from "./corpus.ts";
import { type Mutant, mutant } from "./mutate.ts";
import { randomFrom } from "./random.ts";

// The process that is looked at from outside. It is told where to begin, and says after each input how long it took.

export interface Begin {
  readonly seed: number;
  readonly from: number;
  readonly step: number;
}

export interface Report {
  readonly index: number;
  /** Without the time that other processes had the processor: a busy machine is no slow input. */
  readonly tookMs: number;
  /** What was not as it must be; null when all was. */
  readonly fault: string | null;
}

/** Making mutants leaves more behind than reading them: without a sweep, that is what would be measured. */
const sweepEvery = 20;

const corpus = loadCorpus();
const root = readFileSync(new URL("../vectors/files/pki/root.crt", import.meta.url), "utf8");
const reader = createMaterialReader({ anchorsPem: [root] });
const now = new Date("2026-11-23T00:00:00Z");

process.on("message", (begin: Begin) => void readAll(begin));
process.send?.("ready");

async function readAll({ seed, from, step }: Begin): Promise<void> {
  for (let index = from; ; index += step) {
    const given = await mutant(randomFrom(Math.imul(seed, 2_654_435_761) + index), corpus);
    const startedAt = performance.now() - waitedMs();
    const fault = await faultOf(given);
    const report: Report = { index, tookMs: performance.now() - waitedMs() - startedAt, fault };
    if (index % sweepEvery < step) globalThis.gc?.();
    // The parent sets the pace: it ends this process when there is enough.
    await new Promise((resolve) => process.send?.(report, resolve));
  }
}

/** How long this thread has been ready to run and did not, as Linux counts it; 0 where nobody counts. */
function waitedMs(): number {
  try {
    return Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[1]) / 1e6;
  } catch {
    return 0;
  }
}

async function faultOf({ inputs, passphrase }: Mutant): Promise<string | null> {
  try {
    return brokenPromise(await reader.read(inputs, { passphrase, now }), passphrase);
  } catch (error) {
    return error instanceof Error
      ? `${error.name}: ${error.message}`
      : "something that is no error was thrown";
  }
}

/** What must hold of any reading of anything. */
function brokenPromise({ facts, material }: MaterialReading, passphrase: string | null): string | null {
  if ((facts.certificate === null) !== (material === null))
    return "material without a certificate, or the reverse";
  for (const mode of importModes) {
    const findings = judge(facts, { mode, order: null, hosts: ["a.example.test"], keyOwner: null, now });
    if (facts.certificate === null && !isBlocked(findings)) return "nothing was found, and nothing blocks";
    const said = findings.map((found) =>
      findingWords(found, mode === "metadata-only" ? "de" : "en", (iso) => iso),
    );
    const text = JSON.stringify([facts, findings, said]);
    if (/\{\w+\}/.test(said.map(({ what, todo }) => what + todo).join()))
      return "a sentence with a hole in it";
    if (text.includes("PRIVATE KEY-----")) return "a key in what is shown";
    if (passphrase && passphrase.length > 5 && text.includes(passphrase))
      return "a passphrase in what is shown";
  }
  if (!material || !facts.certificate) return null;
  const stored = new X509Certificate(material.certificatePem.reveal());
  const fingerprint = stored.fingerprint256.replaceAll(":", "").toLowerCase();
  if (fingerprint !== facts.certificate.fingerprintSha256)
    return "another certificate would be stored than was shown";
  if ((material.privateKeyPem !== null) !== (facts.keyFits === true))
    return "a key that does not fit would be stored";
  return null;
}

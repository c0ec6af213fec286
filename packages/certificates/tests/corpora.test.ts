import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { corpora } from "./env.ts";
import { ids, makeVectors, paramsOf, type Vectors } from "./vectors.ts";

let made: Vectors;
beforeAll(() => {
  made = makeVectors();
}, 60_000);
afterAll(() => made[Symbol.dispose]());

function corpus(
  name: string,
  pattern: string,
): { files: readonly string[]; isMissing: boolean; about: string } {
  const folder = corpora === null ? null : join(corpora, name);
  const files = folder !== null && existsSync(folder) ? globSync(pattern, { cwd: folder }).sort() : [];
  const isMissing = files.length === 0;
  const about = isMissing ? `NOT RUN: SEALPOST_CORPORA has no ${name}` : `${files.length} files`;
  return { files: files.map((file) => join(folder ?? "", file)), isMissing, about };
}

/** Work done, not time passed: a busy machine must not look like an expensive input. */
async function timed(bytes: Buffer) {
  const before = process.cpuUsage();
  const reading = await made.read([bytes]);
  const { user, system } = process.cpuUsage(before);
  return { reading, tookMs: (user + system) / 1000 };
}

const mostMs = 500;

describe("mails from elsewhere", () => {
  const { files, isMissing, about } = corpus("mail/stalwart", "**/*.eml");
  it.skipIf(isMissing)(`are read without a crash and in no time (${about})`, async () => {
    for (const file of files) {
      const { reading, tookMs } = await timed(readFileSync(file));
      expect(tookMs, file).toBeLessThan(mostMs);
      expect(reading.facts.certificate, file).toBeNull();
      expect(reading.facts.findings.length, file).toBeGreaterThan(0);
    }
  });
});

describe("archives from elsewhere", () => {
  const { files, isMissing, about } = corpus("zip", "*.zip");
  /** What is right with an archive and cannot be read here all the same. */
  const known: Readonly<Record<string, string>> = {
    "success__big-compression.zip": "resource-limit",
    "failure__not_enough_bytes_in_the_stream_expected_2048576_got_only_1000000.zip": "resource-limit",
    "failure__too_many_bytes_in_the_stream_expected_82496_got_at_least_98304.zip": "resource-limit",
    "success__bogus-compression-method.zip": "unsupported-format",
    "failure__unsupported_compression_method_1.zip": "unsupported-format",
    "failure__strong_encryption_is_not_supported.zip": "encrypted-zip",
  };
  /** Faults of names only: names are shown, never used. And an empty file is none at all. */
  const harmless = /^failure__(?:absolute_path|invalid_characters|invalid_relative_path)|^zip-slip/;
  const isLocked = (name: string) => name.includes("traditional-encryption");

  it.skipIf(isMissing)(`open, or are refused by the name of what is wrong (${about})`, async () => {
    const results = new Map<string, readonly string[]>();
    for (const file of files) {
      const bytes = readFileSync(file);
      const { reading, tookMs } = await timed(bytes);
      expect(tookMs, file).toBeLessThan(mostMs);
      results.set(basename(file), bytes.length === 0 ? ["malformed-zip"] : ids(reading));
    }
    for (const [name, found] of results) {
      const isOpen = name.startsWith("success__") || harmless.test(name);
      const expected =
        known[name] ?? (isLocked(name) ? "encrypted-zip" : isOpen ? "not-a-certificate" : "malformed-zip");
      expect(found, name).toEqual([expected]);
    }
  });

  it.skipIf(isMissing)("keep within the limit that they are said to break", async () => {
    const bomb = files.find((file) => file.endsWith("success__big-compression.zip"));
    const reading = await made.read([readFileSync(bomb ?? "")]);
    expect(paramsOf(reading, "resource-limit")).toMatchObject({ limit: "zipRatio" });
  });
});

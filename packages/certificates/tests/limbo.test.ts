import { readFileSync } from "node:fs";
import { join } from "node:path";
import { judge } from "@sealpost/domain";
import { describe, expect, it } from "vitest";
import { createAnchors } from "../src/anchors.ts";
import { createLibrary } from "../src/library.ts";
import { readMaterial } from "../src/read-material.ts";
import { corpora } from "./env.ts";

/** One case of C2SP's x509-limbo, with the names of its schema. */
interface LimboCase {
  readonly id: string;
  readonly expected_result: "SUCCESS" | "FAILURE";
  readonly validation_kind: "SERVER" | "CLIENT";
  readonly validation_time: string | null;
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly expected_peer_name: { readonly value: string } | null;
}

/** Cases we decide otherwise on purpose, and why. */
const otherwise: Readonly<Record<string, string>> = {
  "rfc5280::nc::permitted-dns-match-noncritical":
    "the Baseline Requirements allow it, and webpki:: has it as valid",
  "rfc5280::aki::cross-signed-root-missing-aki":
    "a trusted certificate is trusted as it stands, as cve::cve-2024-0567 demands",
  "rfc5280::ca-as-leaf": "a CA's own certificate is never imported as a server's",
};

const clientAuth = "1.3.6.1.5.5.7.3.2";

interface Verdict {
  readonly accepted: boolean;
  readonly findings: readonly string[];
  readonly tookMs: number;
}

async function decide(limbo: LimboCase): Promise<Verdict> {
  // Work done, not time passed: a busy machine must not look like an expensive case.
  const before = process.cpuUsage();
  const now = new Date(limbo.validation_time ?? Date.now());
  const trust = {
    anchors: createAnchors(limbo.trusted_certs),
    library: createLibrary(limbo.untrusted_intermediates),
    ...(limbo.validation_kind === "CLIENT" ? { purpose: clientAuth } : {}),
  };
  const given = [{ name: "peer", bytes: Buffer.from(limbo.peer_certificate) }];
  const { facts } = await readMaterial(given, { passphrase: null, now }, trust);
  const hosts =
    limbo.expected_peer_name && limbo.validation_kind === "SERVER" ? [limbo.expected_peer_name.value] : [];
  const found = judge(facts, { mode: "certificate-only", order: null, hosts, keyOwner: null, now });
  const accepted = facts.chainState === "complete" && !found.some(({ severity }) => severity === "blocked");
  const { user, system } = process.cpuUsage(before);
  return { accepted, findings: found.map(({ id }) => id), tookMs: (user + system) / 1000 };
}

const cases: readonly LimboCase[] = corpora
  ? JSON.parse(readFileSync(join(corpora, "x509-limbo/limbo.json"), "utf8")).testcases
  : [];

describe("path validation beside x509-limbo", () => {
  it.skipIf(cases.length === 0)("decides as the corpus does (SEALPOST_CORPORA/x509-limbo)", async () => {
    const wrong: string[] = [];
    let slowest = 0;
    for (const limbo of cases) {
      const { accepted, findings, tookMs } = await decide(limbo);
      slowest = Math.max(slowest, tookMs);
      const isExpected = accepted === (limbo.expected_result === "SUCCESS");
      const isNamed =
        limbo.id.startsWith("webpki::") &&
        limbo.expected_result === "FAILURE" &&
        findings.some((id) => id !== "validity-too-long");
      if (!isExpected && !isNamed) wrong.push(`${limbo.id} ${limbo.expected_result} [${findings.join(" ")}]`);
    }
    const strict = wrong.filter((line) => /^(rfc5280|cve|pathological)::/.test(line));
    expect(strict.map((line) => line.split(" ")[0]).filter((id) => !otherwise[id ?? ""])).toEqual([]);
    expect(slowest).toBeLessThan(1000);
    expect(cases.length - wrong.length).toBeGreaterThanOrEqual(195);
  });
});

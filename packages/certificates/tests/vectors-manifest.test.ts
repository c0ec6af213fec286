import { readFileSync } from "node:fs";
import { findingRules, judge, type MaterialReader } from "@sealpost/domain";
import { describe, expect, it } from "vitest";
import { comparableHost, createMaterialReader } from "../src/index.ts";

interface Vector {
  readonly name: string;
  readonly files: readonly string[];
  readonly options: {
    readonly password?: string;
    readonly orderHosts?: readonly string[];
    readonly trust?: readonly string[];
    readonly intermediates?: string;
    readonly certificateOnly?: true;
    readonly at?: string;
  };
  readonly outcome: "ok" | "warning" | "blocked";
  readonly findings: readonly string[];
  readonly fixed?: readonly string[];
  readonly certificate?: { readonly subject: string; readonly fingerprint256: string } | null;
  readonly privateKey?: {
    readonly type: string;
    readonly encrypted: boolean;
    readonly matches: boolean;
  } | null;
  readonly chain?: readonly string[];
}

const folder = new URL("../vectors/", import.meta.url);
const file = (path: string) => readFileSync(new URL(`files/${path}`, folder));
const manifest: { readonly at: string; readonly vectors: readonly Vector[] } = JSON.parse(
  readFileSync(new URL("manifest.json", folder), "utf8"),
);

const readers = new Map<string, MaterialReader>();

/** Trust anchors are parsed once: Node's own list among them takes long. */
function readerFor({ trust = ["pki/root.crt"], intermediates }: Vector["options"]): MaterialReader {
  const known = intermediates === undefined ? [] : [intermediates];
  const name = JSON.stringify([trust, known]);
  const texts = (paths: readonly string[]) => paths.map((path) => file(path).toString());
  const reader =
    readers.get(name) ?? createMaterialReader({ anchorsPem: texts(trust), libraryPem: texts(known) });
  readers.set(name, reader);
  return reader;
}

/** Reads and judges as an import would, and tells it in the words of the manifest. */
async function run({ files, options }: Vector) {
  const now = new Date(options.at ?? manifest.at);
  const inputs = files.map((path) => ({ name: path.replace(/^.*\//, ""), bytes: file(path) }));
  const { facts } = await readerFor(options).read(inputs, { passphrase: options.password ?? null, now });
  const found = judge(facts, {
    mode: options.certificateOnly ? "certificate-only" : "certificate-and-key",
    order: null,
    hosts: (options.orderHosts ?? []).map(comparableHost),
    keyOwner: null,
    now,
  });
  const idsOf = (...severities: readonly string[]) => [
    ...new Set(found.filter(({ severity }) => severities.includes(severity)).map(({ id }) => id)),
  ];
  const { certificate, key } = facts;
  return {
    findings: idsOf("blocked", "warning").sort(),
    outcome: idsOf("blocked").length > 0 ? "blocked" : idsOf("warning").length > 0 ? "warning" : "ok",
    fixed: idsOf("fixed"),
    certificate: certificate && {
      subject: certificate.subject,
      fingerprint256: certificate.fingerprintSha256.toUpperCase().replace(/..(?=.)/g, "$&:"),
    },
    privateKey: key && {
      type: key.algorithm,
      encrypted: key.encrypted,
      matches: facts.keyFits === true,
    },
    chain: facts.chain.filter(({ mark }) => mark !== "left-out").map((entry) => entry.certificate.subject),
  };
}

/** What only an order in the console can show: the judge's own tests, the server's and the browser's have it. */
const needsOrder = ["other-order", "older-certificate", "key-changed"];

describe("material made by OpenSSL", () => {
  it("shows every finding there is", () => {
    const { vectors } = manifest;
    const shown = new Set(vectors.flatMap(({ findings, fixed = [] }) => [...findings, ...fixed]));
    expect([...shown, ...needsOrder].sort()).toEqual(Object.keys(findingRules).sort());
    expect(vectors.length).toBeGreaterThanOrEqual(300);
  });

  it.each(manifest.vectors.map((vector) => [vector.name, vector] as const))("%s", async (_, vector) => {
    const { outcome, findings, fixed = [], certificate, privateKey, chain } = vector;
    const result = await run(vector);
    expect(result).toEqual({
      ...result,
      findings,
      outcome,
      fixed: expect.arrayContaining([...fixed]),
      ...(certificate === undefined ? {} : { certificate }),
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(chain === undefined ? {} : { chain }),
    });
  });
});

import type { ReadOptions } from "@sealpost/domain";
import { judge } from "@sealpost/domain";
import { createMaterialReader } from "../src/index.ts";
import { byForge, byPkijs, parsed } from "./others.ts";
import { type MaterialSet, makeSets } from "./sets.ts";

// How many different sets (certificate, key, two intermediates) one thread reads and judges in a second, beside what the
// libraries people would take need for parsing, comparing the keys and checking the signatures of the same sets.

const say = (line: string) => process.stdout.write(`${line}\n`);
const [count, pairs] = [1000, 20];
/** Sets of which no certificate comes twice: more than the reader remembers, as many as are made in bearable time. */
const strangers = 300;
const rounds = 3;
/** What is promised, in sets a second. */
const promised = { read: 2000, proved: 200 };

interface Contestant {
  readonly name: string;
  readonly sets: readonly MaterialSet[];
  readonly run: (set: MaterialSet) => Promise<void> | void;
  readonly rates: number[];
}

say(
  `Making ${count} sets under ${pairs} pairs of intermediates; as in life, these repeat, and sealpost reads them once. And ${strangers} sets each under a pair of its own, which it has to read every time.`,
);
const { sets, rootsPem } = await makeSets(count, pairs);
const strange = await makeSets(strangers, strangers);
const roots = rootsPem.map(parsed);
const reader = createMaterialReader({ anchorsPem: [...rootsPem, ...strange.rootsPem] });

async function bySealpost(set: MaterialSet, proof: NonNullable<ReadOptions["proof"]>): Promise<void> {
  const now = new Date();
  const inputs = [
    { name: "chain.pem", bytes: Buffer.from(set.certificatesPem) },
    { name: "key.pem", bytes: Buffer.from(set.privateKeyPem) },
  ];
  const { facts } = await reader.read(inputs, { passphrase: null, now, proof });
  const situation = {
    mode: "certificate-and-key",
    order: null,
    hosts: [set.name],
    keyOwner: null,
    now,
  } as const;
  const found = judge(facts, situation);
  if (found.length > 0 || facts.chainState !== "complete") throw new Error(JSON.stringify(found));
}

const isRsa = ({ kind }: MaterialSet) => kind === "rsa";
const contestants: readonly Contestant[] = [
  { name: "sealpost", sets, run: (set) => bySealpost(set, "none"), rates: [] },
  { name: "sealpost, RSA alone", sets: sets.filter(isRsa), run: (set) => bySealpost(set, "none"), rates: [] },
  {
    name: "sealpost, nothing comes twice",
    sets: strange.sets,
    run: (set) => bySealpost(set, "none"),
    rates: [],
  },
  { name: "sealpost, with handshake", sets, run: (set) => bySealpost(set, "handshake"), rates: [] },
  {
    name: "node-forge (RSA alone)",
    sets: sets.filter(isRsa),
    run: (set) => byForge(set, rootsPem),
    rates: [],
  },
  { name: "pkijs", sets, run: (set) => byPkijs(set, roots), rates: [] },
];

// In turns, so that a machine that gets slower gets slower for all; the first round only warms up.
for (let round = 0; round <= rounds; round += 1) {
  for (const { sets: own, run, rates } of contestants) {
    const startedAt = performance.now();
    for (const set of own) await run(set);
    if (round > 0) rates.push((own.length * 1000) / (performance.now() - startedAt));
  }
}

const median = ({ rates }: Contestant) => rates.toSorted((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0;
const [plain = 0, rsa = 0, _strange = 0, proved = 0, forge = 0, pkijs = 0] = contestants.map(median);
for (const contestant of contestants)
  say(`${contestant.name.padEnd(30)} ${Math.round(median(contestant)).toString().padStart(6)} sets a second`);
say(`sealpost : node-forge, RSA alone  ${(rsa / forge).toFixed(1)}`);
say(`sealpost : pkijs                  ${(plain / pkijs).toFixed(1)}`);
const isKept = plain >= promised.read && proved >= promised.proved && rsa > forge && plain > pkijs;
say(
  `${isKept ? "Kept" : "Broken"}: at least ${promised.read} a second and ahead of both, at least ${promised.proved} with the handshake.`,
);
process.exitCode = isKept ? 0 : 1;

import {
  CertificateMaterial,
  type Finding,
  finding,
  type MaterialFacts,
  type MaterialInput,
  type MaterialReading,
  type ReadOptions,
} from "@sealpost/domain";
import type { Anchors } from "./anchors.ts";
import { buildChain, type Chain } from "./chain.ts";
import { proveByHandshake } from "./handshake.ts";
import { isWeak, keyType, shortestRsaBits } from "./key-type.ts";
import { limits } from "./limits.ts";
import { type CertificatePart, emptyParts, type KeyPart, type Parts } from "./parts.ts";
import { readBytes } from "./read-bytes.ts";

/**
 * Reads, sorts and proves what was dropped. Never throws for bad input: what is wrong stands in the findings. Judging
 * it for an order and a moment is the domain's affair.
 */
export async function readMaterial(
  inputs: readonly MaterialInput[],
  options: ReadOptions,
  anchors: Anchors,
): Promise<MaterialReading> {
  const parts = emptyParts(options.passphrase, limits.keyRounds);
  for (const { name, bytes } of inputs) {
    const source = { path: [name] };
    const isKnown = await readBytes(
      parts,
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      source,
      0,
    );
    if (!isKnown && bytes.length > 0) parts.findings.push(finding("not-a-certificate", {}, source));
  }
  if (inputs.every(({ bytes }) => bytes.length === 0)) parts.findings.push(finding("empty-input"));
  const leaf = chooseLeaf(parts);
  if (leaf === null) return withoutCertificate(parts);
  const chain = buildChain(leaf, parts.certificates, anchors);
  const key = chooseKey(parts, leaf);
  return await withCertificate(parts, chain, leaf, key, options.now);
}

/** The certificate meant: the one the key or the request fits, else the newest that is no CA's own. */
function chooseLeaf({ certificates, keys, requests }: Parts): CertificatePart | null {
  const wanted = new Set([
    ...keys.map(({ facts }) => facts.spkiSha256),
    ...requests.map(({ spkiSha256 }) => spkiSha256),
  ]);
  const leaves = certificates.filter(({ facts }) => !facts.isCa);
  const fitting = leaves.filter(({ facts }) => wanted.has(facts.spkiSha256));
  const newestFirst = (fitting.length > 0 ? fitting : leaves).toSorted(
    (a, b) => b.facts.validTo.getTime() - a.facts.validTo.getTime(),
  );
  return newestFirst[0] ?? null;
}

function chooseKey({ keys }: Parts, leaf: CertificatePart): KeyPart | null {
  return keys.find(({ facts }) => facts.spkiSha256 === leaf.facts.spkiSha256) ?? keys[0] ?? null;
}

function withoutCertificate(parts: Parts): MaterialReading {
  const [ca] = parts.certificates;
  const found = [...parts.findings];
  if (ca) found.push(finding("ca-certificate-as-leaf", { name: nameOf(ca) }, ca.facts.source));
  else if (parts.requests[0]) found.push(finding("csr-given", {}, parts.requests[0].source));
  else if (parts.keys[0]) found.push(finding("missing-certificate", {}, parts.keys[0].facts.source));
  else if (found.length === 0) found.push(finding("not-a-certificate"));
  const facts: MaterialFacts = {
    certificate: null,
    chain: [],
    chainState: null,
    missingIssuer: null,
    key: parts.keys[0]?.facts ?? null,
    keyFits: null,
    request: parts.requests[0] ?? null,
    orderNumbers: [...parts.orderNumbers],
    handshake: null,
    findings: found,
  };
  return { facts, material: null };
}

async function withCertificate(
  parts: Parts,
  chain: Chain,
  leaf: CertificatePart,
  key: KeyPart | null,
  now: Date,
): Promise<MaterialReading> {
  const keyFits = key ? key.facts.spkiSha256 === leaf.facts.spkiSha256 : null;
  const certificatePem = pem(leaf);
  const chainPem = chain.stored.slice(1).map(pem).join("");
  const privateKeyPem = key && keyFits ? key.key.export({ type: "pkcs8", format: "pem" }).toString() : null;
  const isCurrent = leaf.facts.validFrom <= now && leaf.facts.validTo > now;
  const proof =
    privateKeyPem && isCurrent
      ? await proveByHandshake({
          certificatePem,
          chainPem,
          privateKeyPem,
          leaf: leaf.x509,
          dnsNames: leaf.facts.dnsNames,
          root: chain.root,
        })
      : null;
  const failure =
    proof && "failure" in proof
      ? [finding("handshake-failed", { name: nameOf(leaf), reason: proof.failure })]
      : [];
  const facts: MaterialFacts = {
    certificate: leaf.facts,
    chain: chain.entries,
    chainState: chain.state,
    missingIssuer: chain.missingIssuer,
    key: key?.facts ?? null,
    keyFits,
    request: parts.requests[0] ?? null,
    orderNumbers: [...parts.orderNumbers],
    handshake: proof && "protocol" in proof ? proof : null,
    findings: [
      ...parts.findings,
      ...chainFindings(parts, chain, leaf),
      ...keyFindings(parts, leaf, key, keyFits),
      ...failure,
    ],
  };
  const material = (text: string) => new CertificateMaterial(Buffer.from(text));
  return {
    facts,
    material: {
      certificatePem: material(certificatePem),
      chainPem: material(chainPem),
      privateKeyPem: privateKeyPem === null ? null : material(privateKeyPem),
    },
  };
}

function chainFindings({ certificates }: Parts, chain: Chain, leaf: CertificatePart): Finding[] {
  const name = nameOf(leaf);
  const leftOut = (reason: string) =>
    chain.entries.filter((entry) => entry.mark === "left-out" && entry.reason === reason);
  const names = (reason: string) =>
    leftOut(reason)
      .map((entry) => entry.certificate.commonName ?? entry.certificate.subject)
      .join(", ");
  const count = new Set(certificates.map(({ facts }) => facts.fingerprintSha256)).size;
  const found: Finding[] = [];
  if (chain.state === "incomplete")
    found.push(finding("missing-intermediate", { name, issuer: chain.missingIssuer ?? "" }));
  if (chain.state === "untrusted")
    found.push(finding("untrusted-root", { name, root: commonName(chain.root?.subject ?? "") }));
  if (chain.state === "self-signed") found.push(finding("self-signed", { name }));
  if (chain.entries.some((entry) => entry.mark === "moved")) found.push(finding("chain-reordered", { name }));
  if (leftOut("root").length > 0) found.push(finding("root-left-out", { root: names("root") }));
  if (leftOut("unrelated").length > 0)
    found.push(finding("unrelated-certificates", { names: names("unrelated") }));
  if (leftOut("other-leaf").length > 0)
    found.push(finding("several-certificates", { name, others: names("other-leaf") }));
  if (certificates.length > count)
    found.push(finding("duplicates-left-out", { count: certificates.length - count }));
  if (isWeak(leaf.x509.publicKey))
    found.push(finding("weak-key", { keyType: keyType(leaf.x509.publicKey), shortest: shortestRsaBits }));
  return found;
}

function keyFindings(
  { keys }: Parts,
  leaf: CertificatePart,
  key: KeyPart | null,
  keyFits: boolean | null,
): Finding[] {
  const about = { name: nameOf(leaf) };
  const found: Finding[] = [];
  if (key && keyFits === false) {
    const hashes = { certificateSpki: leaf.facts.spkiSha256, keySpki: key.facts.spkiSha256 };
    found.push(finding("key-mismatch", { ...about, ...hashes }, key.facts.source));
  }
  const others = new Set(keys.map(({ facts }) => facts.spkiSha256)).size - 1;
  if (others > 0) found.push(finding("several-keys", { ...about, count: others + 1 }));
  return found;
}

/** RFC 7468: 64 columns, LF. */
function pem({ x509 }: CertificatePart): string {
  const lines = x509.raw.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function nameOf({ facts }: CertificatePart): string {
  return facts.commonName ?? facts.dnsNames[0] ?? facts.subject;
}

function commonName(subject: string): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.split("\n").join(", ");
}

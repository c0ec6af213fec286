import type { X509Certificate } from "node:crypto";
import type {
  Finding,
  HandshakeProof,
  MaterialInput,
  MaterialReading,
  ReadOptions,
  SortedMaterial,
} from "@sealpost/domain";
import { CertificateMaterial, finding, isBlocked } from "@sealpost/domain/judging";
import type { Anchors } from "./anchors.ts";
import { nameOf } from "./certificate-facts.ts";
import { buildChain, type Chain } from "./chain.ts";
import { chooseKey, chooseLeaf } from "./choose.ts";
import { proveByHandshake } from "./handshake.ts";
import { type Library, pemOf } from "./library.ts";
import { chainFindings, isCurrent, keyFindings, settled, withoutLeafFindings } from "./material-findings.ts";
import { type CertificatePart, emptyParts, type KeyPart, note, type Parts } from "./parts.ts";
import type { Purpose } from "./path-rules.ts";
import { readBytes } from "./read-bytes.ts";
import { shownName } from "./shown-name.ts";

/** What chains may end in, and be completed from. */
export interface Trust {
  readonly anchors: Anchors;
  readonly library: Library;
  /** What the certificate is for; a server, unless said otherwise. */
  readonly purpose?: Purpose;
}

/**
 * Reads, sorts and proves what was dropped. Never throws for bad input: what is wrong stands in the findings. Judging
 * it for an order and a moment is the domain's affair.
 */
export async function readMaterial(
  inputs: readonly MaterialInput[],
  options: ReadOptions,
  trust: Trust,
): Promise<MaterialReading> {
  const parts = emptyParts(options.passphrase);
  for (const { name, bytes } of inputs) {
    const source = { path: [shownName(name)] };
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const isKnown = await readBytes(parts, buffer, source);
    if (!isKnown && bytes.length > 0) note(parts, "not-a-certificate", {}, source);
  }
  if (inputs.every(({ bytes }) => bytes.length === 0)) note(parts, "empty-input");
  const leaf = chooseLeaf(parts, options.certificate);
  return leaf ? await withLeaf(parts, leaf, options, trust) : withoutLeaf(parts);
}

function withoutLeaf(parts: Parts): MaterialReading {
  const facts = {
    ...sharedFacts(parts, chooseKey(parts, null)),
    certificate: null,
    chain: [],
    chainState: null,
    missingIssuer: null,
    missingIssuerUrls: [],
    keyFits: null,
    handshake: null,
    findings: withoutLeafFindings(parts),
  };
  return { facts, material: null };
}

async function withLeaf(
  parts: Parts,
  leaf: CertificatePart,
  { now, proof: wanted = "handshake" }: ReadOptions,
  trust: Trust,
): Promise<MaterialReading> {
  const key = chooseKey(parts, leaf);
  const keyFits = key ? key.facts.spkiSha256 === leaf.facts.spkiSha256 : null;
  const chain = buildChain(leaf, parts.certificates, { ...trust, now });
  const texts = storedTexts(leaf, chain, keyFits ? key : null);
  const found = [...chainFindings(chain, leaf, trust.purpose), ...keyFindings(parts, leaf, key)];
  // A proof of what is known to fail would only say the same again in OpenSSL's words.
  const proof =
    wanted === "handshake" && isCurrent(leaf.facts, now) && !isBlocked(found)
      ? await proofOf(texts, leaf, chain)
      : { handshake: null, findings: [] };
  const facts = {
    ...sharedFacts(parts, key),
    certificate: leaf.facts,
    chain: chain.entries,
    chainState: chain.state,
    missingIssuer: chain.missingIssuer,
    missingIssuerUrls: chain.missingIssuerUrls,
    keyFits,
    handshake: proof.handshake,
    findings: [
      ...settled(parts.findings, keyFits === true),
      ...strayRequests(parts, leaf),
      ...found,
      ...proof.findings,
    ],
  };
  return { facts, material: materialOf(texts) };
}

/** A request of another certificate is of no use here. */
function strayRequests({ requests }: Parts, leaf: CertificatePart): readonly Finding[] {
  return requests
    .filter(({ spkiSha256 }) => spkiSha256 !== leaf.facts.spkiSha256)
    .map(({ source }) => finding("file-left-out", {}, source));
}

function sharedFacts(parts: Parts, key: KeyPart | null) {
  return {
    key: key?.facts ?? null,
    request: parts.requests[0] ?? null,
    orderNumbers: [...parts.orderNumbers],
  };
}

/** What would be stored, as text. */
interface StoredTexts {
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly privateKeyPem: string | null;
}

function storedTexts(leaf: CertificatePart, chain: Chain, key: KeyPart | null): StoredTexts {
  return {
    certificatePem: pem(leaf),
    chainPem: chain.stored.slice(1).map(pem).join(""),
    privateKeyPem: key?.pkcs8Pem ?? null,
  };
}

/** Written once for each certificate that is still around: those of CAs are. */
const written = new WeakMap<X509Certificate, string>();

function pem({ x509 }: CertificatePart): string {
  const text = written.get(x509) ?? pemOf(x509.raw);
  written.set(x509, text);
  return text;
}

async function proofOf(
  { privateKeyPem, ...texts }: StoredTexts,
  leaf: CertificatePart,
  chain: Chain,
): Promise<{ readonly handshake: HandshakeProof | null; readonly findings: readonly Finding[] }> {
  if (privateKeyPem === null) return { handshake: null, findings: [] };
  const { dnsNames } = leaf.facts;
  const proof = await proveByHandshake({
    ...texts,
    privateKeyPem,
    leaf: leaf.x509,
    dnsNames,
    root: chain.root?.x509 ?? null,
  });
  if (!("reason" in proof)) return { handshake: proof, findings: [] };
  const name = nameOf(leaf.facts);
  const { reason } = proof;
  const failure = proof.isChain
    ? finding("invalid-chain", { name, issuer: leaf.facts.issuerCommonName ?? leaf.facts.issuer, reason })
    : finding("handshake-failed", { name, reason });
  return { handshake: null, findings: [failure] };
}

function materialOf({ certificatePem, chainPem, privateKeyPem }: StoredTexts): SortedMaterial {
  const material = (text: string) => new CertificateMaterial(Buffer.from(text));
  return {
    certificatePem: material(certificatePem),
    chainPem: material(chainPem),
    privateKeyPem: privateKeyPem === null ? null : material(privateKeyPem),
  };
}

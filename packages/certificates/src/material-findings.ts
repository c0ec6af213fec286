import type { CertificateFacts, Finding, FindingId } from "@sealpost/domain";
import { finding } from "@sealpost/domain/judging";
import { nameOf } from "./certificate-facts.ts";
import type { Chain } from "./chain.ts";
import { anyExtendedKeyUsage, type Extensions, extensionOid, keyUsageBit, serverAuth } from "./extensions.ts";
import type { CertificatePart, KeyPart, Parts } from "./parts.ts";
import type { Purpose } from "./path-rules.ts";
import { isAcceptedBySignatories, isWeak, shortestRsaBits } from "./public-key.ts";

/** What to say when there is no certificate among what was read: the nearest thing to one, by its name. */
export function withoutLeafFindings({ certificates, requests, keys, findings }: Parts): readonly Finding[] {
  const [ca] = certificates;
  if (ca)
    return [...findings, finding("ca-certificate-as-leaf", { name: nameOf(ca.facts) }, ca.facts.source)];
  if (requests[0]) return [...findings, finding("csr-given", {}, requests[0].source)];
  if (keys[0]) return [...findings, finding("missing-certificate", {}, keys[0].facts.source)];
  return findings.length > 0 ? findings : [finding("not-a-certificate")];
}

/** What only stands in the way as long as the key is missing. */
const notNeededWithKey: readonly FindingId[] = [
  "public-key-given",
  "unsupported-key-format",
  "passphrase-required",
  "wrong-passphrase",
];
/** What could not have held anything that is missing. */
const neverNeeded: readonly FindingId[] = ["not-a-certificate", "crl-given"];

/**
 * What the formats noted, now that the certificate is known: a file that could not be used no longer stands in the way
 * when everything it could have held was found elsewhere (a PKCS#7 beside the same certificate as PEM, a read-me).
 */
export function settled(findings: readonly Finding[], hasFittingKey: boolean): readonly Finding[] {
  return findings.map((found) => {
    const { id, params, source } = found;
    const isNotNeeded =
      neverNeeded.includes(id) ||
      (id === "unsupported-format" && hasFittingKey) ||
      (hasFittingKey && notNeededWithKey.includes(id));
    return isNotNeeded ? finding("file-left-out", params, source) : found;
  });
}

/** What there is to say of the certificates beside the chosen one, and of the way up. */
export function chainFindings(
  chain: Chain,
  leaf: CertificatePart,
  purpose: Purpose = serverAuth,
): readonly Finding[] {
  const name = nameOf(leaf.facts);
  const leftOut = (reason: string) =>
    chain.entries.filter(
      (entry) =>
        entry.reason === reason &&
        entry.certificate.fingerprintSha256 !== chain.falseIssuer?.facts.fingerprintSha256,
    );
  const names = (reason: string) =>
    leftOut(reason)
      .map((entry) => nameOf(entry.certificate))
      .join(", ");
  const found: Finding[] = [...problemFindings(chain, leaf), ...usageFindings(leaf, purpose)];
  const issuer = chain.missingIssuer ?? "";
  if (chain.falseIssuer)
    found.push(finding("bad-signature", { name, issuer }, chain.falseIssuer.facts.source));
  else if (chain.state === "incomplete") found.push(finding("missing-intermediate", { name, issuer }));
  if (chain.state === "untrusted")
    found.push(finding("untrusted-root", { name, root: topIssuer(chain, leaf) }));
  if (chain.state === "self-signed") found.push(finding("self-signed", { name }));
  if (chain.entries.some((entry) => entry.mark === "moved"))
    found.push(
      finding("chain-reordered", { name, order: chain.stored.map((part) => nameOf(part.facts)).join(", ") }),
    );
  if (leftOut("root").length > 0) found.push(finding("root-included", { root: names("root") }));
  if (leftOut("unrelated").length > 0)
    found.push(finding("unrelated-certificates", { name, names: names("unrelated") }));
  if (leftOut("other-leaf").length > 0)
    found.push(
      finding("several-certificates", {
        name,
        at: leaf.facts.validTo.toISOString(),
        others: names("other-leaf"),
      }),
    );
  if (leftOut("duplicate").length > 0)
    found.push(
      finding("duplicate-certificates", { names: names("duplicate"), count: leftOut("duplicate").length }),
    );
  return [...found, ...leafKeyFindings(leaf), ...profileFindings(chain, leaf)];
}

function leafKeyFindings({ publicKey, facts }: CertificatePart): readonly Finding[] {
  const { keyType, rsaBits } = publicKey;
  if (isWeak(publicKey)) return [finding("weak-key", { keyType, shortest: shortestRsaBits }, facts.source)];
  return rsaBits === 0 && !isAcceptedBySignatories(publicKey)
    ? [finding("unsupported-key", { keyType }, facts.source)]
    : [];
}

/** Rules of the Baseline Requirements that some clients enforce: said once, the first that is broken. */
function profileFindings({ root }: Chain, leaf: CertificatePart): readonly Finding[] {
  const { fields, facts, publicKey } = leaf;
  const { extensions } = fields;
  const { commonName, dnsNames, ipAddresses } = facts;
  const names = extensions.names ?? [];
  const isHost = commonName !== null && /^[^\s@]+\.[^\s@]+$|:|^0x/.test(commonName);
  const own = [...names.map(({ text }) => text), ...ipAddresses];
  // A trusted CA below a root is not made as roots are.
  const rootExtensions = root !== leaf && root?.facts.isSelfSigned ? root.fields.extensions : undefined;
  const broken: Readonly<Record<string, boolean>> = {
    version: fields.version < 3,
    "no-names": dnsNames.length + ipAddresses.length === 0,
    "common-name": isHost && !own.includes(commonName.toLowerCase()),
    "address-as-name": dnsNames.some((name) => /^[0-9.]+$/.test(name)),
    wildcard: dnsNames.some((name) => name.includes("*") && !/^\*\.[^*.]+\.[^*]+$/.test(name)),
    "critical-names": facts.subject !== "" && extensions.critical.has(extensionOid.subjectAltName),
    "any-usage": extensions.extendedKeyUsage?.includes(anyExtendedKeyUsage) ?? false,
    "critical-usage": extensions.critical.has(extensionOid.extendedKeyUsage),
    aia: extensions.malformed.includes(extensionOid.authorityInformation),
    "weak-key": publicKey.rsaBits % 8 !== 0,
    "root-usage": rootExtensions?.extendedKeyUsage !== null && rootExtensions !== undefined,
    "root-identifier":
      rootExtensions?.authorityKeyId?.hasIssuer === true || isForeignIdentifier(rootExtensions),
  };
  const reason = Object.keys(broken).find((key) => broken[key]);
  return reason ? [finding("nonconforming-profile", { name: nameOf(facts), reason }, facts.source)] : [];
}

/** A root's authority key identifier is its own subject key identifier, or absent. */
function isForeignIdentifier(root: Extensions | undefined): boolean {
  return root?.authorityKeyId != null && root.authorityKeyId.keyId !== root.subjectKeyId;
}

/** Why the way up does not hold, in the words of where the fault lies. */
function problemFindings({ problem }: Chain, leaf: CertificatePart): readonly Finding[] {
  if (problem === null) return [];
  const { id, reason, at } = problem;
  const name = nameOf(leaf.facts);
  const { source } = at.facts;
  if (id === "resource-limit") return [finding(id, { limit: reason }, source)];
  if (id === "unknown-critical-extension")
    return [finding(id, { name: nameOf(at.facts), oid: reason }, source)];
  if (id === "weak-signature") return [finding(id, { name: nameOf(at.facts), algorithm: reason }, source)];
  if (id === "expired-intermediate")
    return [finding(id, { name, issuer: nameOf(at.facts), at: reason }, source)];
  if (at === leaf && reason !== "name-constraints")
    return [finding("malformed-certificate", { name, reason }, source)];
  return [finding(id, { name, issuer: nameOf(at.facts), reason }, source)];
}

/** What the certificate itself says it may be used for. */
function usageFindings({ fields, facts }: CertificatePart, purpose: Purpose): readonly Finding[] {
  const { all, keyUsage, extendedKeyUsage } = fields.extensions;
  const name = nameOf(facts);
  const found = (id: FindingId, params: Finding["params"] = {}) =>
    finding(id, { name, ...params }, facts.source);
  const isPoisoned = all.includes(extensionOid.precertificatePoison);
  const forTls = keyUsageBit.digitalSignature | keyUsageBit.keyEncipherment | keyUsageBit.keyAgreement;
  const usages = extendedKeyUsage ?? [];
  const isForPurpose = usages.includes(purpose) || usages.includes(anyExtendedKeyUsage);
  return [
    ...(isPoisoned ? [found("precertificate")] : []),
    ...(keyUsage !== null && !(keyUsage & forTls)
      ? [found("wrong-usage", { usage: keyUsageNames(keyUsage) })]
      : []),
    ...(extendedKeyUsage && !isForPurpose
      ? [found("wrong-usage", { usage: usages.map(usageName).join(", ") })]
      : []),
    ...(all.includes(extensionOid.tlsFeature) ? [found("must-staple")] : []),
    ...(all.includes(extensionOid.extendedKeyUsage) ? [] : [found("no-server-auth-eku")]),
  ];
}

const usageNames: Readonly<Record<string, string>> = {
  "1.3.6.1.5.5.7.3.2": "clientAuth",
  "1.3.6.1.5.5.7.3.3": "codeSigning",
  "1.3.6.1.5.5.7.3.4": "emailProtection",
  "1.3.6.1.5.5.7.3.8": "timeStamping",
  "1.3.6.1.5.5.7.3.9": "OCSPSigning",
};

function usageName(oid: string): string {
  return usageNames[oid] ?? oid;
}

/** RFC 5280 section 4.2.1.3, from the first bit on. */
const keyUsages = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
];

function keyUsageNames(keyUsage: number): string {
  return keyUsages.filter((_, bit) => (keyUsage & (0x80 >> bit)) !== 0).join(", ") || "-";
}

type Dates = Pick<CertificateFacts, "validFrom" | "validTo">;

function outOfDates({ validFrom, validTo }: Dates, now: Date): "expired" | "not-yet-valid" | null {
  if (validTo <= now) return "expired";
  return validFrom > now ? "not-yet-valid" : null;
}

export function isCurrent(dates: Dates, now: Date): boolean {
  return outOfDates(dates, now) === null;
}

function topIssuer({ stored }: Chain, leaf: CertificatePart): string {
  const { facts } = stored.at(-1) ?? leaf;
  return facts.issuerCommonName ?? facts.issuer;
}

export function keyFindings({ keys }: Parts, leaf: CertificatePart, key: KeyPart | null): readonly Finding[] {
  const name = nameOf(leaf.facts);
  const found: Finding[] = [];
  if (key && key.facts.spkiSha256 !== leaf.facts.spkiSha256) {
    const hashes = { certificateSpki: leaf.facts.spkiSha256, keySpki: key.facts.spkiSha256 };
    found.push(finding("key-mismatch", { name, ...hashes }, key.facts.source));
  }
  const count = new Set(keys.map(({ facts }) => facts.spkiSha256)).size;
  if (count > 1) found.push(finding("several-keys", { name, count }));
  return found;
}

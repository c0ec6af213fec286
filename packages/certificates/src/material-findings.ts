import { type CertificateFacts, type Finding, type FindingId, finding } from "@sealpost/domain";
import { nameOf } from "./certificate-facts.ts";
import type { Chain } from "./chain.ts";
import type { CertificatePart, KeyPart, Parts } from "./parts.ts";
import { isWeak, shortestRsaBits } from "./public-key.ts";

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
  "passphrase-required",
  "wrong-passphrase",
];
const certificatesOnly: readonly unknown[] = ["PKCS#7", "CRL"];

/**
 * What the formats noted, now that the certificate is known: a file that could not be used no longer stands in the way
 * when everything it could have held was found elsewhere (a PKCS#7 beside the same certificate as PEM, a read-me).
 */
export function settled(findings: readonly Finding[], hasFittingKey: boolean): readonly Finding[] {
  return findings.map((found) => {
    const { id, params, source } = found;
    const isNotNeeded =
      id === "not-a-certificate" ||
      (id === "unsupported-format" && (hasFittingKey || certificatesOnly.includes(params.format))) ||
      (hasFittingKey && notNeededWithKey.includes(id));
    return isNotNeeded ? finding("file-left-out", params, source) : found;
  });
}

/** What there is to say of the certificates beside the chosen one, and of the way up. */
export function chainFindings(chain: Chain, leaf: CertificatePart, now: Date): readonly Finding[] {
  const name = nameOf(leaf.facts);
  const leftOut = (reason: string) => chain.entries.filter((entry) => entry.reason === reason);
  const names = (reason: string) =>
    leftOut(reason)
      .map((entry) => nameOf(entry.certificate))
      .join(", ");
  const found: Finding[] = [...brokenLinks(chain, leaf, now)];
  const issuer = chain.missingIssuer ?? "";
  if (chain.falseIssuer)
    found.push(
      finding("invalid-chain", { name, issuer, reason: "bad-signature" }, chain.falseIssuer.facts.source),
    );
  else if (chain.state === "incomplete") found.push(finding("missing-intermediate", { name, issuer }));
  if (chain.state === "untrusted")
    found.push(finding("untrusted-root", { name, root: topIssuer(chain, leaf) }));
  if (chain.state === "self-signed") found.push(finding("self-signed", { name }));
  if (chain.entries.some((entry) => entry.mark === "moved"))
    found.push(
      finding("chain-reordered", { name, order: chain.stored.map((part) => nameOf(part.facts)).join(", ") }),
    );
  if (leftOut("root").length > 0) found.push(finding("root-left-out", { root: names("root") }));
  if (leftOut("unrelated").length > 0)
    found.push(finding("unrelated-certificates", { name, names: names("unrelated") }));
  if (leftOut("other-leaf").length > 0)
    found.push(finding("several-certificates", { name, others: names("other-leaf") }));
  if (leftOut("duplicate").length > 0)
    found.push(finding("duplicates-left-out", { count: leftOut("duplicate").length }));
  if (isWeak(leaf.publicKey))
    found.push(
      finding("weak-key", { keyType: leaf.facts.keyType, shortest: shortestRsaBits }, leaf.facts.source),
    );
  return found;
}

/** Issuers that may not issue, or not at this moment. Where the certificate itself is out of its dates that is enough said. */
function brokenLinks({ stored }: Chain, leaf: CertificatePart, now: Date): readonly Finding[] {
  const name = nameOf(leaf.facts);
  return stored.slice(1).flatMap(({ facts }) => {
    const reason = facts.isCa ? isCurrent(leaf.facts, now) && outOfDates(facts, now) : "not-a-ca";
    return reason ? [finding("invalid-chain", { name, issuer: nameOf(facts), reason }, facts.source)] : [];
  });
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

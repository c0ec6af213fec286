import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { comparableHost, createMaterialReader, limits } from "@sealpost/certificates";
import type {
  CertificateFacts,
  ChainEntry,
  Finding,
  FindingLanguage,
  MaterialFacts,
  Severity,
} from "@sealpost/domain";
import { findingWords, judge } from "@sealpost/domain/judging";
import type { InspectOptions } from "./inspect-options.ts";

/** What `sealpost inspect --json` prints. Times in ISO 8601, fingerprints as OpenSSL writes them. */
export interface Inspection {
  readonly outcome: "ok" | "warning" | "blocked";
  readonly certificate: ReturnType<typeof certificateJson> | null;
  readonly chain: ReturnType<typeof chainJson>;
  readonly privateKey: ReturnType<typeof keyJson>;
  readonly certificateSigningRequest: ReturnType<typeof requestJson>;
  readonly findings: ReadonlyArray<ReturnType<typeof findingJson>>;
}

/** Reads and judges files as the console would, in memory, without a network. Throws an Error with a
 * plain sentence when a file cannot be read. */
export async function inspect(options: InspectOptions): Promise<Inspection> {
  const { at: now, language } = options;
  const inputs = await Promise.all(
    options.files.map(async (file) => ({ name: basename(file), bytes: await bytesOf(file) })),
  );
  const reader = createMaterialReader({
    anchorsPem: await texts(options.trust),
    libraryPem: await texts(options.intermediates),
  });
  const { facts } = await reader.read(inputs, { passphrase: options.passphrase, now });
  const findings = judge(facts, {
    mode: options.certificateOnly ? "certificate-only" : "certificate-and-key",
    order: null,
    hosts: options.orderHosts.map(comparableHost),
    keyOwner: null,
    now,
  });
  return {
    outcome: outcomeOf(findings),
    certificate: facts.certificate && certificateJson(facts.certificate),
    chain: chainJson(facts.chain),
    privateKey: keyJson(facts),
    certificateSigningRequest: requestJson(facts),
    findings: findings.map((found) => findingJson(found, language)),
  };
}

function texts(files: readonly string[]): Promise<readonly string[]> {
  return Promise.all(files.map(async (file) => (await bytesOf(file)).toString()));
}

/** Its beginning, up to just beyond what is refused as too large: a device or a disk image is not read to its end. */
async function bytesOf(file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of file === "-" ? process.stdin : createReadStream(file)) {
      chunks.push(Buffer.from(chunk));
      length += chunk.length;
      if (length > limits.fileBytes) break;
    }
  } catch (error) {
    throw new Error(`${file} cannot be read.`, { cause: error });
  }
  return Buffer.concat(chunks);
}

function outcomeOf(findings: readonly Finding[]): Inspection["outcome"] {
  const has = (severity: Severity) => findings.some((found) => found.severity === severity);
  if (has("blocked")) return "blocked";
  return has("warning") ? "warning" : "ok";
}

function certificateJson(certificate: CertificateFacts) {
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    serialNumber: certificate.serialNumber.toUpperCase(),
    fingerprint256: withColons(certificate.fingerprintSha256),
    spkiSha256: certificate.spkiSha256,
    notBefore: certificate.validFrom.toISOString(),
    notAfter: certificate.validTo.toISOString(),
    subjectAlternativeNames: [
      ...certificate.dnsNames.map((name) => `DNS:${name}`),
      ...certificate.ipAddresses.map((address) => `IP:${address}`),
    ],
    source: certificate.source.path.join(" › "),
  };
}

/** The intermediates as they would be stored, from the certificate upwards. */
function chainJson(chain: readonly ChainEntry[]) {
  return chain
    .filter((entry) => entry.mark !== "left-out")
    .slice(1)
    .map(({ certificate, origin }) => ({
      subject: certificate.subject,
      fingerprint256: withColons(certificate.fingerprintSha256),
      origin,
      source: certificate.source.path.join(" › "),
    }));
}

function keyJson({ key, keyFits }: MaterialFacts) {
  return (
    key && {
      type: key.algorithm,
      encrypted: key.encrypted,
      matches: keyFits ?? false,
      source: key.source.path.join(" › "),
    }
  );
}

function requestJson({ request, certificate }: MaterialFacts) {
  return (
    request && {
      subject: request.subject,
      spkiSha256: request.spkiSha256,
      matches: request.spkiSha256 === certificate?.spkiSha256,
      source: request.source.path.join(" › "),
    }
  );
}

function findingJson(found: Finding, language: FindingLanguage) {
  const { what, todo } = findingWords(found, language, (iso) => `${iso.slice(0, 16).replace("T", " ")} UTC`);
  const message = found.severity === "fixed" ? what : `${what} ${todo}`;
  return {
    id: found.id,
    severity: found.severity,
    message,
    params: found.params,
    source: found.source?.path.join(" › ") ?? null,
  };
}

function withColons(hex: string): string {
  return (hex.toUpperCase().match(/../g) ?? []).join(":");
}

import type { ChainEntry } from "@sealpost/domain";
import { readCertificate } from "./certificate-facts.ts";
import { derAt, sequenceOf } from "./der.ts";
import { nameKey } from "./general-names.ts";
import type { CertificatePart } from "./parts.ts";

/** Certificates known beforehand, by their subject. */
export interface CertificateIndex {
  /** Those that bear this name; names are compared as RFC 5280 section 7.1 has it. */
  bearing(name: Buffer): readonly CertificatePart[];
}

/** Each is parsed only when its name is asked for: of thousands one reading needs two. Null stands for one that cannot be. */
export function indexOf(ders: readonly Buffer[], origin: ChainEntry["origin"]): CertificateIndex {
  const bySubject = Map.groupBy(ders, (der) => nameKey(subjectOf(der)));
  const read = new Map<string, readonly CertificatePart[]>();
  return {
    bearing(name) {
      const key = nameKey(name);
      const known = read.get(key) ?? (bySubject.get(key) ?? []).flatMap((der) => partOf(der, origin) ?? []);
      read.set(key, known);
      return known;
    },
  };
}

export const emptyIndex: CertificateIndex = { bearing: () => [] };

/** One that stands in several indexes comes from the first. */
export function joined(...indexes: readonly CertificateIndex[]): CertificateIndex {
  return { bearing: (name) => indexes.flatMap((index) => index.bearing(name)) };
}

const block = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;

/** The bytes of every certificate in a PEM text (RFC 7468). */
export function dersOf(pem: string): readonly Buffer[] {
  return [...pem.matchAll(block)].map(([, base64 = ""]) => Buffer.from(base64, "base64"));
}

export function partOf(der: Buffer, origin: ChainEntry["origin"]): CertificatePart | null {
  const part = derAt(der)?.whole.length === der.length ? readCertificate(der, { path: [origin] }) : null;
  return part && { ...part, origin };
}

/** RFC 5280 section 4.1: the subject is the sixth field, the version before it may be absent. */
function subjectOf(der: Buffer): Buffer {
  const fields = sequenceOf(sequenceOf(derAt(der))[0]);
  const subject = fields[fields[0]?.tag === 0xa0 ? 5 : 4];
  return subject?.whole ?? Buffer.alloc(0);
}

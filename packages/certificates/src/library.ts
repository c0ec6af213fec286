import { certificatesIn } from "./anchors.ts";
import { nameKey } from "./general-names.ts";
import type { CertificatePart } from "./parts.ts";

/** Public intermediate certificates known beforehand, from which a chain is completed without asking any network. */
export interface Library {
  /** Those that bear the name of this certificate's issuer. */
  named(certificate: CertificatePart): readonly CertificatePart[];
}

/** Each text holds PEM certificates; one that cannot be read is passed over, since a library is only an offer. */
export function createLibrary(texts: readonly string[]): Library {
  const blocks = texts.flatMap(
    (text) => text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [],
  );
  const parts = blocks.flatMap((text) => {
    try {
      return certificatesIn([text]);
    } catch {
      return [];
    }
  });
  const bySubject = Map.groupBy(
    parts.map((part) => ({ ...part, isFromLibrary: true })),
    ({ fields }) => nameKey(fields.subject.bytes),
  );
  return { named: ({ fields }) => bySubject.get(nameKey(fields.issuer.bytes)) ?? [] };
}

import type { MaterialFacts, MaterialReading } from "@sealpost/domain";
import { CertificateMaterial } from "@sealpost/domain/judging";

/** A reading as it crosses from a worker thread: plain bytes in place of material. */
export interface TransferableReading {
  readonly facts: MaterialFacts;
  readonly material: {
    readonly certificatePem: Uint8Array;
    readonly chainPem: Uint8Array;
    readonly privateKeyPem: Uint8Array | null;
  } | null;
}

export function toTransferable({ facts, material }: MaterialReading): TransferableReading {
  return {
    facts,
    material: material && {
      certificatePem: material.certificatePem.reveal(),
      chainPem: material.chainPem.reveal(),
      privateKeyPem: material.privateKeyPem?.reveal() ?? null,
    },
  };
}

export function fromTransferable({ facts, material }: TransferableReading): MaterialReading {
  return {
    facts,
    material: material && {
      certificatePem: new CertificateMaterial(material.certificatePem),
      chainPem: new CertificateMaterial(material.chainPem),
      privateKeyPem: material.privateKeyPem && new CertificateMaterial(material.privateKeyPem),
    },
  };
}

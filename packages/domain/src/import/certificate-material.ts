/**
 * Bytes as received or as they will be stored: certificate, chain, private key, credential.
 * Prints itself as `[material]` wherever something tries to log, inspect or serialise it.
 */
export class CertificateMaterial {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The bytes themselves. Every call is a place to look at in a review. */
  reveal(): Uint8Array {
    return this.#bytes;
  }

  toJSON(): string {
    return "[material]";
  }

  toString(): string {
    return "[material]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[material]";
  }
}

/** A credential as JSON. The domain has no TextEncoder, and JSON can be plain ASCII by escaping the rest. */
export function asciiMaterial(value: string | Readonly<Record<string, string>>): CertificateMaterial {
  const ascii = JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return new CertificateMaterial(Uint8Array.from(ascii, (char) => char.charCodeAt(0)));
}

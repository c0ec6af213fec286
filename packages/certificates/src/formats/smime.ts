import { pkcs7Content } from "./pkcs7.ts";

/** What lies around a mail: nothing that can be opened without the receiver's key, or a signature. */
export type MailWrapper =
  | { readonly kind: "encrypted" }
  | { readonly kind: "signed"; readonly content: Buffer };

const identifiers: Readonly<Record<string, "signed" | "encrypted">> = {
  // signedData, envelopedData, encryptedData (RFC 5652), authEnvelopedData (RFC 5083)
  "06092a864886f70d010702": "signed",
  "06092a864886f70d010703": "encrypted",
  "06092a864886f70d010706": "encrypted",
  "060b2a864886f70d0109100117": "encrypted",
};

/** What S/MIME wraps (RFC 8551 section 3); null for anything else, and for signatures around nothing, as PKCS#7 files are. */
export function mailWrapper(bytes: Buffer): MailWrapper | null {
  if (bytes[0] !== 0x30) return null;
  // The identifier follows on the head, whose length may be of the indefinite form that BER has.
  const head = bytes.subarray(0, 24).toString("hex");
  const found = Object.keys(identifiers).find((hex) => {
    const at = head.indexOf(hex);
    return at >= 4 && at <= 14;
  });
  if (found === undefined) return null;
  if (identifiers[found] === "encrypted") return { kind: "encrypted" };
  const content = pkcs7Content(bytes);
  return content && content.length > 0 ? { kind: "signed", content } : null;
}

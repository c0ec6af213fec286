import { createHmac, createPrivateKey, createPublicKey, hkdfSync, sign } from "node:crypto";
import type { AuditSeal } from "@sealpost/domain";

/** RFC 8410 section 7: what stands before the 32 bytes of an Ed25519 private key in PKCS#8. */
const ed25519Pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** The seal of the audit chain, from 32 bytes that the vault holds. */
export function createAuditSeal(held: Uint8Array): AuditSeal {
  const macKey = Buffer.from(hkdfSync("sha256", held, "", "sealpost audit mac", 32));
  const seed = Buffer.from(hkdfSync("sha256", held, "", "sealpost audit head", 32));
  const signingKey = createPrivateKey({
    key: Buffer.concat([ed25519Pkcs8, seed]),
    format: "der",
    type: "pkcs8",
  });
  return {
    mac: (text) => createHmac("sha256", macKey).update(text).digest("hex"),
    sign: (text) => sign(null, Buffer.from(text), signingKey).toString("base64"),
    publicKey: createPublicKey(signingKey).export({ format: "der", type: "spki" }).toString("base64"),
  };
}

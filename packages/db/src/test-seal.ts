import { createHmac, createPrivateKey, createPublicKey, sign } from "node:crypto";
import type { AuditSeal } from "@sealpost/domain";

/** What the vault would do, with a key that everybody may know. */
export function testSeal(number = 1): AuditSeal {
  const seed = Buffer.concat([
    Buffer.from("302e020100300506032b657004220420", "hex"),
    Buffer.alloc(32, number),
  ]);
  const key = createPrivateKey({ key: seed, format: "der", type: "pkcs8" });
  return {
    mac: (text) => createHmac("sha256", `key ${number}`).update(text).digest("hex"),
    sign: (text) => sign(null, Buffer.from(text), key).toString("base64"),
    publicKey: createPublicKey(key).export({ format: "der", type: "spki" }).toString("base64"),
  };
}

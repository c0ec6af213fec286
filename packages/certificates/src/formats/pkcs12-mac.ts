import { createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";
import type { MaterialSource } from "@sealpost/domain";
import { type DerElement, oidOf, sequenceOf, smallInteger } from "../der.ts";
import { mayStill, type Parts } from "../parts.ts";
import { bmpPasswords, derivePkcs12, passwordBytes, pkcs12Purpose, roundsOf } from "./pbe-kdf.ts";

const pbmac1 = "1.2.840.113549.1.5.14";
const pbkdf2 = "1.2.840.113549.1.5.12";
const hashes: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.4": "sha224",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};
const hmacHashes: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.8": "sha224",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};
/** RFC 9579 has a MAC with a shorter key refused. In bytes. */
const shortestMacKey = 20;

/** Whether a MacData (RFC 7292 section 4) is the passphrase's; `told`: to find out would be too much work. */
export function macVerdict(
  parts: Parts,
  mac: DerElement,
  safe: Buffer,
  passphrase: string,
  source: MaterialSource,
): "right" | "wrong" | "malformed" | "told" {
  const [digestInfo, salt, iterations] = sequenceOf(mac);
  const [algorithm, digest] = sequenceOf(digestInfo);
  const [type, parameters] = sequenceOf(algorithm);
  if (!digest || !salt) return "malformed";
  const isNew = oidOf(type) === pbmac1;
  const check = isNew ? newMac(parameters) : oldMac(hashes[oidOf(type)], salt.content, iterations);
  if (check === null) return "malformed";
  const spelled = isNew ? passwordBytes(passphrase) : bmpPasswords(passphrase);
  if (!mayStill(parts, "keyRounds", check.rounds * spelled.length, source)) return "told";
  const isRight = (password: Buffer) => {
    const found = check.mac(password, safe);
    return found.length === digest.content.length && timingSafeEqual(found, digest.content);
  };
  return spelled.some(isRight) ? "right" : "wrong";
}

interface Mac {
  readonly rounds: number;
  readonly mac: (password: Buffer, safe: Buffer) => Buffer;
}

function oldMac(hash: string | undefined, salt: Buffer, iterations: DerElement | undefined): Mac | null {
  if (hash === undefined) return null;
  // RFC 7292 section 4: one iteration where none is named.
  const rounds = iterations ? smallInteger(iterations) : 1;
  const { length } = createHmac(hash, "").digest();
  return {
    rounds: roundsOf(hash, { rounds, length, salt }),
    mac: (password, safe) => {
      const key = derivePkcs12(hash, password, { salt, rounds, purpose: pkcs12Purpose.mac, length });
      return createHmac(hash, key).update(safe).digest();
    },
  };
}

/** PBMAC1 (RFC 9579): a key from PBKDF2, whose length is named and never short, for an HMAC. */
function newMac(parameters: DerElement | undefined): Mac | null {
  const [kdf, scheme] = sequenceOf(parameters);
  const [kdfType, kdfParameters] = sequenceOf(kdf);
  const [salt, iterations, keyLength, prf] = sequenceOf(kdfParameters);
  const hash = hmacHashes[oidOf(sequenceOf(scheme)[0])];
  const prfHash = prf ? hmacHashes[oidOf(sequenceOf(prf)[0])] : "sha1";
  const [rounds, length] = [smallInteger(iterations), smallInteger(keyLength)];
  const isKnown = oidOf(kdfType) === pbkdf2 && salt && hash !== undefined && prfHash !== undefined;
  if (!isKnown || rounds === 0 || length < shortestMacKey) return null;
  return {
    rounds: roundsOf(prfHash, { rounds, length, salt: salt.content }),
    mac: (password, safe) => {
      const key = pbkdf2Sync(password, salt.content, rounds, length, prfHash);
      return createHmac(hash, key).update(safe).digest();
    },
  };
}

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import type { MadePasskey, PasskeyQuestion } from "@sealpost/domain";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import type { SignedPasskey } from "./passkeys.ts";

/** Where what is made or signed differs from what a browser and an honest authenticator would say. */
export interface Deviations {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly isFramed?: boolean;
  readonly isUserVerified?: boolean;
  readonly isUserPresent?: boolean;
  readonly counter?: number;
  readonly key?: KeyObject;
  readonly userHandle?: string;
  readonly attest?: Attest;
}

/** Signs what was made: in which format, and with which statement. `key` is the new one. */
export type Attest = (
  signed: Buffer,
  key: KeyObject,
) => { readonly format: string; readonly statement: ReadonlyMap<string, unknown> };

const flags = { present: 0x01, verified: 0x04, credential: 0x40 };

/**
 * A browser and its authenticator in one, for tests: one ES256 key, no attestation (W3C Web Authentication, sections 6.1
 * and 6.5).
 */
export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(32).toString("base64url");
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  readonly #origin: string;
  #userHandle = Buffer.from("nobody").toString("base64url");
  #counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
  }

  make(question: PasskeyQuestion, deviations: Deviations = {}): MadePasskey {
    this.#userHandle = question.userHandle;
    const { x = "", y = "" } = this.#keys.publicKey.export({ format: "jwk" });
    // A COSE key: EC2, ES256, P-256 (RFC 9053, section 7.1.1).
    const key = new Map<number, number | Uint8Array<ArrayBuffer>>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(Buffer.from(x, "base64url"))],
      [-3, bytes(Buffer.from(y, "base64url"))],
    ]);
    const id = Buffer.from(this.credentialId, "base64url");
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const credential = Buffer.concat([Buffer.alloc(16), length, id, isoCBOR.encode(key)]);
    const authData = this.#authenticatorData(question.rpId, deviations, credential);
    const clientDataJSON = this.#clientData("webauthn.create", question.challenge, deviations);
    const signed = Buffer.concat([authData, hashOf(clientDataJSON)]);
    const { format, statement } = (deviations.attest ?? none)(signed, this.#keys.privateKey);
    const attestation = new Map<string, unknown>([
      ["fmt", format],
      ["attStmt", statement],
      ["authData", bytes(authData)],
    ]);
    const attestationObject = Buffer.from(encoded(attestation)).toString("base64url");
    return { credentialId: this.credentialId, clientDataJSON, attestationObject };
  }

  sign(
    question: { readonly challenge: string; readonly rpId: string },
    deviations: Deviations = {},
  ): SignedPasskey {
    this.#counter += 1;
    const clientDataJSON = this.#clientData("webauthn.get", question.challenge, deviations);
    const authenticatorData = this.#authenticatorData(question.rpId, deviations);
    const signed = Buffer.concat([authenticatorData, hashOf(clientDataJSON)]);
    const key = deviations.key ?? this.#keys.privateKey;
    return {
      credentialId: this.credentialId,
      clientDataJSON,
      authenticatorData: authenticatorData.toString("base64url"),
      signature: sign("sha256", signed, key).toString("base64url"),
      userHandle: deviations.userHandle ?? this.#userHandle,
    };
  }

  #clientData(type: string, challenge: string, deviations: Deviations): string {
    const said = {
      type: deviations.type ?? type,
      challenge: deviations.challenge ?? challenge,
      origin: deviations.origin ?? this.#origin,
      crossOrigin: deviations.isFramed ?? false,
    };
    return Buffer.from(JSON.stringify(said)).toString("base64url");
  }

  #authenticatorData(rpId: string, deviations: Deviations, credential = Buffer.alloc(0)): Buffer {
    const { isUserVerified = true, isUserPresent = true, counter = this.#counter } = deviations;
    const said =
      (isUserPresent ? flags.present : 0) |
      (isUserVerified ? flags.verified : 0) |
      (credential.length > 0 ? flags.credential : 0);
    const rest = Buffer.alloc(5);
    rest.writeUInt8(said);
    rest.writeUInt32BE(counter, 1);
    const hash = createHash("sha256")
      .update(deviations.rpId ?? rpId)
      .digest();
    return Buffer.concat([hash, rest, credential]);
  }
}

const none: Attest = () => ({ format: "none", statement: new Map() });

function hashOf(clientDataJSON: string): Buffer {
  return createHash("sha256").update(Buffer.from(clientDataJSON, "base64url")).digest();
}

function bytes(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(buffer);
}

type Encodable = Parameters<typeof isoCBOR.encode>[0];

/** What is put into it here can be encoded. */
function encoded(value: Map<string, unknown>): Uint8Array {
  return isoCBOR.encode(value as Encodable);
}

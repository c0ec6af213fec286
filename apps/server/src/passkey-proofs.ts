import type { MadePasskey, ProvenPasskey } from "@sealpost/domain";
import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { decodeAttestationObject, decodeClientDataJSON, isoBase64URL } from "@simplewebauthn/server/helpers";
import type { SignedPasskey } from "./passkeys.ts";

/** What an answer has to be about. */
export interface Expected {
  readonly challenge: string;
  readonly origin: string;
  readonly rpId: string;
}

/** What was made, if it answers this (W3C Web Authentication Level 3, section 7.1). Null: it does not, or cannot be read. */
export async function proveMade(
  { credentialId, clientDataJSON, attestationObject }: MadePasskey,
  expected: Expected,
  algorithms: readonly number[],
): Promise<ProvenPasskey | null> {
  return await nullIfThrown(async () => {
    if (isFramed(clientDataJSON) || namesItsMaker(attestationObject)) return null;
    const response: RegistrationResponseJSON = {
      ...namesOf(credentialId),
      response: { clientDataJSON, attestationObject },
    };
    const { registrationInfo } = await verifyRegistrationResponse({
      ...demandsOf(expected),
      response,
      supportedAlgorithmIDs: [...algorithms],
    });
    if (!registrationInfo) return null;
    const { id, publicKey, counter } = registrationInfo.credential;
    return { credentialId: id, publicKey: isoBase64URL.fromBuffer(publicKey), counter };
  });
}

/** The counter that was signed, if this key has signed an answer to that (section 7.2). Null: it has not. */
export async function proveSigned(
  { credentialId, userHandle: _, ...response }: SignedPasskey,
  expected: Expected,
  known: Pick<ProvenPasskey, "publicKey" | "counter">,
): Promise<number | null> {
  return await nullIfThrown(async () => {
    if (isFramed(response.clientDataJSON)) return null;
    const said: AuthenticationResponseJSON = { ...namesOf(credentialId), response };
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      ...demandsOf(expected),
      response: said,
      credential: {
        id: credentialId,
        publicKey: isoBase64URL.toBuffer(known.publicKey),
        counter: known.counter,
      },
    });
    return verified ? authenticationInfo.newCounter : null;
  });
}

function namesOf(id: string) {
  return { id, rawId: id, type: "public-key", clientExtensionResults: {} } as const;
}

function demandsOf({ challenge, origin, rpId }: Expected) {
  return {
    ...{ expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpId },
    requireUserVerification: true,
  };
}

/** Made or used in a frame of another page. None of ours can be framed, so that nobody asked there. */
function isFramed(clientDataJSON: string): boolean {
  return decodeClientDataJSON(clientDataJSON).crossOrigin === true;
}

/**
 * Whether it comes with a certificate of its authenticator. Nobody asked for one, and whether it was revoked would be
 * asked at the addresses in it.
 */
function namesItsMaker(attestationObject: string): boolean {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const format = decoded.get("fmt");
  return format !== "none" && (format !== "packed" || decoded.get("attStmt").get("x5c") !== undefined);
}

/** The library throws for whatever does not hold, and for what it cannot read. */
async function nullIfThrown<T>(prove: () => Promise<T | null>): Promise<T | null> {
  return await prove().catch(() => null);
}

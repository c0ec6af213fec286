import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import type { PasskeyStore } from "@sealpost/db";
import type {
  Clock,
  MadePasskey,
  PasskeyCeremony,
  PasskeyQuestion,
  ProvenPasskey,
  SessionId,
} from "@sealpost/domain";
import { z } from "zod";

/** How long a browser may take to answer; it says itself when a person takes longer. */
export const challengeLastsMs = 5 * 60 * 1000;
/** EdDSA, ES256, RS256: what authenticators have (W3C Web Authentication, section 5.4). */
const algorithms = [-8, -7, -257];

/** Loaded when the first passkey comes: it reads certificates of makers too, and takes 28 MB for that. */
const loadProofs = () => import("./passkey-proofs.ts");

const base64url = z.string().regex(/^[\w-]+$/);
/** What a browser answers to sign in, bytes in base64url. Sizes as in `addPasskeyInput`. */
export const signedPasskey = z.object({
  credentialId: base64url.max(1364),
  clientDataJSON: base64url.max(4096),
  authenticatorData: base64url.max(4096),
  signature: base64url.max(2048),
  userHandle: base64url.max(88).nullish(),
});
export type SignedPasskey = z.infer<typeof signedPasskey>;

/**
 * Passkeys of this console: bound to the host of its public address, made and used only at its origin, and only by
 * somebody whom the authenticator has verified, since they stand for password and second factor together.
 */
export class Passkeys implements PasskeyCeremony {
  readonly rpId: string;
  readonly #origin: string;
  readonly #store: PasskeyStore;
  readonly #clock: Clock;
  readonly #asked = new Map<SessionId, { readonly challenge: string; readonly endsAt: number }>();

  private constructor({ hostname, origin }: URL, store: PasskeyStore, clock: Clock) {
    this.rpId = hostname;
    this.#origin = origin;
    this.#store = store;
    this.#clock = clock;
  }

  /** Null for an address that can have none: they are bound to a name, and an IP address is not one. */
  static at(publicUrl: URL, store: PasskeyStore, clock: Clock): Passkeys | null {
    const isAddress = isIP(publicUrl.hostname.replace(/^\[(.*)\]$/, "$1")) !== 0;
    return isAddress ? null : new Passkeys(publicUrl, store, clock);
  }

  ask({ sessionId, personId, known }: Parameters<PasskeyCeremony["ask"]>[0]): PasskeyQuestion {
    const now = this.#clock.now().getTime();
    for (const [session, { endsAt }] of this.#asked) if (endsAt <= now) this.#asked.delete(session);
    const challenge = newChallenge();
    this.#asked.set(sessionId, { challenge, endsAt: now + challengeLastsMs });
    return { challenge, rpId: this.rpId, userHandle: handleOf(personId), algorithms, known };
  }

  async prove(sessionId: SessionId, made: MadePasskey): Promise<ProvenPasskey | null> {
    const asked = this.#asked.get(sessionId);
    this.#asked.delete(sessionId);
    if (!asked || asked.endsAt <= this.#clock.now().getTime()) return null;
    const { proveMade } = await loadProofs();
    return await proveMade(made, this.#expected(asked.challenge), algorithms);
  }

  credentialsOf(personId: string): readonly string[] {
    return this.#store.credentialsOf(personId);
  }

  /** Whose credential that is, whether or not they hold it. */
  ownerOf(credentialId: string): string | null {
    return this.#store.byCredential(credentialId)?.personId ?? null;
  }

  /** Who has signed this challenge (section 7.2); null: nobody we know, not here, or nobody was verified. Notes the use. */
  async signerOf(signed: SignedPasskey, challenge: string): Promise<string | null> {
    const { credentialId, userHandle } = signed;
    const known = this.#store.byCredential(credentialId);
    if (!known || (userHandle && userHandle !== handleOf(known.personId))) return null;
    const { proveSigned } = await loadProofs();
    const counter = await proveSigned(signed, this.#expected(challenge), known);
    const isUsed = counter !== null && this.#store.use(known.passkeyId, counter, this.#clock.now());
    return isUsed ? known.personId : null;
  }

  #expected(challenge: string) {
    return { challenge, origin: this.#origin, rpId: this.rpId };
  }
}

/** 256 bits; section 13.4.3 asks for 128 or more. */
export function newChallenge(): string {
  return randomBytes(32).toString("base64url");
}

function handleOf(personId: string): string {
  return Buffer.from(personId).toString("base64url");
}

"use client";

import type { PasskeyQuestion } from "@sealpost/domain";
import { noteSilence } from "@/trpc/reachability";
import { type Posted, post } from "./post";

/**
 * Why no passkey came, or none that counted. `elsewhere`: passkeys are bound to a name, and this page is at another one.
 * `unfit`: what was chosen cannot keep a passkey, or verify who uses it.
 */
export type PasskeyTrouble =
  | {
      readonly problem:
        | "unsupported"
        | "cancelled"
        | "known"
        | "unfit"
        | "failed"
        | "wrong"
        | "slowDown"
        | "noAnswer";
    }
  | { readonly problem: "elsewhere"; readonly host: string };

/** Speaks with the browser's keychain; fetched when somebody is about to use it. */
const loadCeremony = () => import("@simplewebauthn/browser");

/** For the pointer or focus on what opens the browser's own dialog: Safari opens it only right after a click. */
export function preloadPasskeys(): void {
  void loadCeremony().catch(() => {});
}

/** Lets somebody sign in with a passkey. Resolves to what went wrong; null: they are signed in. */
export async function signInWithPasskey(): Promise<PasskeyTrouble | null> {
  const asked = await post("/api/auth/passkey/challenge", {});
  if (asked.status !== 200) return troubleOf(asked);
  const { known, challenge, rpId } = asked.body;
  const ids = Array.isArray(known) ? known.map(String) : [];
  const answer = await ask(String(rpId), async ({ startAuthentication }) => {
    const allowCredentials = ids.map(credential);
    const common = {
      challenge: String(challenge),
      rpId: String(rpId),
      userVerification: "required",
    } as const;
    return await startAuthentication({ optionsJSON: { ...common, allowCredentials } });
  });
  if ("problem" in answer) return answer;
  const { clientDataJSON, authenticatorData, signature, userHandle } = answer.response;
  const signed = { clientDataJSON, authenticatorData, signature, userHandle };
  const said = await post("/api/auth/sign-in/passkey", { credentialId: answer.id, ...signed });
  return said.status === 200 ? null : troubleOf(said);
}

/** What the browser has made, for the server to judge. */
export interface CreatedPasskey {
  readonly credentialId: string;
  readonly clientDataJSON: string;
  readonly attestationObject: string;
}

/** Has the browser make a passkey; the name and address are shown where it is kept. */
export async function createPasskey(
  question: PasskeyQuestion,
  person: { readonly name: string; readonly email: string },
): Promise<CreatedPasskey | PasskeyTrouble> {
  const { challenge, rpId, userHandle, algorithms, known } = question;
  const answer = await ask(rpId, ({ startRegistration }) =>
    startRegistration({
      optionsJSON: {
        challenge,
        rp: { id: rpId, name: "Sealpost" },
        user: { id: userHandle, name: person.email, displayName: person.name },
        pubKeyCredParams: algorithms.map((alg) => ({ alg, type: "public-key" })),
        excludeCredentials: known.map(credential),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        attestation: "none",
      },
    }),
  );
  if ("problem" in answer) return answer;
  const { clientDataJSON, attestationObject } = answer.response;
  return { credentialId: answer.id, clientDataJSON, attestationObject };
}

function credential(id: string) {
  return { id, type: "public-key" } as const;
}

function troubleOf({ status }: Posted): PasskeyTrouble {
  if (status === 429) return { problem: "slowDown" };
  return { problem: status === 401 ? "wrong" : "noAnswer" };
}

type Ceremony = Awaited<ReturnType<typeof loadCeremony>>;

/** Errors are told apart by name (W3C Web Authentication, sections 5.1.3 and 5.1.4.1). */
async function ask<Answer>(
  host: string,
  question: (ceremony: Ceremony) => Promise<Answer>,
): Promise<Answer | PasskeyTrouble> {
  let ceremony: Ceremony;
  try {
    ceremony = await loadCeremony();
  } catch {
    noteSilence();
    return { problem: "noAnswer" };
  }
  if (!ceremony.browserSupportsWebAuthn()) return { problem: "unsupported" };
  try {
    return await question(ceremony);
  } catch (error) {
    const { name } = causeOf(error);
    if (name === "SecurityError") return { problem: "elsewhere", host };
    return { problem: problems[name] ?? "failed" };
  }
}

const problems: Readonly<Record<string, Exclude<PasskeyTrouble["problem"], "elsewhere">>> = {
  // Also: nothing was found, or it took too long. Browsers do not tell these apart, so that no page learns who has one.
  NotAllowedError: "cancelled",
  AbortError: "cancelled",
  InvalidStateError: "known",
  ConstraintError: "unfit",
  NotSupportedError: "unfit",
};

/** The browser's own error, where the library has put it into one of its own. */
function causeOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error("unknown");
  return error.cause instanceof Error ? error.cause : error;
}

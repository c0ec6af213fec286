"use client";

import { noteSilence } from "@/trpc/reachability";

/** Why somebody is to sign in where they are: an act wants a recent sign-in, or the session has ended. */
export type SignInReason = "recent" | "ended";
/** How the page asks for it; resolves to whether they did. */
type Ask = (reason: SignInReason) => Promise<boolean>;

let ask: Ask | null = null;
/** The question that stands now: what fails meanwhile waits for the same answer. */
let asking: Promise<boolean> | null = null;
let signIns = 0;
const listeners = new Set<() => void>();
/** Whoever has declined is left alone by what the page asks for by itself, until they do something again. */
let isDeclined = false;

/** Says who asks. Returns how to take that back. */
export function answerStepUpBy(how: Ask): () => void {
  ask = how;
  return () => {
    ask = null;
  };
}

/** Tells when somebody has signed in in place. Returns how to stop. */
export function listenForSignIn(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/**
 * As `fetch`; where the server wants a recent sign-in, or no longer knows whose call it is, the person is asked for it,
 * in place, and the same request is sent once more: neither answer has done anything. Only for requests that carry one
 * act, or none.
 */
export async function fetchSignedIn(url: RequestInfo | URL | string, init?: RequestInit): Promise<Response> {
  const before = signIns;
  const answer = await fetchOrNote(url, init);
  const reason = await signInReason(answer);
  if (reason === null || ask === null || (isDeclined && reason === "ended")) return answer;
  // Asked before somebody signed in, answered after it.
  if (signIns !== before) return await fetchOrNote(url, init);
  asking ??= ask(reason).finally(() => {
    asking = null;
  });
  if (!(await asking)) {
    leaveAlone();
    return answer;
  }
  signIns += 1;
  for (const listener of listeners) listener();
  return await fetchOrNote(url, init);
}

function leaveAlone(): void {
  isDeclined = true;
  const goOn = () => {
    isDeclined = false;
  };
  for (const deed of ["click", "keydown"]) window.addEventListener(deed, goOn, { once: true, capture: true });
}

async function signInReason(answer: Response): Promise<SignInReason | null> {
  if (answer.status !== 401 && answer.status !== 403) return null;
  const said = await answer.clone().text();
  // In our words, and in those of the sign-in library.
  if (answer.status === 401) return /"(?:not-signed-in|UNAUTHORIZED)"/.test(said) ? "ended" : null;
  return said.includes('"step-up-required"') ? "recent" : null;
}

async function fetchOrNote(url: RequestInfo | URL | string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (!init?.signal?.aborted) noteSilence();
    throw error;
  }
}

"use client";

/** How the page asks somebody to prove anew who they are; resolves to whether they did. */
type Ask = () => Promise<boolean>;

let ask: Ask | null = null;

/** Says who asks. Returns how to take that back. */
export function answerStepUpBy(how: Ask): () => void {
  ask = how;
  return () => {
    ask = null;
  };
}

/**
 * As `fetch`; where the server wants a recent sign-in, the person is asked for it, in place, and the same request is
 * sent once more. Only for requests that carry one act.
 */
export async function fetchWithStepUp(
  url: RequestInfo | URL | string,
  init?: RequestInit,
): Promise<Response> {
  const answer = await fetch(url, init);
  if (answer.status !== 403 || ask === null) return answer;
  const said = await answer.clone().text();
  if (!said.includes('"step-up-required"') || !(await ask())) return answer;
  return await fetch(url, init);
}

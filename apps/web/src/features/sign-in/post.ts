"use client";

export interface Posted {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Seconds, when the server asks for patience. */
  readonly retryAfterS: number | null;
}

/** Sends a small form as JSON. A server that does not answer is status 0. */
export async function post(
  path: string,
  body: unknown,
  send: (path: string, init: RequestInit) => Promise<Response> = fetch,
): Promise<Posted> {
  try {
    const answer = await send(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    const retry = Number(answer.headers.get("x-retry-after") ?? answer.headers.get("retry-after"));
    return {
      status: answer.status,
      body: parse(text),
      retryAfterS: Number.isFinite(retry) && retry > 0 ? retry : null,
    };
  } catch {
    return { status: 0, body: {}, retryAfterS: null };
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

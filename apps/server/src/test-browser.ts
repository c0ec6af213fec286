import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

/** Keeps cookies by host and follows nothing by itself: as much of a browser as a sign-in elsewhere needs. */
export class TestBrowser {
  readonly #jars = new Map<string, Map<string, string>>();

  /** What it would send there. */
  cookie(url: string): string {
    return [...this.#jar(url)].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** Takes over the cookies of a `cookie` header. */
  hold(url: string, cookie: string): void {
    for (const pair of cookie.split("; ")) this.#take(url, pair);
  }

  /** Takes its cookies of that host away. */
  forget(url: string): void {
    this.#jar(url).clear();
  }

  /** Goes there as a browser that is sent from elsewhere; what `fetch` says of where it comes from cannot be chosen. */
  async get(url: string): Promise<Response> {
    const headers = {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      cookie: this.cookie(url),
    };
    const asking = request(url, { headers, agent: false });
    asking.end();
    const [answer]: IncomingMessage[] = await once(asking, "response");
    if (!answer) throw new Error("no answer");
    const body = await text(answer);
    const held = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    );
    return this.#taken(url, new Response(body, { status: answer.statusCode ?? 500, headers: held }));
  }

  async post(url: string, body: unknown): Promise<Response> {
    const headers = { origin: new URL(url).origin, "content-type": "application/json" };
    return await this.#send(url, { method: "POST", headers, body: JSON.stringify(body) });
  }

  async submit(url: string, form: Readonly<Record<string, string>>): Promise<Response> {
    return await this.#send(url, { method: "POST", body: new URLSearchParams(form) });
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("cookie", this.cookie(url));
    return this.#taken(url, await fetch(url, { ...init, headers, redirect: "manual" }));
  }

  #taken(url: string, answer: Response): Response {
    for (const cookie of answer.headers.getSetCookie()) this.#take(url, cookie.split(";")[0] ?? "");
    return answer;
  }

  #take(url: string, pair: string): void {
    const end = pair.indexOf("=");
    this.#jar(url).set(pair.slice(0, end), pair.slice(end + 1));
  }

  #jar(url: string): Map<string, string> {
    const { host } = new URL(url);
    const jar = this.#jars.get(host) ?? new Map<string, string>();
    this.#jars.set(host, jar);
    return jar;
  }
}

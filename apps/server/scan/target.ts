import { request } from "node:http";

/** A running console, as an attacker sees it; and, where the scan may, as somebody who is signed in. */
export interface Target {
  readonly url: string;
  readonly cookie: string | null;
  /** Procedures of the API by name, so that each is tried. */
  readonly procedures: readonly string[];
  /** Whether what takes long, or leaves the address locked out for a minute, is tried too. */
  readonly isThorough: boolean;
}

export interface Ask {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** As the one who is signed in. */
  readonly asPerson?: boolean;
}

export interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly ms: number;
}

/** Asks for exactly this path: unlike `fetch`, nothing of it is put in order first. A torn connection is status 0. */
export function ask(
  target: Target,
  { path, method = "GET", headers = {}, body, asPerson }: Ask,
): Promise<Said> {
  const { host, hostname, port } = new URL(target.url);
  const cookie = asPerson && target.cookie ? { cookie: target.cookie } : {};
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const end = (status: number, of: Headers, text: string) =>
      resolve({ status, headers: of, body: text, ms: performance.now() - startedAt });
    const asking = request({
      host: hostname === "localhost" ? "127.0.0.1" : hostname,
      port,
      method,
      path,
      agent: false,
      headers: { host, ...cookie, ...headers },
    });
    asking.on("response", (answer) => {
      const said = new Headers();
      for (const [name, values] of Object.entries(answer.headersDistinct))
        for (const value of values ?? []) said.append(name, value);
      let text = "";
      const done = () => end(answer.statusCode ?? 0, said, text);
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        // A stream has no end of its own.
        if (said.get("content-type")?.startsWith("text/event-stream")) asking.destroy();
      });
      answer.on("end", done).on("error", done);
    });
    asking.on("error", () => end(0, new Headers(), ""));
    asking.end(body);
  });
}

/** A change as the page itself would ask for it. */
export function change(target: Target, path: string, body: string, more: Partial<Ask> = {}): Promise<Said> {
  const headers = { origin: new URL(target.url).origin, "content-type": "application/json", ...more.headers };
  return ask(target, { ...more, path, method: "POST", headers, body });
}

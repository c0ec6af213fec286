import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { clientHeader } from "./auth.ts";
import { clientAddress } from "./client-address.ts";
import type { Config } from "./env.ts";
import { logFault } from "./events.ts";
import type { Logger } from "./logger.ts";
import type { Pages } from "./pages.ts";

/** Largest body of any request, in bytes: two files of the largest size and a form around them. */
const longestBodyBytes = 12 * 1024 * 1024;

export interface Request {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly requestId: string;
  readonly path: string;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}

/** Answers one path under /api, or says that it does not know it. */
export type Route = (request: Request) => Promise<"answered" | "unknown">;

export interface FrontDoorOptions {
  readonly config: Config;
  readonly routes: readonly Route[];
  /** The pages as they are now; they start after the port is open. */
  readonly pages: () => Pick<Pages, "serve" | "upgrade">;
  readonly log: Logger;
}

/**
 * The public port. `/api/*` and `/healthz` are answered here, every other path is handed to the pages. Checked for
 * every request: the Host is ours (against DNS rebinding), bodies have a limit; for everything that may change
 * something: the Origin is ours. Forwarded headers count only from trusted proxies.
 */
export function createFrontDoor({ config, routes, pages, log }: FrontDoorOptions): Server {
  const hosts = new Set(config.origins.map((origin) => new URL(origin).host));
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 15_000 }, (incoming, outgoing) => {
    const path = (incoming.url ?? "/").split("?", 1)[0] ?? "/";
    if (path === "/healthz") return answer(outgoing, 200, { status: "ok" });
    if (!hosts.has(incoming.headers.host ?? "")) return answer(outgoing, 421, { code: "unknown-host" });
    if (!path.startsWith("/api/")) return pages().serve(incoming, outgoing);
    const problem = apiProblem(incoming, config.origins);
    if (problem) return turnAway(incoming, outgoing, problem);
    incoming.headers[clientHeader] = clientAddress(incoming, config.trustedProxies);
    void answerApi({ incoming, outgoing, path }, routes, log);
  });
  server.on("upgrade", (incoming, socket, head) => {
    if (config.pages === "development" && hosts.has(incoming.headers.host ?? ""))
      pages().upgrade(incoming, socket, head);
    else socket.destroy();
  });
  return server;
}

type Problem = { readonly status: number; readonly body: { readonly code: string } };

function apiProblem(incoming: IncomingMessage, origins: readonly string[]): Problem | null {
  const isReading = incoming.method === "GET" || incoming.method === "HEAD";
  if (!isReading && !origins.includes(incoming.headers.origin ?? "")) {
    return { status: 403, body: { code: "foreign-origin" } };
  }
  if (Number(incoming.headers["content-length"] ?? 0) > longestBodyBytes) {
    return { status: 413, body: { code: "too-large" } };
  }
  return null;
}

/** Answers at once, then reads a little of what still comes, so that the client sees the answer and not a reset. */
function turnAway(incoming: IncomingMessage, outgoing: ServerResponse, { status, body }: Problem): void {
  outgoing.setHeader("connection", "close");
  answer(outgoing, status, body);
  let rest = 64 * 1024 * 1024;
  incoming.on("data", (chunk: Buffer) => {
    rest -= chunk.length;
    if (rest < 0) incoming.destroy();
  });
}

async function answerApi(
  parts: Pick<Request, "incoming" | "outgoing" | "path">,
  routes: readonly Route[],
  log: Logger,
): Promise<void> {
  const { outgoing } = parts;
  const requestId = randomUUID();
  const left = new AbortController();
  outgoing.on("close", () => left.abort());
  outgoing.setHeader("cache-control", "no-store");
  outgoing.setHeader("x-content-type-options", "nosniff");
  outgoing.setHeader("x-request-id", requestId);
  try {
    for (const route of routes) {
      if ((await route({ ...parts, requestId, signal: left.signal })) === "answered") return;
    }
    answer(outgoing, 404, { code: "not-found" });
  } catch (error) {
    logFault(log, "api", error, requestId);
    if (outgoing.headersSent) outgoing.destroy();
    else answer(outgoing, 500, { code: "internal", requestId });
  }
}

export function answer(outgoing: ServerResponse, status: number, body: unknown): void {
  const text = `${JSON.stringify(body)}\n`;
  outgoing.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
  });
  outgoing.end(text);
}

export function answerNothing(outgoing: ServerResponse): void {
  outgoing.writeHead(204);
  outgoing.end();
}

/** A small JSON body. Null: none, too long, or no JSON. */
export async function readJson(incoming: IncomingMessage, longestBytes = 64 * 1024): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    if (!Buffer.isBuffer(chunk)) return null;
    length += chunk.length;
    if (length > longestBytes) return null;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return null;
  }
}

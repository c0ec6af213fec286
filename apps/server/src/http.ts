import { randomUUID } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { answerHeaders } from "./answer-headers.ts";
import type { Attendance } from "./attendance.ts";
import { clientHeader } from "./auth.ts";
import { clientAddress } from "./client-address.ts";
import type { Config } from "./env.ts";
import { logFault } from "./events.ts";
import { addressGroup, type RetryAt, Turnstile } from "./limits.ts";
import type { Logger } from "./logger.ts";
import type { Pages } from "./pages.ts";
import type { Visitor } from "./people.ts";

/** Largest body of any request, in bytes: two files of the largest size and a form around them. */
export const longestBodyBytes = 12 * 1024 * 1024;
const longestUrl = 8 * 1024;
const longestHeadBytes = 16 * 1024;
const mostHeaders = 100;
/** The header in which the pages' process proves that it is ours. */
const pagesHeader = "x-sealpost-pages";

export interface Request {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly requestId: string;
  readonly path: string;
  /** Whose cookie it is; null for nobody. */
  readonly visitor: Visitor | null;
  /** Set when the one who asks has asked for too much; the answer is then a refusal, whatever was asked. */
  readonly retryAt: RetryAt;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}

/** Answers one path under /api, or says that it does not know it. */
export type Route = (request: Request) => Promise<"answered" | "unknown">;

/** How long a client may take, in milliseconds: for its head, for the whole request, and without taking a byte. */
export interface Patience {
  readonly headMs: number;
  readonly requestMs: number;
  readonly stalledMs: number;
  readonly checkEveryMs: number;
}

export const usualPatience: Patience = {
  headMs: 15_000,
  requestMs: 60_000,
  // Longer than any answer of a CA is waited for.
  stalledMs: 180_000,
  checkEveryMs: 5000,
};

export interface FrontDoorOptions {
  readonly config: Config;
  readonly routes: readonly Route[];
  /** The pages as they are now; they start after the port is open. */
  readonly pages: () => Pick<Pages, "serve" | "upgrade">;
  /** What the pages' process shows to be let through without being counted: who looks at them already is. */
  readonly pagesToken: string;
  /** Told of whoever is being answered; of listeners it is not. */
  readonly attendance: Attendance;
  readonly identify: (incoming: IncomingMessage) => Promise<Visitor | null>;
  readonly log: Logger;
  readonly patience?: Patience;
}

/**
 * The public port. `/api/*` and `/healthz` are answered here, every other path is handed to the pages. Checked for
 * every request: the Host is ours (against DNS rebinding), sizes and times are bounded, nobody asks for too much; for
 * the API, streams too: the Origin is ours. Forwarded headers count only from trusted proxies.
 */
export function createFrontDoor(options: FrontDoorOptions): Server {
  const { config, routes, pages, pagesToken, attendance, identify, log, patience = usualPatience } = options;
  const hosts = new Set(config.origins.map((origin) => new URL(origin).host));
  const headers = new Headers(answerHeaders(config.publicUrl));
  const { limits } = config;
  const byAddress = new Turnstile(limits.requestsPerAddress, limits.atOncePerAddress);
  const byPerson = new Turnstile(limits.requestsPerPerson, limits.atOncePerPerson);
  const answering = new WeakMap<Duplex, ServerResponse>();

  const receive = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const requestId = randomUUID();
    answering.set(incoming.socket, outgoing);
    outgoing.setHeaders(headers);
    outgoing.setHeader("x-request-id", requestId);
    const url = incoming.url ?? "/";
    const path = url.split("?", 1)[0] ?? "/";
    if (path === "/healthz" && isReading(incoming)) return answer(outgoing, 200, { status: "ok" });
    const isApi = path.startsWith("/api/");
    if (isApi) outgoing.setHeader("cache-control", "no-store");
    const problem =
      problemOf(incoming, { url, path }, hosts) ??
      (isApi ? apiProblem(incoming, path, config.origins) : pageProblem(incoming, config.pages));
    if (problem) return turnAway(incoming, outgoing, { ...problem, requestId });
    const left = new AbortController();
    outgoing.on("close", () => left.abort(hasLeft));
    const about = { incoming, outgoing, path, requestId, signal: left.signal };
    if (path !== eventsPath) attendance.enter(left.signal);
    const task = isApi ? answerApi(about) : answerPage(about);
    task.catch((error: unknown) => {
      logFault(log, isApi ? "api" : "pages", error, requestId);
      if (outgoing.headersSent) outgoing.destroy();
      else answer(outgoing, 500, { code: "internal", requestId });
    });
  };

  const countAddress = async (incoming: IncomingMessage, weight: number, left: AbortSignal | null) => {
    const address = clientAddress(incoming, config.trustedProxies);
    incoming.headers[clientHeader] = address;
    return await byAddress.enter(addressGroup(address), weight, left);
  };

  const answerApi = async (about: Omit<Request, "visitor" | "retryAt">) => {
    const { incoming, outgoing, path } = about;
    // Several calls in one request weigh as many, and their commas may be escapes, which the router reads as commas;
    // a stream stays, and is counted where it is served.
    const weight = decodeURIComponent(path).split(",").length;
    const left = path === eventsPath ? null : about.signal;
    const isCounted = incoming.headers[pagesHeader] !== pagesToken;
    const tooMany = isCounted ? await countAddress(incoming, weight, left) : null;
    const visitor = incoming.headers.cookie === undefined || tooMany ? null : await identify(incoming);
    const tooManyOfPerson =
      isCounted && visitor ? await byPerson.enter(visitor.person.personId, weight, left) : null;
    const retryAt = tooMany ?? tooManyOfPerson;
    if (retryAt) sayWhen(outgoing, retryAt);
    for (const route of routes) {
      if ((await route({ ...about, visitor, retryAt })) === "answered") return;
    }
    answer(outgoing, 404, { code: "not-found", requestId: about.requestId });
  };

  const answerPage = async (about: Omit<Request, "visitor" | "retryAt">) => {
    const { incoming, outgoing, path, signal } = about;
    const isFile = path.startsWith("/_next/static/");
    const retryAt = isFile ? null : await countAddress(incoming, 1, signal);
    if (retryAt) return askForPatience(outgoing, retryAt);
    pages().serve(incoming, outgoing);
  };

  const server = createServer(
    {
      headersTimeout: patience.headMs,
      requestTimeout: patience.requestMs,
      connectionsCheckingInterval: patience.checkEveryMs,
      maxHeaderSize: longestHeadBytes,
    },
    receive,
  );
  server.maxHeadersCount = mostHeaders;
  server.maxConnections = limits.connections;
  server.timeout = patience.stalledMs;
  server.on("connection", countConnections(config));
  server.on("checkExpectation", (incoming: IncomingMessage, outgoing: ServerResponse) => {
    incoming.headers.expect = undefined;
    receive(incoming, outgoing);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    refuseBroken(error, socket, answering.get(socket), headers);
  });
  server.on("upgrade", (incoming, socket, head) => {
    if (config.pages === "development" && hosts.has(incoming.headers.host ?? ""))
      pages().upgrade(incoming, socket, head);
    else socket.destroy();
  });
  return server;
}

/** Why a signal is aborted, also after every answer that went well: one for all, since making an error takes time. */
const hasLeft = new Error("the client has left, or has its answer");

type Problem = { readonly status: number; readonly code: string };

/** The one path that is read for as long as a page is open; it counts its listeners itself. */
export const eventsPath = "/api/events";
const oneTimeReturns = "/api/auth/";

function isReading({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

function problemOf(
  { headers }: IncomingMessage,
  { url, path }: { readonly url: string; readonly path: string },
  hosts: ReadonlySet<string>,
): Problem | null {
  if (!hosts.has(headers.host ?? "")) return { status: 421, code: "unknown-host" };
  // Only paths (RFC 9112 section 3.2.1): a whole address here is for a proxy, which this is not.
  if (!url.startsWith("/") || !isPlain(path)) return { status: 400, code: "bad-request" };
  if (url.length > longestUrl) return { status: 414, code: "too-long" };
  return null;
}

/**
 * Whether its escapes are whole and stand for letters (RFC 3986 section 2.1): the pages fail over one that does not. And
 * whether it leads where it says: the pages follow dot segments (section 5.2.4), with escapes and backslashes in them
 * too (WHATWG URL, section 4.4), which no browser sends.
 */
function isPlain(path: string): boolean {
  try {
    return !decodeURIComponent(path)
      .split(/[/\\]/)
      .some((segment) => segment === "." || segment === "..");
  } catch {
    return false;
  }
}

function apiProblem(incoming: IncomingMessage, path: string, origins: readonly string[]): Problem | null {
  const { method, headers } = incoming;
  if (!isReading(incoming) && method !== "POST") return { status: 405, code: "method-not-allowed" };
  if (isForeign(incoming, path, origins)) return { status: 403, code: "foreign-origin" };
  if (Number(headers["content-length"] ?? 0) > longestBodyBytes) return { status: 413, code: "too-large" };
  return null;
}

/**
 * A change names an Origin that is ours. Reading needs none, but what a browser says of where it comes from must not
 * be elsewhere (Fetch Metadata); except that one is sent back from an identity provider to the sign-in.
 */
function isForeign(incoming: IncomingMessage, path: string, origins: readonly string[]): boolean {
  const { origin, "sec-fetch-site": site, "sec-fetch-mode": mode } = incoming.headers;
  if (!isReading(incoming)) return origin === undefined || !origins.includes(origin);
  if (origin !== undefined && !origins.includes(origin)) return true;
  if (site === undefined || site === "same-origin" || site === "none") return false;
  return !(mode === "navigate" && path.startsWith(oneTimeReturns));
}

/** Pages are read and nothing else: with no body handed on, nothing can be hidden in one. */
function pageProblem(incoming: IncomingMessage, mode: Config["pages"]): Problem | null {
  if (mode === "development") return null;
  if (!isReading(incoming)) return { status: 405, code: "method-not-allowed" };
  const { "content-length": length = "0", "transfer-encoding": encoding } = incoming.headers;
  return length === "0" && encoding === undefined ? null : { status: 413, code: "too-large" };
}

/** Answers at once, then reads a little of what still comes, so that the client sees the answer and not a reset. */
function turnAway(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, ...body }: Problem & { readonly requestId: string },
): void {
  outgoing.setHeader("connection", "close");
  answer(outgoing, status, body);
  let rest = 64 * 1024 * 1024;
  incoming.on("data", (chunk: Buffer) => {
    rest -= chunk.length;
    if (rest < 0) incoming.destroy();
  });
}

function sayWhen(outgoing: ServerResponse, retryAt: Date): number {
  const seconds = Math.max(1, Math.ceil((retryAt.getTime() - Date.now()) / 1000));
  outgoing.setHeader("retry-after", seconds);
  return seconds;
}

/** For a person: which language they read is not known here. */
function askForPatience(outgoing: ServerResponse, retryAt: Date): void {
  const seconds = sayWhen(outgoing, retryAt);
  outgoing.writeHead(429, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  outgoing.end(
    `Too many requests came from your address. Load this page again in ${seconds} s.\n` +
      `Von Ihrer Adresse kamen zu viele Anfragen. Laden Sie diese Seite in ${seconds} s noch einmal.\n`,
  );
}

/** One address cannot take all connections and leave others before the door. */
function countConnections({ limits, trustedProxies }: Config): (socket: Socket) => void {
  const open = new Map<string, number>();
  const most = Math.ceil(limits.connections / 4);
  return (socket) => {
    const address = socket.remoteAddress ?? "unknown";
    if (trustedProxies.includes(address.replace(/^::ffff:(?=\d+\.)/, ""))) return;
    const group = addressGroup(address);
    const count = (open.get(group) ?? 0) + 1;
    if (count > most) return void socket.destroy();
    open.set(group, count);
    socket.on("close", () => {
      const rest = (open.get(group) ?? 1) - 1;
      if (rest > 0) open.set(group, rest);
      else open.delete(group);
    });
  };
}

/** What is no HTTP, too large a head, or too slow. Nothing of it is said back. */
function refuseBroken(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  begun: ServerResponse | undefined,
  headers: Headers,
): void {
  // Into an answer that has begun, nothing may be mixed.
  if (!socket.writable || (begun?.headersSent && !begun.writableFinished)) return void socket.destroy();
  const status =
    error.code === "HPE_HEADER_OVERFLOW" ? 431 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  const requestId = randomUUID();
  const body = `${JSON.stringify({ code: "bad-request", requestId })}\n`;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...[...headers].map(([name, value]) => `${name}: ${value}`),
    `x-request-id: ${requestId}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${body.length}`,
    "connection: close",
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

export function answer(outgoing: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`);
  outgoing.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": bytes.length,
  });
  outgoing.end(bytes);
}

export function answerNothing(outgoing: ServerResponse): void {
  outgoing.writeHead(204);
  outgoing.end();
}

/** A small body as text. Null: too long, counted while it comes. */
export async function readText(incoming: IncomingMessage, longestBytes = 64 * 1024): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) return null;
    length += chunk.length;
    if (length > longestBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A small JSON body. Null: none, too long, or no JSON. */
export async function readJson(incoming: IncomingMessage, longestBytes?: number): Promise<unknown> {
  try {
    return JSON.parse((await readText(incoming, longestBytes)) ?? "");
  } catch {
    return null;
  }
}

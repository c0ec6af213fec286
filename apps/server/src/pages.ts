import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import { createRequire } from "node:module";
import { createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { inheritedEnvironment } from "./env.ts";

export interface PagesOptions {
  readonly mode: "production" | "development";
  /** Where Next's server components reach this process. */
  readonly serverUrl: string;
  /** The scheme and host browsers use. */
  readonly publicUrl: URL;
  /** By which this process knows requests of Next's server components. */
  readonly token: string;
  readonly onLine: (line: string) => void;
}

/** The pages: Next as a child on a private port, and the way to it. */
export interface Pages extends AsyncDisposable {
  /** Hands one request on, streaming both ways. */
  serve(incoming: IncomingMessage, outgoing: ServerResponse): void;
  /** Hands a websocket on (development only). */
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Resolves when Next answers; rejects when it ended before. */
  readonly ready: Promise<void>;
  /** Resolves when Next has ended, asked or unasked. */
  readonly ended: Promise<void>;
}

const webDirectory = fileURLToPath(new URL("../../web/", import.meta.url));
const followParent = new URL("../../../scripts/follow-parent.mjs", import.meta.url).href;
const clearMemory = new URL("./clear-memory.mjs", import.meta.url).href;
/** Headers that belong to one hop (RFC 9110 section 7.6.1), and those only we may set. */
const ownHeaders = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
const forwardedHeaders = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
];
/** What is drawn is soon forgotten: without these the heap grows to six times of what it holds before it is cleared. */
const sparing = ["--max-semi-space-size=16", "--heap-growing-percent=50", "--expose-gc"];
const startTimeoutMs = 60_000;

export async function startPages(options: PagesOptions): Promise<Pages> {
  const port = await freePort();
  const child = spawnNext(port, options);
  const ended = once(child, "exit").then(() => {});
  const agent = new Agent({ keepAlive: true });
  return {
    ready: waitUntilServed(port, ended),
    ended,
    serve: (incoming, outgoing) => handOn({ port, agent, publicUrl: options.publicUrl }, incoming, outgoing),
    upgrade: (incoming, socket, head) => upgrade(port, incoming, socket, head),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      const hard = setTimeout(() => child.kill("SIGKILL"), 3000);
      await ended;
      clearTimeout(hard);
      agent.destroy();
    },
  };
}

function spawnNext(port: number, { mode, serverUrl, token, onLine }: PagesOptions): ChildProcess {
  const next = createRequire(`${webDirectory}package.json`).resolve("next/dist/bin/next");
  const command = mode === "production" ? "start" : "dev";
  // "localhost" and not 127.0.0.1: with the latter Next takes its own rewrites for foreign ones and redirects to itself.
  const child = spawn(
    process.execPath,
    [
      ...sparing,
      ...["--import", followParent, "--import", clearMemory],
      ...[next, command, "-H", "localhost", "-p", String(port)],
    ],
    {
      cwd: webDirectory,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...inheritedEnvironment(),
        NODE_ENV: mode,
        NEXT_TELEMETRY_DISABLED: "1",
        SEALPOST_SERVER_URL: serverUrl,
        SEALPOST_PAGES_TOKEN: token,
      },
    },
  );
  for (const stream of [child.stderr, ...(mode === "development" ? [child.stdout] : [])]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.split("\n")) if (line.trim() !== "") onLine(line);
    });
  }
  if (mode === "production") child.stdout?.resume();
  return child;
}

interface Behind {
  readonly port: number;
  /** Keeps connections for the next request. */
  readonly agent: Agent;
  readonly publicUrl: URL;
}

/**
 * Hands a request without a body on. A connection that was kept may be ended behind just as it is used again; what was
 * asked over it was read by nobody, and is asked once more over a new one. A script that is missing would leave a page
 * that answers to nothing.
 */
export function handOn(behind: Behind, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { port, agent, publicUrl } = behind;
  const ask = (over: Agent | false) => {
    const asked = request({
      agent: over,
      host: "localhost",
      port,
      method: incoming.method,
      path: incoming.url,
      headers: handedHeaders(incoming.headers, publicUrl),
    });
    const leave = () => asked.destroy();
    asked.on("response", (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, handedBack(answer.rawHeaders));
      answer.pipe(outgoing);
      answer.on("error", () => outgoing.destroy());
    });
    asked.on("error", () => {
      outgoing.off("close", leave);
      if (outgoing.destroyed) return;
      if (outgoing.headersSent) return void outgoing.destroy();
      if (asked.reusedSocket && over) return ask(false);
      outgoing.writeHead(503, { "content-type": "text/plain; charset=utf-8", "retry-after": "2" });
      outgoing.end("The pages are not ready yet. Try again in a moment.\n");
    });
    outgoing.on("close", leave);
    asked.end();
  };
  ask(agent);
}

function handedHeaders(headers: IncomingHttpHeaders, publicUrl: URL): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(
    ([name]) => !ownHeaders.includes(name) && !forwardedHeaders.includes(name),
  );
  const proto = publicUrl.protocol.slice(0, -1);
  return {
    ...Object.fromEntries(kept),
    "x-forwarded-host": headers.host ?? publicUrl.host,
    "x-forwarded-proto": proto,
  };
}

/** What runs behind is nobody's business. */
function handedBack(rawHeaders: readonly string[]): string[] {
  const names = ["server", "x-powered-by", "x-middleware-rewrite"];
  return rawHeaders.flatMap((name, i) =>
    i % 2 === 0 && !names.includes(name.toLowerCase()) ? [name, rawHeaders[i + 1] ?? ""] : [],
  );
}

function upgrade(port: number, incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, headers } = incoming;
  const behind = request({ host: "localhost", port, method, path: url, headers });
  behind.on("upgrade", (answer, far: Socket, first) => {
    const lines = [`HTTP/1.1 101 Switching Protocols`];
    for (let i = 0; i < answer.rawHeaders.length; i += 2)
      lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}`);
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    if (first.length > 0) socket.write(first);
    if (head.length > 0) far.write(head);
    far.pipe(socket).pipe(far);
    far.on("error", () => socket.destroy());
    socket.on("error", () => far.destroy());
  });
  behind.on("error", () => socket.destroy());
  behind.on("response", () => socket.destroy());
  behind.end();
}

/** Asks until the pages answer anything at all. */
async function waitUntilServed(port: number, ended: Promise<void>): Promise<void> {
  const startedAt = Date.now();
  let hasEnded = false;
  ended.then(() => {
    hasEnded = true;
  });
  while (Date.now() - startedAt < startTimeoutMs) {
    if (hasEnded) break;
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the pages did not start");
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request({ host: "localhost", port, path: "/favicon.ico", method: "HEAD", timeout: 5000 });
    probe.on("response", (answer) => {
      answer.resume();
      resolve(true);
    });
    probe.on("error", () => resolve(false));
    probe.on("timeout", () => probe.destroy());
    probe.end();
  });
}

/** A port nobody listens on right now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "localhost");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

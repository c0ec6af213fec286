import { once } from "node:events";
import type { Server } from "node:http";
import { sessionIdSchema } from "@sealpost/domain";
import { afterEach, describe, expect, it } from "vitest";
import { connectTo, sayRaw } from "../scan/raw-http.ts";
import { Attendance } from "./attendance.ts";
import { ChangeFeed } from "./change-feed.ts";
import { readConfig } from "./env.ts";
import { eventsRoute } from "./events-route.ts";
import {
  answer,
  createFrontDoor,
  type FrontDoorOptions,
  type Patience,
  type Route,
  readText,
} from "./http.ts";
import { createLogger } from "./logger.ts";
import type { Visitor } from "./people.ts";
import { freePort } from "./test-console.ts";

const echo: Route = async ({ incoming, outgoing }) => {
  const text = await readText(incoming, 1000);
  answer(outgoing, text === null ? 413 : 200, { length: text?.length ?? null });
  return "answered";
};

let server: Server;
let url: string;
let lines: string[] = [];
const handed: string[] = [];
const attendance = new Attendance();

async function open(about: Partial<FrontDoorOptions> & { env?: Record<string, string> } = {}) {
  const port = await freePort();
  url = `http://localhost:${port}`;
  lines = [];
  server = createFrontDoor({
    config: readConfig({ PORT: String(port), ...about.env }),
    routes: [echo],
    pages: () => ({
      serve: (incoming, outgoing) => {
        handed.push(String(incoming.url));
        outgoing.end("a page");
      },
      upgrade: (_, socket) => void socket.destroy(),
    }),
    pagesToken: "of the pages",
    attendance,
    identify: async () => null,
    log: createLogger("debug", { write: (line) => void lines.push(line) }),
    ...about,
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
}

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const head = (method: string, path: string, ...lines: string[]) =>
  `${[`${method} ${path} HTTP/1.1`, `Host: ${new URL(url).host}`, ...lines].join("\r\n")}\r\n\r\n`;
const own = () => `Origin: ${url}`;

describe("what is no plain request", () => {
  it.each([
    ["two lengths", ["Content-Length: 4", "Content-Length: 30"]],
    ["a length and chunks", ["Content-Length: 4", "Transfer-Encoding: chunked"]],
    ["chunks named twice over", ["Transfer-Encoding: chunked, identity"]],
    ["chunks under another case and a space", ["Transfer-Encoding : chunked", "Content-Length: 4"]],
    ["a folded header", ["X-A: b", " Transfer-Encoding: chunked", "Content-Length: 4"]],
    ["a lone line feed", ["X-A: b\nTransfer-Encoding: chunked", "Content-Length: 4"]],
    ["a length that is none", ["Content-Length: +4"]],
  ])("hides no second request behind %s", async (_, lines) => {
    await open();
    const inner = head("POST", "/api/smuggled", own(), "Content-Length: 0");
    for (const path of ["/api/echo", "/security/ssl/orders"]) {
      const { answers } = await sayRaw(url, `${head("POST", path, own(), ...lines)}0\r\n\r\n${inner}`);
      expect(answers.map(({ status }) => status)).toEqual([400]);
      expect(answers[0]?.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(JSON.parse(answers[0]?.body ?? "")).toEqual({
        code: "bad-request",
        requestId: answers[0]?.headers.get("x-request-id"),
      });
    }
  });

  it.each([
    ["a whole address", () => `GET http://evil.test/api/echo HTTP/1.1\r\nHost: ${new URL(url).host}`, 400],
    ["no host", () => "GET / HTTP/1.1", 400],
    ["a foreign host", () => "GET / HTTP/1.1\r\nHost: evil.test", 421],
    ["a header without end", () => `GET / HTTP/1.1\r\nX-Long: ${"a".repeat(20_000)}`, 431],
    ["a cookie as long as a book", () => `GET / HTTP/1.1\r\nCookie: a=${"b".repeat(20_000)}`, 431],
    ["an address too long", () => `GET /${"a".repeat(9000)} HTTP/1.1\r\nHost: ${new URL(url).host}`, 414],
    ["half an escape in its path", () => head("GET", "/%").trim(), 400],
    ["an escape that is no letter in its path", () => head("GET", "/%ff").trim(), 400],
    ["a step up in its path", () => head("GET", "/_next/static/../../sign-in").trim(), 400],
    ["a step up in escapes", () => head("GET", "/_next/static/%2e%2E%2f.%2e/sign-in").trim(), 400],
    ["a step up by backslashes", () => head("GET", "/_next/static/..\\..\\sign-in").trim(), 400],
    ["a step on the spot in its path", () => head("GET", "/_next/./sign-in").trim(), 400],
    ["another protocol", () => "EHLO evil.test", 400],
    ["an expectation nobody knows", () => `${head("GET", "/nowhere").trim()}\r\nExpect: the-unexpected`, 200],
  ])("answers %s without a word about itself", async (_, said, status) => {
    await open();
    const { answers } = await sayRaw(url, `${said()}\r\nConnection: close\r\n\r\n`);
    expect(answers.map((one) => one.status)).toEqual([status]);
    expect(answers[0]?.headers.get("server")).toBeNull();
  });

  it("hands no body and no other method to the pages", async () => {
    await open();
    handed.length = 0;
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
      expect((await sayRaw(url, head(method, "/x", own(), "Connection: close"))).answers[0]?.status).toBe(
        405,
      );
    const { answers } = await sayRaw(url, `${head("GET", "/x", "Content-Length: 3")}abc`);
    expect(answers.map(({ status }) => status)).toEqual([413]);
    expect(handed).toEqual([]);
  });
});

describe("who asks from elsewhere", () => {
  it.each([
    [{ origin: "https://evil.test" }, "/api/events", 403],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, "/api/events", 403],
    [{ "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" }, "/api/trpc/orders.list", 403],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, "/api/trpc/orders.list", 403],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, "/api/auth/callback/x", 200],
    [{ "sec-fetch-site": "same-origin" }, "/api/events", 200],
    [{ "sec-fetch-site": "none" }, "/api/system", 200],
    [{}, "/api/system", 200],
  ])("is answered as %j asks for %s: %i", async (headers, path, status) => {
    await open();
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const { answers } = await sayRaw(url, head("GET", path, ...lines, "Connection: close"));
    expect(answers[0]?.status).toBe(status);
  });
});

describe("too much and too slow", () => {
  const quick: Patience = { headMs: 150, requestMs: 300, stalledMs: 1000, checkEveryMs: 50 };

  it("counts a body while it comes, whatever its head says", async () => {
    await open();
    const chunk = `200\r\n${"a".repeat(512)}\r\n`;
    const begin = head("POST", "/api/echo", own(), "Transfer-Encoding: chunked", "Connection: close");
    expect((await sayRaw(url, `${begin}${chunk}0\r\n\r\n`)).answers[0]?.status).toBe(200);
    expect((await sayRaw(url, `${begin}${chunk.repeat(4)}0\r\n\r\n`)).answers[0]?.status).toBe(413);
    const huge = head("POST", "/api/echo", own(), "Content-Length: 99999999999");
    expect((await sayRaw(url, huge.replace("\r\n\r\n", "\r\nX: y\r\n\r\n"))).answers[0]?.status).toBe(413);
  });

  it.each([
    ["says nothing", () => ""],
    ["never ends its head", () => "GET / HTTP/1.1\r\nX-A: b\r\n"],
    ["never ends its body", () => `${head("POST", "/api/echo", own(), "Content-Length: 10")}abc`],
  ])("hangs up on a client that %s", async (_, said) => {
    await open({ patience: quick });
    const { answers } = await sayRaw(url, said());
    expect(answers.map(({ status }) => status)).toEqual([408]);
  });

  it("hangs up on a client that takes nothing of its answer", async () => {
    const large: Route = async ({ outgoing }) => {
      outgoing.end(Buffer.alloc(64 * 1024 * 1024));
      return "answered";
    };
    await open({ patience: quick, routes: [large] });
    const socket = await connectTo(url);
    socket.pause();
    const [, served] = await Promise.all([
      socket.write(head("GET", "/api/large")),
      once(server, "request").then(async ([incoming]) => await once(incoming.socket, "close")),
    ]);
    expect(served).toBeDefined();
    socket.destroy();
  });

  it("turns away what comes too often, says when to come again, and counts a batch as many", async () => {
    await open({ env: { SEALPOST_REQUESTS_PER_ADDRESS: "10" }, routes: [toldRoute] });
    const ask = () => fetch(`${url}/api/a,b,c`);
    expect((await Promise.all([ask(), ask(), ask()])).map(({ status }) => status)).toEqual([200, 200, 200]);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    const page = await fetch(`${url}/security/ssl/orders`);
    expect([page.status, await page.text()]).toEqual([429, expect.stringMatching(/again in \d+ s/)]);
    expect((await fetch(`${url}/_next/static/a.js`)).status).toBe(200);
    const ofPages = await fetch(`${url}/api/a`, { headers: { "x-sealpost-pages": "of the pages" } });
    expect(ofPages.status).toBe(200);
  });

  it("counts a batch as many however its commas are written, and a page also on a way past the files", async () => {
    await open({ env: { SEALPOST_REQUESTS_PER_ADDRESS: "10" }, routes: [toldRoute] });
    const statuses = [];
    for (const path of ["a%2Cb%2Cc", "a%2cb%2cc", "a%2Cb,c", "a%2Cb%2Cc"])
      statuses.push((await fetch(`${url}/api/${path}`)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    handed.length = 0;
    for (const path of ["/_next/static/../../sign-in", "/_next/static/%2e%2e/%2e%2e/sign-in"]) {
      const { answers } = await sayRaw(url, head("GET", path, "Connection: close"));
      expect(answers.map(({ status }) => status)).toEqual([400]);
    }
    expect(handed).toEqual([]);
  });

  it("counts a person over all their addresses, and an IPv6 network as one address", async () => {
    const env = { SEALPOST_REQUESTS_PER_PERSON: "2", SEALPOST_TRUSTED_PROXIES: "127.0.0.1" };
    await open({ env, routes: [toldRoute], identify: async () => visitor });
    const from = async (address: string, cookie: Record<string, string>) =>
      (await fetch(`${url}/api/a`, { headers: { "x-forwarded-for": address, ...cookie } })).status;
    const statuses = [];
    for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.3"])
      statuses.push(await from(address, { cookie: "a=b" }));
    expect(statuses).toEqual([200, 200, 429]);
    server.close();
    server.closeAllConnections();
    await open({ env: { ...env, SEALPOST_REQUESTS_PER_ADDRESS: "1" }, routes: [toldRoute] });
    expect([await from("2001:db8::1", {}), await from("2001:db8::ffff", {})]).toEqual([200, 429]);
    expect(await from("2001:db8:0:1::1", {})).toBe(200);
  });

  it("answers only so many requests of one address at once, and again when those have left", async () => {
    const waiting: (() => void)[] = [];
    const wait: Route = async (request) => {
      if (request.path === "/api/wait") await new Promise<void>((resolve) => waiting.push(resolve));
      return await toldRoute(request);
    };
    await open({ env: { SEALPOST_AT_ONCE_PER_ADDRESS: "2" }, routes: [wait] });
    const begun = [fetch(`${url}/api/wait`), fetch(`${url}/api/wait`)];
    await expect.poll(() => waiting.length).toBe(2);
    expect((await fetch(`${url}/api/a`)).status).toBe(429);
    for (const go of waiting) go();
    expect((await Promise.all(begun)).map(({ status }) => status)).toEqual([200, 200]);
    await expect.poll(async () => (await fetch(`${url}/api/a`)).status).toBe(200);
  });

  it("leaves connections for others when one address takes all it can", async () => {
    await open({ env: { SEALPOST_CONNECTIONS: "8" } });
    const sockets = await Promise.all([1, 2].map(() => connectTo(url)));
    const third = await connectTo(url);
    third.resume();
    await once(third, "close");
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await fetch(`${url}/api/a`).catch(() => null))?.status).toBe(200);
  });
});

describe("faults", () => {
  it("say a request id and nothing else", async () => {
    const broken: Route = async () => {
      throw new Error("at /srv/secret.ts: SELECT password");
    };
    await open({ routes: [broken] });
    const said = await fetch(`${url}/api/a`);
    expect(said.status).toBe(500);
    expect(await said.json()).toEqual({ code: "internal", requestId: said.headers.get("x-request-id") });
    expect(lines.join("")).toContain(String(said.headers.get("x-request-id")));
  });
});

describe("who is being answered", () => {
  it("is known while it lasts, also who leaves before; of listeners nothing is", async () => {
    const waiting: (() => void)[] = [];
    const wait: Route = async (request) => {
      if (request.path === "/api/wait") await new Promise<void>((resolve) => waiting.push(resolve));
      return await toldRoute(request);
    };
    const identify = async () => visitor;
    await open({ identify, routes: [eventsRoute(new ChangeFeed(), { ofRequest: identify }), wait] });
    const listener = await fetch(`${url}/api/events`, { headers: { cookie: "a=b" } });
    expect([listener.status, attendance.isAnybody]).toEqual([200, false]);
    const left = new AbortController();
    const asked = [fetch(`${url}/api/wait`), fetch(`${url}/api/wait`, { signal: left.signal })];
    await expect.poll(() => waiting.length).toBe(2);
    expect(attendance.isAnybody).toBe(true);
    left.abort();
    for (const go of waiting) go();
    await Promise.allSettled(asked);
    await expect.poll(() => attendance.isAnybody).toBe(false);
    await listener.body?.cancel();
  });
});

describe("listeners who leave early", () => {
  it("are forgotten, also when they left while their session was looked up", async () => {
    const found: ((visitor: Visitor) => void)[] = [];
    const identify = () => new Promise<Visitor>((resolve) => found.push(resolve));
    const people = { ofRequest: async () => visitor };
    await open({ identify, routes: [eventsRoute(new ChangeFeed(), people)] });
    for (let n = 0; n < 25; n++) {
      const left = new AbortController();
      const asked = fetch(`${url}/api/events`, { headers: { cookie: "a=b" }, signal: left.signal });
      const [, outgoing] = await once(server, "request");
      await expect.poll(() => found.length).toBe(1);
      left.abort();
      await asked.catch(() => {});
      if (!outgoing.destroyed) await once(outgoing, "close");
      found.pop()?.(visitor);
    }
    const last = fetch(`${url}/api/events`, { headers: { cookie: "a=b" } });
    await expect.poll(() => found.length).toBe(1);
    found.pop()?.(visitor);
    const stream = await last;
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
  });
});

const toldRoute: Route = async ({ outgoing, retryAt }) => {
  answer(outgoing, retryAt ? 429 : 200, {});
  return "answered";
};
const visitor: Visitor = {
  person: {
    ...{ personId: "p1", name: "Ana", email: "ana@example.test", role: "viewer" },
    ...{ hasSecondFactor: false, hasPasskey: false, provider: null },
  },
  actor: { kind: "person", actorId: "p1", name: "Ana", rights: new Set(), scope: "all", signedInAt: null },
  sessionId: sessionIdSchema.parse("s1"),
};

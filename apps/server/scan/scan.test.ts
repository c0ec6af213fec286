import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { appRouter } from "@sealpost/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enter, freePort, startTestConsole, type TestConsole } from "../src/test-console.ts";
import { scan } from "./attacks.ts";
import { sayRaw } from "./raw-http.ts";
import type { Target } from "./target.ts";

let world: TestConsole;
let target: Target;
beforeAll(async () => {
  world = await startTestConsole();
  const cookie = await enter(world);
  const procedures = Object.keys(appRouter._def.procedures);
  target = { url: world.url, cookie, procedures, isThorough: false };
});
afterAll(() => world[Symbol.asyncDispose]());

/** A proxy before the console that undoes three protections: the policy is gone, any origin is allowed, faults talk. */
async function openHoles(url: string) {
  const port = await freePort();
  const own = new URL(url);
  const mine = `http://localhost:${port}`;
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { host, origin } = incoming.headers;
    const headers = {
      ...incoming.headers,
      ...(host === new URL(mine).host ? { host: own.host } : {}),
      ...(origin === mine ? { origin: own.origin } : {}),
    };
    const { method, url: path } = incoming;
    const behind = request({ host: "127.0.0.1", port: own.port, method, path, headers });
    behind.on("response", (answer) => {
      outgoing.statusCode = answer.statusCode ?? 502;
      const kept = Object.entries(answer.headers).filter(
        ([name]) =>
          !["content-security-policy", "content-length", "transfer-encoding", "connection"].includes(name),
      );
      for (const [name, value] of kept) if (value !== undefined) outgoing.setHeader(name, value);
      if (origin) outgoing.setHeader("access-control-allow-origin", origin);
      answer.pipe(outgoing, { end: false });
      answer.on("end", () => outgoing.end(outgoing.statusCode === 400 ? new Error("boom").stack : ""));
    });
    behind.on("error", () => outgoing.destroy());
    outgoing.on("close", () => behind.destroy());
    incoming.pipe(behind);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { url: mine, close: () => void server.close() };
}

describe("the scan", () => {
  it("takes what a server said before it tore the connection for its answer", async () => {
    const tearing = createTcpServer((socket) => {
      socket.write("HTTP/1.1 413 Content Too Large\r\n\r\n", () =>
        setImmediate(() => socket.resetAndDestroy()),
      );
    });
    const port = await freePort();
    tearing.listen(port, "127.0.0.1");
    await once(tearing, "listening");
    const { answers } = await sayRaw(`http://127.0.0.1:${port}`, "GET / HTTP/1.1\r\n\r\n");
    tearing.close();
    expect(answers.map(({ status }) => status)).toEqual([413]);
  });

  it("finds nothing at the console", async () => {
    expect(await scan(target)).toEqual([]);
  });

  it("finds each of three holes that are opened on purpose, where they are", async () => {
    const holes = await openHoles(world.url);
    const found = await scan({ ...target, url: holes.url });
    holes.close();
    const seen = (id: string) => found.filter((one) => one.id === id).map((one) => one.seen);
    expect(seen("missing-header")).toContain("/api/system: content-security-policy: null");
    expect(seen("open-cors")).toContain("GET /api/system: allowed for https://evil.test");
    expect(seen("talking-fault").join("\n")).toMatch(/says at /);
  });
});

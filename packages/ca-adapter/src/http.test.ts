import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callCa, NoAnswer, type PinAddress } from "./http.ts";

let server: Server;
let port: number;
let seen: string[];
beforeEach(async () => {
  seen = [];
  server = createServer((incoming, outgoing) => {
    seen.push(String(incoming.headers.host));
    outgoing.end("hello");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
});
afterEach(() => server[Symbol.asyncDispose]());

const call = (host: string, pin: PinAddress | null) =>
  callCa({
    url: new URL(`http://${host}:${port}/`),
    method: "GET",
    headers: {},
    timeoutMs: 5000,
    longestBodyBytes: 1000,
    signal: new AbortController().signal,
    pin,
  });

describe("the address a call goes to", () => {
  it("is the one that was looked at, and not what the name says a moment later", async () => {
    expect((await call("ca.example.test", async () => "127.0.0.1")).text).toBe("hello");
    expect(seen).toEqual([`ca.example.test:${port}`]);
  });

  it.each(["127.0.0.1", "ca.example.test"])("is not called when it may not be: %s", async (host) => {
    const error = await call(host, async () => null).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NoAnswer);
    expect(error).toMatchObject({ how: "never-left", cause: { code: "address-not-allowed" } });
    expect(seen).toEqual([]);
  });
});

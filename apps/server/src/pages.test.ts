import { once } from "node:events";
import { Agent, createServer, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { handOn } from "./pages.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, "localhost");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

async function inFrontOf(listener: RequestListener): Promise<string> {
  const port = await listen(listener);
  const behind = { port, agent: new Agent({ keepAlive: true }), publicUrl: new URL("http://localhost") };
  return `http://localhost:${await listen((incoming, outgoing) => handOn(behind, incoming, outgoing))}/`;
}

it("asks once more when a kept connection is ended just as it is used again", async () => {
  const used = new Set<Socket>();
  let asked = 0;
  const url = await inFrontOf(({ socket }, outgoing) => {
    asked += 1;
    if (used.has(socket)) return void socket.destroy();
    used.add(socket);
    outgoing.end("the script");
  });
  for (const _ of [1, 2, 3]) {
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, "the script"]);
  }
  expect(asked).toBeGreaterThan(3);
});

it("says that the pages are not ready when nobody listens, or a new connection is ended as well", async () => {
  const ended = await inFrontOf(({ socket }) => void socket.destroy());
  expect((await fetch(ended)).status).toBe(503);
});

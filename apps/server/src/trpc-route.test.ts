import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enter, startTestConsole, type TestConsole } from "./test-console.ts";

let world: TestConsole;
let cookie: string;

beforeAll(async () => {
  world = await startTestConsole();
  cookie = await enter(world);
});
afterAll(() => world[Symbol.asyncDispose]());

const json = (value: unknown) => encodeURIComponent(JSON.stringify(value));
const many = (path: string, count: number) => Array.from({ length: count }, () => path).join(",");

describe("what only reads", () => {
  it.each([
    ["one call", "orders.list?input=%7B%7D"],
    ["one call without input", "orders.counts"],
    ["several calls", `orders.counts,orders.list,session.me?batch=1&input=${json({ 1: { limit: 3 } })}`],
    ["a batch of one", `orders.list?batch=1&input=${json({ 0: { sort: "expires-oldest-first" } })}`],
    ["an order nobody has", `orders.get?input=${json({ orderId: "none" })}`],
    [
      "one that is refused among others",
      `orders.get,orders.counts?batch=1&input=${json({ 0: { orderId: "none" } })}`,
    ],
    ["input of the wrong shape", `orders.list?input=${json({ limit: "many" })}`],
    ["no input where some is needed", "orders.get"],
    ["no JSON", "orders.list?input=%7B"],
    ["what would be more than JSON", `orders.counts?input=${encodeURIComponent('1},{"0":2')}`],
    ["a batch whose input is a list", `orders.counts,orders.list?batch=1&input=${json([{}, {}])}`],
    ["a batch whose input is no object", "orders.counts?batch=1&input=3"],
    ["a name that is none", "orders.steal"],
    ["the name of what every object has", "toString"],
    ["a change among what reads", "orders.counts,accounts.syncNow?batch=1"],
    ["too many calls", `${many("orders.counts", 21)}?batch=1`],
  ])("is answered as the library answers it: %s", async (_, path) => {
    const ask = async (headers: Record<string, string>) => {
      const said = await fetch(`${world.url}/api/trpc/${path}`, { headers: { cookie, ...headers } });
      const body = (await said.text()).replaceAll(/"requestId":"[^"]+"/g, '"requestId":"…"');
      return { status: said.status, body: JSON.parse(body) };
    };
    // Whoever names a form of answer is served by the library.
    expect(await ask({})).toEqual(await ask({ "trpc-accept": "application/json" }));
  });
});

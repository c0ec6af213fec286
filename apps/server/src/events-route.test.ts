import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiOf, enter, placeOrder, post, startTestConsole, type TestConsole } from "./test-console.ts";

let world: TestConsole;
let cookie: string;
beforeEach(async () => {
  world = await startTestConsole();
  cookie = await enter(world);
});
afterEach(() => world[Symbol.asyncDispose]());

/** Opens the stream; `until` reads on until the text so far holds what is awaited, or the stream ends. */
async function listen(withCookie: string) {
  const left = new AbortController();
  const answer = await fetch(`${world.url}/api/events`, {
    headers: { cookie: withCookie },
    signal: left.signal,
  });
  const reader = answer.body?.getReader();
  let text = "";
  return {
    answer,
    leave: () => left.abort(),
    async until(awaited: string): Promise<string> {
      while (reader && !text.includes(awaited)) {
        const { done, value } = await reader.read();
        if (done) break;
        text += Buffer.from(value).toString();
      }
      return text;
    },
  };
}

describe("the stream of changes", () => {
  it("tells every listener which lists have changed, and nothing of what is in them", async () => {
    const api = apiOf(world, cookie);
    const [one, other] = [await listen(cookie), await listen(cookie)];
    expect(one.answer.headers.get("content-type")).toBe("text/event-stream");
    await placeOrder(world, api, { commonName: "shop.example.test" });
    for (const { until } of [one, other]) {
      const text = await until("orders");
      expect(text).toMatch(/^retry: \d+\n\n(data: \["\w+"(,"\w+")*\]\n\n)+$/);
      expect(text).not.toContain("shop");
    }
    one.leave();
    other.leave();
  });

  it("is closed to whoever is not signed in, and to other methods", async () => {
    const { answer } = await listen("");
    expect(answer.status).toBe(401);
    expect((await post(world, "/api/events", {}, { cookie })).status).toBe(404);
  });

  it("does not hold up a stop of the console", async () => {
    const { until } = await listen(cookie);
    await world.restart();
    expect(await until("never").catch(() => "cut off")).toMatch(/retry|cut off/);
  });
});

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AppRouter } from "@sealpost/api/client";
import { createTRPCClient, httpLink } from "@trpc/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Api,
  askForMail,
  enter,
  post,
  startTestConsole,
  type TestConsole,
  untilSettled,
} from "./test-console.ts";

let world: TestConsole;
let api: Api;
/** Everything the console has answered. */
let answers: string[];
let cookie: string;
beforeEach(async () => {
  world = await startTestConsole();
  cookie = await enter(world);
  answers = [];
  const listening: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    answers.push(await answer.clone().text());
    return answer;
  };
  const headers = { cookie, origin: world.url };
  api = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${world.url}/api/trpc`, headers, fetch: listening as never })],
  });
});
afterEach(() => world[Symbol.asyncDispose]());

const adapters = async () => (await api.accounts.catalog.query()).map(({ id }) => id);

/** A credential in every form in which it travels. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64");
  return [secret, encodeURIComponent(secret), base64, Buffer.from(secret).toString("hex")];
}

/** Where it may never stand: the log, the metadata database, whatever was answered, every file outside the vault. */
async function places(): Promise<Map<string, Buffer>> {
  const found = new Map([
    ["the log", Buffer.from(world.log())],
    ["the answers", Buffer.from(answers.join("\n"))],
  ]);
  const directory = join(world.directory, "data");
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      found.set(path, await readFile(path));
    }
  return found;
}

describe("the credentials of CA accounts", () => {
  it("stand in no log, no database, no file and no answer, whatever the CAs answer; the search would find them", async () => {
    const secrets: string[] = [];
    for (const adapter of await adapters()) {
      const account = world.simulator.account(adapter);
      secrets.push(...Object.values(account.credential));
      const order = await world.simulator.control.placeOrder({
        ca: adapter,
        commonName: `${adapter}.example.test`,
      });
      const about = { caAccountId: null, adapter, label: `My ${adapter}`, baseUrl: account.baseUrl };
      const fields = { ...account.settings, ...account.credential };
      const { caAccountId } = await api.accounts.connect.mutate({ ...about, fields });
      await api.accounts.test.mutate({ caAccountId });
      const row = async () =>
        (await api.orders.list.query({ caAccountIds: [caAccountId], search: order.commonName })).rows[0];
      await expect.poll(row).toBeTruthy();
      const orderId = (await row())?.orderId ?? "";
      await untilSettled(api, (await askForMail(api, orderId)).requestId);
      for (const fault of ["unauthorized", "html", "half-answer"] as const) {
        await world.simulator.control.setFault("read", "all", fault);
        await api.orders.refresh.mutate({ orderId }).catch(() => {});
        const download = await post(world, `/api/orders/${orderId}/download`, {}, { cookie });
        answers.push(await download.text());
      }
      await world.simulator.control.clearFaults();
      const wrong = Object.fromEntries(
        Object.keys(account.credential).map((name) => [name, `wrong-${name}`]),
      );
      await api.accounts.connect.mutate({ ...about, caAccountId, fields: { ...account.settings, ...wrong } });
      await api.accounts.test.mutate({ caAccountId }).catch(() => {});
      await api.orders.get.query({ orderId });
    }
    await api.accounts.list.query();
    expect(secrets.length).toBeGreaterThan(2);
    const searched = await places();
    expect([...searched.keys()].some((name) => name.endsWith("sealpost.db"))).toBe(true);
    for (const secret of secrets)
      for (const form of formsOf(secret)) {
        for (const [place, bytes] of searched)
          expect(bytes.includes(form), `${place} holds a credential`).toBe(false);
        expect(Buffer.from(`before ${form} after`).includes(form)).toBe(true);
      }
    // The search finds what is there: the settings that are no secrets stand in the database and in the answers.
    const { username = "?" } = world.simulator.account("ibm-classic").settings;
    const holding = [...searched].filter(([, bytes]) => bytes.includes(username)).map(([place]) => place);
    expect(holding).toEqual(expect.arrayContaining(["the answers", expect.stringMatching(/sealpost\.db/)]));
  }, 120_000);
});

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { backup } from "@sealpost/cli/vault";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import {
  administrator,
  apiOf,
  askForMail,
  enter,
  placeOrder,
  post,
  startTestConsole,
  type TestConsole,
  untilSettled,
} from "./test-console.ts";

describe("the credentials of CA accounts", () => {
  it("stand in no log, no database, no file and no answer, whatever the CAs answer", async () => {
    await using world = await startTestConsole();
    const cookie = await enter(world);
    const api = apiOf(world, cookie);
    for (const { id: adapter } of await api.accounts.catalog.query()) {
      const account = world.simulator.account(adapter);
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
        await (await post(world, `/api/orders/${orderId}/download`, {}, { cookie })).text();
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
  }, 120_000);
});

describe("a secret that has shown", () => {
  const apiKey = ({ ibm }: TestConsole) => ibm.apiKey;
  const data = ({ directory }: TestConsole, ...names: string[]) =>
    join(directory, "data", "sandbox", ...names);

  it.each([
    [
      "in the database",
      "data/sandbox/sealpost.db: apiKey at ibm-classic",
      async (world: TestConsole) => {
        await enter(world);
        const database = new Database(world.databaseFile);
        database.prepare("update user set name = ?").run(apiKey(world));
        database.pragma("wal_checkpoint(truncate)");
        database.close();
      },
    ],
    [
      "in the database's log",
      "data/sandbox/sealpost.db-wal: apiKey at ibm-classic",
      async (world: TestConsole) => {
        await enter(world);
        const database = new Database(world.databaseFile);
        database.prepare("update user set name = ?").run(encodeURIComponent(apiKey(world)));
        database.close();
      },
    ],
    [
      "among what is sealed",
      "data/sandbox/vault/0a.sealed: private key of order",
      async (world: TestConsole) => {
        const { order } = await placeOrder(world, apiOf(world, await enter(world)), {
          commonName: "shop.example.test",
        });
        await writeFile(data(world, "vault", "0a.sealed"), order.privateKeyPem ?? "");
      },
    ],
    [
      "in a backup",
      "copy/sealpost.db: password",
      async (world: TestConsole) => {
        await enter(world);
        const database = new Database(world.databaseFile);
        database.prepare("update user set name = ?").run(administrator.password);
        expect(await backup(join(world.directory, "copy"), () => {}, data(world, "operator.sock"))).toBe(0);
        database.prepare("update user set name = ?").run(administrator.name);
        database.close();
      },
    ],
    [
      "among other files",
      "tmp/mail.eml: mail to hostmaster@example.test",
      async (world: TestConsole) => {
        const api = apiOf(world, await enter(world));
        const { row } = await placeOrder(world, api, { commonName: "shop.example.test" });
        await untilSettled(api, (await askForMail(api, row.orderId)).requestId);
        const [mail] = await world.simulator.control.mails();
        await mkdir(join(world.directory, "tmp"));
        const raw = await world.simulator.control.rawMail(mail?.mailId ?? "");
        await writeFile(join(world.directory, "tmp", "mail.eml"), raw);
      },
    ],
    [
      "in the log",
      "the log: apiKey at ibm-classic",
      async (world: TestConsole) => world.logger.info({ note: apiKey(world) }, "planted"),
    ],
    [
      "in an answer",
      "answer /api/trpc/people.list: apiKey at ibm-classic",
      async (world: TestConsole) => {
        const api = apiOf(world, await enter(world));
        await api.people.invite.mutate({ name: apiKey(world), email: "eve@example.test", role: "viewer" });
        await api.people.list.query();
      },
    ],
  ])("%s fails the test that let it out, by its name alone", async (_, told, plant) => {
    const world = await startTestConsole();
    await plant(world);
    const ending = world[Symbol.asyncDispose]();
    await expect(ending).rejects.toThrow(told);
    await expect(ending).rejects.not.toThrow(apiKey(world));
  });
});

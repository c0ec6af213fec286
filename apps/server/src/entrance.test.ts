import { createHash } from "node:crypto";
import { get } from "node:http";
import { resetPassword } from "@sealpost/cli/reset-password";
import { openStore } from "@sealpost/db";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  administrator,
  apiOf,
  enter,
  jsonOf,
  post,
  startTestConsole,
  type TestConsole,
  traceOf,
} from "./test-console.ts";

let world: TestConsole;
beforeEach(async () => {
  world = await startTestConsole();
});
afterEach(() => world[Symbol.asyncDispose]());

const signIn = (password: string) =>
  post(world, "/api/auth/sign-in/email", { email: administrator.email, password });

describe("coming in", () => {
  it("takes the one-time link once, by POST only, and only for what it is for", async () => {
    const token = (await world.setupLink())?.split("#token=")[1];
    expect((await fetch(`${world.url}/api/setup?token=${token}`)).status).toBe(404);
    expect(await (await post(world, "/api/setup", { token: "guess", ...administrator })).json()).toEqual({
      code: "link-spent",
    });
    expect(
      await (await post(world, "/api/reset", { token, password: "correct horse battery" })).json(),
    ).toEqual({ code: "link-spent" });
    const both = await Promise.all(
      [1, 2].map((n) => post(world, "/api/setup", { token, ...administrator, email: `a${n}@example.test` })),
    );
    expect(both.map((answer) => answer.status).sort()).toEqual([204, 403]);
    expect(await world.setupLink()).toBeNull();
    expect(world.log()).not.toContain(token);
  });

  it("makes one first administrator: a new link voids those before, and none is good once there is somebody", async () => {
    const tokens = [await world.setupLink(), await world.setupLink()].map(
      (link) => link?.split("#token=")[1],
    );
    const setUp = async (token: string | undefined, email: string) => {
      const answer = await post(world, "/api/setup", { token, ...administrator, email });
      return answer.status === 204 ? 204 : [answer.status, await jsonOf(answer)];
    };
    const spent = [403, { code: "link-spent" }];
    expect(await setUp(tokens[0], "older@example.test")).toEqual(spent);
    expect(await setUp(tokens[1], administrator.email)).toBe(204);
    expect(await setUp(tokens[0], "older@example.test")).toEqual(spent);
    // As one that a restored backup brings along.
    const hash = createHash("sha256").update("brought along").digest("hex");
    const { links, close } = openStore({ file: world.databaseFile, seal: null });
    const expiresAt = new Date(Date.now() + 60_000);
    links.put({ hash, purpose: "setup", personId: null, expiresAt }, new Date(0));
    close();
    expect(await setUp("brought along", "restored@example.test")).toEqual(spent);
    const database = new Database(world.databaseFile, { readonly: true });
    expect(database.prepare("select email from user").pluck().all()).toEqual([administrator.email]);
    database.close();
  });

  it("says on which field a new person is wrong, refuses a password that is guessed too easily, and does not spend the link on it", async () => {
    const token = (await world.setupLink())?.split("#token=")[1];
    const short = await post(world, "/api/setup", { token, ...administrator, password: "short" });
    expect([short.status, (await jsonOf(short)).field]).toEqual([400, "password"]);
    for (const password of ["Passwort1234", "ana@example.test", "qwertzuiop123", "Sealpost1234!"]) {
      const guessable = await post(world, "/api/setup", { token, ...administrator, password });
      expect([guessable.status, await jsonOf(guessable)]).toEqual([
        400,
        { code: "invalid-input", field: "password", problem: "guessable" },
      ]);
    }
    expect((await post(world, "/api/setup", { token, ...administrator })).status).toBe(204);
  });

  it("answers nobody without a session, and slows down who guesses", async () => {
    await enter(world);
    await expect(apiOf(world, "").orders.counts.query()).rejects.toMatchObject({
      data: { httpStatus: 401, refusal: { code: "not-signed-in" } },
    });
    const statuses = [];
    for (let i = 0; i < 7; i++) statuses.push((await signIn(`wrong ${i}`)).status);
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses.at(-1)).toBe(429);
    expect(world.log()).not.toContain("wrong 1");
    await signIn(administrator.password);
    const traced = (await traceOf(world)).filter(({ act }) => act === "person.sign-in");
    expect(traced.map(({ outcome, actor }) => [outcome, actor.name])).toEqual([
      ["done", administrator.name],
      ...Array.from({ length: 5 }, () => ["refused", administrator.name]),
    ]);
  });

  it("traces who was refused at the door, who left, and who asked for what they may not do, but not without end", async () => {
    const cookie = await enter(world);
    await post(world, "/api/auth/sign-in/email", { email: "Nobody@example.test", password: "x".repeat(12) });
    await post(world, "/api/auth/sign-out", {}, { cookie });
    const entries = await traceOf(world);
    expect(entries.map(({ act, outcome, subject }) => [act, outcome, subject.label])).toEqual(
      expect.arrayContaining([
        ["audit.begin", "done", "Sealpost"],
        ["person.create", "done", administrator.name],
        ["person.sign-in", "refused", ""],
        ["person.session-end", "done", administrator.name],
      ]),
    );
    expect(JSON.stringify(entries)).not.toContain("obody@example");
  });

  it("refuses a foreign Origin, a missing one, and a foreign Host", async () => {
    const cookie = await enter(world);
    for (const origin of ["https://evil.test", "null", `${world.url}.evil.test`]) {
      expect((await post(world, "/api/trpc/accounts.syncNow", {}, { cookie, origin })).status).toBe(403);
    }
    expect(
      (await fetch(`${world.url}/api/trpc/accounts.syncNow`, { method: "POST", headers: { cookie } })).status,
    ).toBe(403);
    const port = Number(new URL(world.url).port);
    const status = await new Promise((resolve) =>
      get({ host: "127.0.0.1", port, path: "/api/system", headers: { host: "evil.test" } }, (answer) =>
        resolve(answer.resume().statusCode),
      ),
    );
    expect(status).toBe(421);
  });

  it("tells a person who asks too often when to come again, in the form in which the page reads refusals", async () => {
    const cookie = await enter(world);
    await using strict = await startTestConsole({ SEALPOST_REQUESTS_PER_PERSON: "2" });
    const api = apiOf(strict, await enter(strict));
    await Promise.all([api.orders.counts.query(), api.orders.counts.query()]);
    const refused = { code: "too-many-requests", retryAt: expect.stringMatching(/^\d{4}-.*Z$/) };
    await expect(api.orders.counts.query()).rejects.toMatchObject({
      data: { httpStatus: 429, refusal: refused },
    });
    await expect(apiOf(world, cookie).orders.counts.query()).resolves.toBeDefined();
  });

  it("serves of the sign-in library only what the pages use", async () => {
    for (const path of [
      "/api/auth/sign-up/email",
      "/api/auth/list-sessions",
      "/api/auth/update-user",
      "/api/auth/delete-user",
    ]) {
      expect((await post(world, path, {})).status).toBe(404);
    }
  });

  it("lets the operator make a link for a new password, over a socket of their own; the old password and sessions end", async () => {
    const cookie = await enter(world);
    const socket = `${world.directory}/data/sandbox/operator.sock`;
    const said: string[] = [];
    expect(await resetPassword("nobody@example.test", (line) => said.push(line), socket)).toBe(1);
    expect(await resetPassword(administrator.email, (line) => said.push(line), socket)).toBe(0);
    const token = said.at(-1)?.split("#token=")[1];
    const guessable = await post(world, "/api/reset", { token, password: "Sommerzeit2026" });
    expect(await jsonOf(guessable)).toMatchObject({ field: "password", problem: "guessable" });
    expect((await post(world, "/api/reset", { token, password: "another horse battery" })).status).toBe(204);
    expect((await post(world, "/api/reset", { token, password: "a third horse battery" })).status).toBe(403);
    expect((await signIn(administrator.password)).status).toBe(401);
    expect((await signIn("another horse battery")).status).toBe(200);
    await expect(apiOf(world, cookie).orders.counts.query()).rejects.toMatchObject({
      data: { httpStatus: 401 },
    });
  });

  it("keeps the same people, orders and accounts over a restart", async () => {
    const cookie = await enter(world);
    await world.restart();
    const api = apiOf(world, cookie);
    expect(await api.session.me.query()).toMatchObject({ name: administrator.name, role: "administrator" });
    expect(await api.accounts.list.query()).toMatchObject([
      { label: "Sandbox IBM Cloud classic", isSandbox: true },
    ]);
  });
});

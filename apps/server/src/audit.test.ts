import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { verifyAudit } from "@sealpost/cli/verify-audit";
import { chainStart } from "@sealpost/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, apiOf, enter, post, startTestConsole, type TestConsole } from "./test-console.ts";

let world: TestConsole;
let api: Api;
let cookie: string;
let earlier: string;
let exported: string;

beforeAll(async () => {
  world = await startTestConsole();
  cookie = await enter(world);
  api = apiOf(world, cookie);
  await (await post(world, "/api/audit/export", {}, { cookie })).text();
  earlier = (await api.audit.head.query())?.text ?? "";
  await api.accounts.list.query();
  exported = await (await post(world, "/api/audit/export", {}, { cookie })).text();
});
afterAll(() => world[Symbol.asyncDispose]());

/** What the command line says of these lines, and its exit code. */
async function verified(lines: readonly string[], head: string | null = null) {
  const file = join(world.directory, "export.jsonl");
  writeFileSync(file, lines.join("\n"));
  const said: string[] = [];
  const code = await verifyAudit(file, head, (line) => said.push(line));
  return { code, said: said.join("\n") };
}

const lines = () => exported.trimEnd().split("\n");
const without = (at: number) => lines().toSpliced(at, 1);

describe("the audit log", () => {
  it("tells who did what, newest first, and to whom is asked for", async () => {
    const { entries } = await api.audit.list.query({ act: "audit.export" });
    expect(entries).toMatchObject([
      { act: "audit.export", actorName: "Ana", outcome: "done" },
      { act: "audit.export", actorName: "Ana", outcome: "done" },
    ]);
    expect(entries[0]?.sequence).toBeGreaterThan(entries[1]?.sequence ?? 0);
    expect((await api.audit.actors.query()).map(({ name }) => name).sort()).toEqual(["Ana", "Sealpost"]);
  });

  it("is checked from the first entry to its head", async () => {
    const checked = await api.audit.check.mutate({ sequence: 0, hash: chainStart });
    expect(checked).toMatchObject({ fault: null, headText: (await api.audit.head.query())?.text });
    expect(checked.reached.sequence).toBe(checked.newest);
  });

  it("is exported for nobody who is not signed in", async () => {
    expect((await post(world, "/api/audit/export", {})).status).toBe(401);
  });
});

describe("sealpost audit verify", () => {
  it("finds an export intact, and that it goes on from a head that was noted before", async () => {
    const alone = await verified(lines());
    expect(alone.code).toBe(0);
    expect(alone.said).toContain("Intact up to entry");
    expect(alone.said).toContain("can be told only by a head noted elsewhere");
    const after = await verified(lines(), earlier);
    expect(after.code).toBe(0);
    expect(after.said).toContain("It goes on from the head you noted");
  });

  it.each([
    [
      "a changed word",
      () => lines().map((line) => line.replace('"name":"Ana"', '"name":"Eve"')),
      "is not what was sealed",
    ],
    ["an entry taken out", () => without(3), "Entry 3 is missing"],
    ["the first entry taken out", () => without(1), "Entry 1 is missing"],
    [
      "two entries exchanged",
      () => lines().toSpliced(2, 2, lines()[3] ?? "", lines()[2] ?? ""),
      "Entry 2 is missing",
    ],
    ["an entry twice", () => lines().toSpliced(2, 0, lines()[2] ?? ""), "stands where it does not belong"],
    ["the newest entry cut off", () => without(lines().length - 2), "were cut off"],
    ["the head cut off", () => without(lines().length - 1), "were cut off"],
    ["entries behind the head", () => [...lines(), lines()[2] ?? ""], "stands behind its end"],
    [
      "a head signed by nobody",
      () => lines().map((line) => line.replace(/"signedAt":"2/, '"signedAt":"1')),
      "was not signed",
    ],
    ["words between the entries", () => lines().toSpliced(2, 0, "{}"), "is no line of an exported audit log"],
  ])("finds %s", async (_, tampered, sentence) => {
    const { code, said } = await verified(tampered());
    expect(said).toContain(sentence);
    expect(code).toBe(1);
  });

  it("finds by a noted head that the history is shorter, another one, or another console's", async () => {
    const [sequence = "", hash = "", key = ""] = (await api.audit.head.query())?.text.split(".") ?? [];
    await (await post(world, "/api/audit/export", {}, { cookie })).text();
    const later = (await api.audit.head.query())?.text ?? "";
    expect((await verified(lines(), later)).said).toContain("ends too early");
    expect((await verified(lines(), `${sequence}.${"0".repeat(64)}.${key}`)).said).toContain(
      "history was rewritten",
    );
    expect((await verified(lines(), `${sequence}.${hash}.${"0".repeat(16)}`)).said).toContain(
      "another console's key",
    );
  });

  it("says when there is nothing to verify", async () => {
    expect(await verified(["{}"])).toMatchObject({ code: 2, said: expect.stringContaining("no audit log") });
    expect(await verified(lines(), "head")).toMatchObject({
      code: 2,
      said: expect.stringContaining("no head"),
    });
    const said: string[] = [];
    expect(await verifyAudit("/nowhere", null, (line) => said.push(line))).toBe(2);
    expect(said.join()).toContain("cannot be read");
  });

  it("finds an export intact whatever separates lines for others in what somebody wrote, and however the file ends its own", async () => {
    const name = "Özdemir a\u2028b\u2029c\u0085d";
    await api.people.invite.mutate({ email: "odd@example.test", name, role: "viewer", caAccountIds: null });
    const odd = await (await post(world, "/api/audit/export", {}, { cookie })).text();
    expect(odd).toContain("\u2028");
    expect((await api.audit.list.query({ subject: "Özdemir" })).entries).toHaveLength(1);
    expect(await verified(odd.split("\n"))).toMatchObject({ code: 0 });
    expect(await verified(lines().map((line) => `${line}\r`))).toMatchObject({ code: 0 });
  });
});

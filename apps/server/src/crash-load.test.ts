import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type BookOrder, type Simulator, startSimulator } from "@sealpost/ca-simulator";
import { checkVault, rotateVault } from "@sealpost/cli/vault";
import { verifyAudit } from "@sealpost/cli/verify-audit";
import { openStore } from "@sealpost/db";
import { caAccountIdSchema, chainStart } from "@sealpost/domain";
import { TRPCClientError } from "@trpc/client";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { endings, Killable, kill, said } from "./crash-process.ts";
import {
  type Api,
  administrator,
  apiOf,
  askForMail,
  cookiesOf,
  enter,
  freePort,
  post,
  traceOf,
} from "./test-console.ts";

const rounds = 200;
/** How many of each are under way when the console is killed. */
const mailsARound = 3;
const importsARound = 2;
/** So many certificates are kept; what comes on top is deleted again, or a rotation would take ever longer. */
const kept = 8;
/**
 * A kill comes within this time, in milliseconds. Moves with the machine and what else it does, so that about half of
 * what was asked is answered by then.
 */
let spanMs = 1000;
/** Each of these rounds is killed while it starts. */
const everyNthStart = 8;

let console: Killable;
let simulator: Simulator;
let directory: string;
let env: Readonly<Record<string, string>>;
let world: { readonly url: string; readonly databaseFile: string };
let socket: string;
let api: Api;
let cookie: string;
let signedInAt: number;

beforeAll(async () => {
  console = await Killable.bundled("crash-console");
  simulator = await startSimulator();
  directory = mkdtempSync(join(tmpdir(), "sealpost-load-"));
  const port = String(await freePort());
  const data = join(directory, "data", "sandbox");
  const { mailboxUrl, keysUrl, rootCertificatePem } = simulator;
  const accounts = [simulator.account("ibm-classic")];
  const handover = { mailboxUrl, keysUrl, rootCertificatePem, accounts };
  writeFileSync(join(directory, "handover.json"), JSON.stringify(handover));
  env = {
    PORT: port,
    SEALPOST_DATA_DIR: join(directory, "data"),
    SEALPOST_MASTER_KEY_FILE: join(directory, "keys", "master.key"),
    SEALPOST_SANDBOX_HANDOVER: join(directory, "handover.json"),
    SEALPOST_REQUESTS_PER_PERSON: "1000000",
    SEALPOST_REQUESTS_PER_ADDRESS: "1000000",
    SEALPOST_LOG_LEVEL: "silent",
  };
  world = { url: `http://localhost:${port}`, databaseFile: join(data, "sealpost.db") };
  socket = join(data, "operator.sock");
});
afterAll(async () => {
  console[Symbol.dispose]();
  await simulator[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

/** What the console has told its clients, and may never take back. */
const told = {
  requests: [] as string[],
  imported: new Map<string, BookOrder>(),
  deleted: new Set<string>(),
  exportReasons: [] as string[],
  rotations: 0,
};
/** Certificates that are there, and those of whose deletion nothing was said. */
const living = new Map<string, BookOrder>();
const doubtful = new Map<string, BookOrder>();
/** How often each act was told to be done, and how often nothing was said of it. */
const tally: Record<string, { done: number; cutOff: number }> = {};
/** Answers that no crash explains. */
const refusals: string[] = [];
/** Every master key that was ever the one in use. */
const masterKeys = new Set<string>();
let killedInRotation = 0;

/** Makes the administrator, and has the console read all orders that will be asked for. */
async function begin(): Promise<BookOrder[]> {
  const orders: BookOrder[] = [];
  for (let n = 0; n < rounds * mailsARound; n++) {
    const approverEmail = `admin-${n}@example.test`;
    orders.push(await simulator.control.placeOrder({ commonName: `host-${n}.example.test`, approverEmail }));
  }
  const child = console.start(env);
  const { setupLink } = await said(child, "setupLink");
  cookie = await enter({ ...world, setupLink: async () => String(setupLink) });
  signedInAt = Date.now();
  api = apiOf(world, cookie);
  await expect.poll(async () => (await api.orders.counts.query()).total).toBe(orders.length);
  await kill(child);
  return orders;
}

/** Keys are handed out only for ten minutes after a sign-in. */
async function signInAgain(): Promise<void> {
  if (Date.now() - signedInAt < 5 * 60_000) return;
  const { email, password } = administrator;
  cookie = cookiesOf(await post(world, "/api/auth/sign-in/email", { email, password }));
  signedInAt = Date.now();
  api = apiOf(world, cookie);
}

/** Does something while the console may be killed, and counts what was said of it. */
async function attempt(name: string, act: () => Promise<boolean>): Promise<boolean> {
  const isDone = await act().catch((error: unknown) => {
    if (error instanceof Refused || (error instanceof TRPCClientError && error.data))
      refusals.push(`${name}: ${error.message}`);
    return false;
  });
  tally[name] ??= { done: 0, cutOff: 0 };
  tally[name][isDone ? "done" : "cutOff"] += 1;
  return isDone;
}

class Refused extends Error {}

async function ask(order: BookOrder): Promise<boolean> {
  const { orderId } = await ours(order);
  told.requests.push((await askForMail(api, orderId)).requestId);
  return true;
}

async function ours({ id }: BookOrder) {
  const [row] = (await api.orders.list.query({ search: String(id) })).rows;
  if (!row) throw new Refused(`order ${id} is not listed`);
  return row;
}

async function importWithKey(order: BookOrder): Promise<boolean> {
  const form = new FormData();
  form.append("text", `${chainOf(order)}${order.privateKeyPem}`);
  const { certificateId } = await api.certificates.import.mutate(form);
  told.imported.set(certificateId, order);
  living.set(certificateId, order);
  return true;
}

function chainOf({ certificatePem }: BookOrder): string {
  return `${certificatePem}${simulator.intermediateCertificatePem}`;
}

/** Both parts must be what was imported, byte for byte. */
async function exportAll(certificateId: string, order: BookOrder): Promise<boolean> {
  const reason = `export ${told.exportReasons.length} of ${certificateId}`;
  const read = async (part: string) => {
    const path = `/api/certificates/${certificateId}/${part}`;
    const answer = await post(world, path, { reason }, { cookie });
    const text = await answer.text();
    if (answer.status !== 200) throw new Refused(`${answer.status} ${text}`);
    return text;
  };
  const key = await read("key");
  told.exportReasons.push(reason);
  if (key !== order.privateKeyPem) throw new Refused(`${certificateId} has another key`);
  const chain = await read("certificate");
  if (chain !== chainOf(order)) throw new Refused(`${certificateId} is another certificate`);
  return true;
}

async function deleteOne(certificateId: string, order: BookOrder): Promise<boolean> {
  living.delete(certificateId);
  doubtful.set(certificateId, order);
  await api.certificates.delete.mutate({ certificateId });
  doubtful.delete(certificateId);
  told.deleted.add(certificateId);
  return true;
}

/** What a start finds half done it ends by itself; to be asked meanwhile is refused. */
async function rotate(): Promise<boolean> {
  const lines: string[] = [];
  const code = await rotateVault((line) => lines.push(line), socket);
  if (code === 1 && !lines.join().includes("being changed already")) throw new Refused(lines.join());
  if (code === 0) told.rotations += 1;
  return code === 0;
}

function keysInFile(): readonly string[] {
  return readFileSync(env.SEALPOST_MASTER_KEY_FILE ?? "", "utf8")
    .trim()
    .split("\n");
}

async function killed(child: ChildProcess): Promise<void> {
  await kill(child);
  const [current = "", ...before] = keysInFile();
  masterKeys.add(current);
  if (before.length > 0) killedInRotation += 1;
}

async function isGone(certificateId: string): Promise<boolean> {
  return await api.certificates.get.query({ certificateId }).then(
    () => false,
    (error: unknown) => {
      if (error instanceof TRPCClientError && error.data?.refusal?.code === "not-found") return true;
      throw error;
    },
  );
}

/** Everything opens, and these are what was imported. */
async function expectWhole(certificates: ReadonlyMap<string, BookOrder>): Promise<void> {
  const lines: string[] = [];
  expect(await checkVault((line) => lines.push(line), socket), lines.join("\n")).toBe(0);
  for (const [certificateId, order] of certificates) await exportAll(certificateId, order);
}

it("200 kills at random moments amid mails, imports, exports, deletions and new master keys lose nothing that was acknowledged, and send nothing twice", async () => {
  const orders = await begin();
  let fresh = new Map<string, BookOrder>();
  let earlierHead = "";
  for (let round = 0; round < rounds; round++) {
    const child = console.start(env);
    if (round % everyNthStart === 0) {
      await wait(Math.random() * spanMs);
      await killed(child);
      continue;
    }
    await said(child, "ready");
    await signInAgain();
    for (const [certificateId, order] of doubtful)
      if (!(await isGone(certificateId))) living.set(certificateId, order);
    doubtful.clear();
    await expectWhole(fresh);
    earlierHead ||= (await api.audit.head.query())?.text ?? "";
    const before = new Set(living.keys());
    const mine = orders.slice(round * mailsARound, (round + 1) * mailsARound);
    const [oldest, ...others] = living;
    const exported = others[Math.floor(Math.random() * others.length)];
    const acts = [
      ...mine.map((order) => attempt("mail", () => ask(order))),
      ...mine.slice(0, importsARound).map((order) => attempt("import", () => importWithKey(order))),
      attempt("rotation", rotate),
      ...(exported ? [attempt("export", () => exportAll(...exported))] : []),
      ...(oldest && living.size > kept ? [attempt("deletion", () => deleteOne(...oldest))] : []),
    ];
    await wait(Math.random() * spanMs);
    await killed(child);
    const answered = (await Promise.all(acts)).filter((isDone) => isDone).length;
    spanMs *= answered > acts.length / 2 ? 0.8 : 1.25;
    fresh = new Map([...living].filter(([certificateId]) => !before.has(certificateId)));
  }

  const last = console.start(env);
  await said(last, "ready");
  await signInAgain();
  await expect.poll(() => keysInFile().length).toBe(1);
  await expectWhole(living);
  expect(refusals).toEqual([]);
  for (const certificateId of told.deleted) expect(await isGone(certificateId)).toBe(true);
  const [account] = await api.accounts.list.query();
  const ended = await endings(
    { ...world, simulator, caAccountId: caAccountIdSchema.parse(account?.caAccountId) },
    orders.map(({ id }) => String(id)),
  );
  // One by one: a client that opens hundreds of connections at once is turned away.
  for (const requestId of told.requests)
    expect((await api.orders.resendRequest.query({ requestId })).settledAt).not.toBeNull();
  await expectTraced();
  await expectChained(earlierHead);
  await killed(last);
  await expectSwept();

  // It was no walk in the park: every act was both told of and cut off, and so was every way a mail can end.
  process.stdout.write(`${JSON.stringify({ tally, ended, killedInRotation, keys: masterKeys.size })}\n`);
  for (const [name, { done, cutOff }] of Object.entries(tally))
    expect(
      [done, cutOff].every((count) => count > 0),
      `${name}: ${done} done, ${cutOff} cut off`,
    ).toBe(true);
  expect(ended.accepted).toBeGreaterThan(0);
  expect(ended["outcome-unknown"]).toBeGreaterThan(0);
  expect(killedInRotation).toBeGreaterThan(0);
}, 1_200_000);

/** Every row, every export that was told of, and every new master key has its entry. */
async function expectTraced(): Promise<void> {
  const trace = await traceOf(world);
  const idsOf = (act: string, id: (entry: (typeof trace)[number]) => unknown) =>
    new Set(trace.filter((entry) => entry.act === act && entry.outcome === "done").map(id));
  const imported = idsOf("certificate.import", ({ subject }) => subject.id);
  const asked = idsOf("resend.request", ({ details }) => details.requestId);
  const reasons = idsOf("key.export", ({ details }) => details.exportReason);
  const deleted = idsOf("certificate.delete", ({ subject }) => subject.id);
  const rotations = trace.filter(({ act }) => act === "vault.rotate").length;
  expect(
    [...told.imported.keys(), ...column("certificate_id", "certificates")].filter(lacks(imported)),
  ).toEqual([]);
  expect([...told.requests, ...column("request_id", "resend_requests")].filter(lacks(asked))).toEqual([]);
  expect(told.exportReasons.filter(lacks(reasons))).toEqual([]);
  expect([...told.deleted].filter(lacks(deleted))).toEqual([]);
  expect(rotations).toBeGreaterThanOrEqual(Math.max(told.rotations, masterKeys.size - 1));
}

const lacks = (set: ReadonlySet<unknown>) => (one: string) => !set.has(one);

function column(name: string, table: string): readonly string[] {
  const database = new Database(world.databaseFile, { readonly: true });
  try {
    return database.prepare<[], string>(`select ${name} from ${table}`).pluck().all();
  } finally {
    database.close();
  }
}

/** The audit log is whole: as the console looks at it, and as the command line does over an export. */
async function expectChained(earlierHead: string): Promise<void> {
  let reached = { sequence: 0, hash: chainStart };
  for (;;) {
    const checked = await api.audit.check.mutate(reached);
    expect(checked.fault).toBeNull();
    reached = checked.reached;
    if (reached.sequence === checked.newest) break;
  }
  const file = join(directory, "audit.jsonl");
  writeFileSync(file, await (await post(world, "/api/audit/export", {}, { cookie })).text());
  const lines: string[] = [];
  expect(await verifyAudit(file, earlierHead, (line) => lines.push(line)), lines.join("\n")).toBe(0);
  expect(lines.join()).toContain("It goes on from the head you noted");
}

/** After the hour there is exactly what rows name, and nothing half written. */
async function expectSwept(): Promise<void> {
  const vault = join(directory, "data", "sandbox", "vault");
  const twoHoursAgo = new Date(Date.now() - 2 * 60 * 60_000);
  for (const name of readdirSync(vault)) utimesSync(join(vault, name), twoHoursAgo, twoHoursAgo);
  const child = console.start(env);
  await said(child, "ready");
  const { store, close } = openStore({ file: world.databaseFile, seal: null });
  const named = [...(await store.vaultItems()).keys()].map((ref) => `${ref}.sealed`);
  close();
  await expect
    .poll(() => readdirSync(vault).toSorted())
    .toEqual([...named, "audit.held", "sign-in.held", "key-check"].toSorted());
  await expectWhole(living);
  expect(readdirSync(join(directory, "keys"))).toEqual(["master.key"]);
  await kill(child);
}

import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppRouter } from "@sealpost/api/client";
import { type Simulator, startSimulator } from "@sealpost/ca-simulator";
import { SecretWatch } from "@sealpost/ca-simulator/secrets";
import { openStore } from "@sealpost/db";
import { createTRPCClient, httpLink } from "@trpc/client";
import { URI } from "otpauth";
import { startConsole } from "./console.ts";
import { readConfig } from "./env.ts";
import { createLogger } from "./logger.ts";
import { Overheard } from "./overheard.ts";
import { createPasswordJudge } from "./password-judge.ts";

export const administrator = { name: "Ana", email: "ana@example.test", password: "correct horse battery" };

const judge = createPasswordJudge();

/**
 * A console of a test's own: real HTTP, real SQLite, a real CA and mailbox, its own directory and port. When it is
 * disposed of, everything it has written and answered is searched for every secret of its world; one that is found
 * fails the test.
 */
export async function startTestConsole(extra: Readonly<Record<string, string>> = {}) {
  const directory = await mkdtemp(join(tmpdir(), "sealpost-server-"));
  const simulator = await startSimulator();
  const handover = join(directory, "simulator", "handover.json");
  await mkdir(join(directory, "simulator"));
  const { mailboxUrl, keysUrl, rootCertificatePem } = simulator;
  const ibm = simulator.account("ibm-classic");
  await writeFile(handover, JSON.stringify({ mailboxUrl, keysUrl, accounts: [ibm], rootCertificatePem }));
  const port = Number(extra.PORT ?? (await freePort()));
  const env = {
    PORT: String(port),
    SEALPOST_DATA_DIR: join(directory, "data"),
    SEALPOST_MASTER_KEY_FILE: join(directory, "keys", "master.key"),
    SEALPOST_SANDBOX_HANDOVER: handover,
    // Tests ask as fast as they can; what the limits do, they set themselves.
    SEALPOST_REQUESTS_PER_PERSON: "1000000",
    SEALPOST_REQUESTS_PER_ADDRESS: "1000000",
    ...extra,
  };
  const lines: string[] = [];
  const log = createLogger("debug", { write: (line) => void lines.push(line) });
  let running = await startConsole(readConfig(env), log, { withPages: false, judge });
  const url = `http://localhost:${port}`;
  const overheard = new Overheard(String(port));
  const watch = new SecretWatch();
  const setupLink = async () => {
    const link = await running.setupLink();
    if (link) watch.knows("one-time link", link.split("#token=")[1] ?? "");
    return link;
  };
  return {
    url,
    env,
    directory,
    simulator,
    /** The account that is connected from the start. */
    ibm: { baseUrl: ibm.baseUrl, username: ibm.settings.username ?? "", apiKey: ibm.credential.apiKey ?? "" },
    log: () => lines.join(""),
    /** What the console logs with. */
    logger: log,
    setupLink,
    /** Stops, and starts again, with other settings where they are named. */
    async restart(changes: Readonly<Record<string, string>> = {}) {
      await running[Symbol.asyncDispose]();
      Object.assign(env, changes);
      running = await startConsole(readConfig(env), log, { withPages: false, judge });
    },
    /** Stops, copies the data away and back as a backup would, and starts again. */
    async restoreBackup() {
      await running[Symbol.asyncDispose]();
      const data = join(directory, "data");
      await cp(data, `${data}.backup`, { recursive: true });
      await rm(data, { recursive: true });
      await cp(`${data}.backup`, data, { recursive: true });
      running = await startConsole(readConfig(env), log, { withPages: false, judge });
    },
    /** The console's database file; to be read beside it. */
    databaseFile: join(directory, "data", "sandbox", "sealpost.db"),
    database: () => readFile(join(directory, "data", "sandbox", "sealpost.db")),
    async [Symbol.asyncDispose]() {
      overheard[Symbol.dispose]();
      overheard.tell(watch);
      const { control, accounts } = simulator;
      const masterKeyFile = env.SEALPOST_MASTER_KEY_FILE;
      // While it runs, so that the database's log is there too.
      const leaks = await watch.leaks({ control, accounts, masterKeyFile, directory, log: lines.join("") });
      await running[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
      if (leaks.length > 0) throw new Error(`secrets have shown: ${leaks.join("; ")}`);
    },
  };
}

export type TestConsole = Awaited<ReturnType<typeof startTestConsole>>;

/** The whole audit log, as it lies on disk. */
export async function traceOf(world: Pick<TestConsole, "databaseFile">) {
  const { store, close } = openStore({ file: world.databaseFile, seal: null });
  const entries = (await store.auditAfter(0, 100_000)).map(({ entry }) => entry);
  close();
  return entries;
}

/** A connection that is kept may lead to a console that has been stopped or killed meanwhile. */
const overOneConnection = { connection: "close" };

export function post(
  world: Pick<TestConsole, "url">,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${world.url}${path}`, {
    method: "POST",
    headers: { ...overOneConnection, origin: world.url, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

/** Makes the administrator and signs in. Resolves to the cookie. */
export async function enter(world: Pick<TestConsole, "url" | "setupLink">): Promise<string> {
  const token = (await world.setupLink())?.split("#token=")[1];
  const answer = await post(world, "/api/setup", { token, ...administrator });
  if (answer.status !== 204) throw new Error(`no administrator was made: ${answer.status}`);
  return cookiesOf(answer);
}

/** The cookies that an answer sets, as a browser sends them back. */
export function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .filter((line) => !/max-age=0/i.test(line))
    .map((line) => line.split(";")[0])
    .join("; ");
}

/** What an authenticator app shows in this half minute for the key in this URI. */
export function codeAt(uri: string, step: number): string {
  return URI.parse(uri).generate({ timestamp: step * 30_000 });
}

/** An answer's JSON, for looking at single fields. */
export async function jsonOf(answer: Response): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await answer.json();
  return typeof body === "object" && body !== null ? { ...body } : {};
}

export function apiOf(world: Pick<TestConsole, "url">, cookie: string) {
  const headers = { ...overOneConnection, cookie, origin: world.url };
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${world.url}/api/trpc`, headers })] });
}

export type Api = ReturnType<typeof apiOf>;

/** Connects the simulator's account at this CA, and resolves to its id when its list has been read. */
export async function connectAccount(
  world: TestConsole,
  api: Api,
  adapter: string,
  credential: Readonly<Record<string, string>> | null = null,
): Promise<string> {
  const account = world.simulator.account(adapter);
  const fields = { ...account.settings, ...(credential ?? account.credential) };
  const about = { caAccountId: null, adapter, label: adapter, baseUrl: account.baseUrl, fields };
  const { caAccountId } = await api.accounts.connect.mutate(about);
  for (;;) {
    const account = (await api.accounts.list.query()).find((one) => one.caAccountId === caAccountId);
    if (account?.sync.completedAt && !account.sync.runningSince) return caAccountId;
    if (account?.sync.fault) throw new Error(`the list was not read: ${account.sync.fault.kind}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Places an order at the CA and waits until the console has read it. */
export async function placeOrder(
  world: Pick<TestConsole, "simulator">,
  api: Api,
  input: Parameters<Simulator["control"]["placeOrder"]>[0],
) {
  const order = await world.simulator.control.placeOrder(input);
  await api.accounts.syncNow.mutate({});
  for (;;) {
    const { rows } = await api.orders.list.query({ search: String(order.id) });
    if (rows[0]) return { order, row: rows[0] };
    await new Promise((resolve) => setImmediate(resolve));
    await api.accounts.syncNow.mutate({});
  }
}

/** Asks for the mail as the dialog does. */
export async function askForMail(
  api: Api,
  orderId: string,
  about: Partial<Parameters<Api["orders"]["requestResend"]["mutate"]>[0]> = {},
) {
  const kind = about.kind ?? "fulfillment";
  const { order } = await api.orders.prepareResend.mutate({ orderId, kind });
  const recipients = order.recipients[kind];
  const addresses =
    recipients === "not-loaded" ? [] : recipients.map((recipient) => String(recipient.address));
  return await api.orders.requestResend.mutate({
    orderId,
    kind,
    idempotencyKey: crypto.randomUUID(),
    confirmedRecipients: addresses,
    ...about,
  });
}

/** Resolves to the request when it has ended. */
export async function untilSettled(api: Api, requestId: string) {
  for (;;) {
    const request = await api.orders.resendRequest.query({ requestId });
    if (request.settledAt !== null) return request;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A port nobody listens on, from below the range the system gives out by itself: what it gives to others cannot take it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}

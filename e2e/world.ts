import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import {
  type APIResponse,
  type BrowserContext,
  test as base,
  expect,
  type Page,
  type Request,
  type Response,
} from "@playwright/test";
import { type Control, connectControl, type SandboxAccount } from "@sealpost/ca-simulator";
import { SecretWatch } from "@sealpost/ca-simulator/secrets";

const root = fileURLToPath(new URL("../", import.meta.url));
export const administrator = {
  name: "Ana Kovač",
  email: "ana@example.test",
  password: "correct horse battery",
};

interface Handover {
  readonly mailboxUrl: string;
  readonly keysUrl: string;
  readonly controlUrl: string;
  readonly controlToken: string;
  /** One at each CA of the sandbox. */
  readonly accounts: readonly SandboxAccount[];
  readonly rootCertificatePem: string;
}

/** One console with its own sandbox, data and ports, as `npm start` starts it. */
export interface World {
  readonly url: string;
  readonly setupLink: string;
  readonly dataDirectory: string;
  /** Where its processes leave temporary files. */
  readonly temporary: string;
  readonly handover: Handover;
  readonly control: Control;
  /** What the console has logged so far. */
  log(): string;
  /** What is looked for when it stops. */
  readonly secrets: SecretWatch;
  /** From now on what is sent and answered in this browser belongs to what is searched. */
  listenTo(context: BrowserContext): void;
  restart(): Promise<void>;
  /** Stops all of it. Throws when a secret of this world stands in a file, the log, or an answer that was not asked for it. */
  stop(): Promise<void>;
}

export function accountAt({ handover }: World, ca: string): SandboxAccount {
  const found = handover.accounts.find((account) => account.ca === ca);
  if (!found) throw new Error(`the sandbox has no account at ${ca}`);
  return found;
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

async function startConsole(
  env: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess; output: () => string; log: () => string }> {
  let output = "";
  let log = "";
  const child = spawn(process.execPath, [join(root, "scripts/start.mjs")], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("Sealpost is ready")) resolve();
    });
    child.on("exit", (code) => reject(new Error(`the console ended with ${code}: ${log}`)));
  });
  return { child, output: () => output, log: () => log };
}

export async function startWorld(extra: Readonly<Record<string, string>> = {}): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), "sealpost-e2e-"));
  const port = Number(extra.PORT ?? (await freePort()));
  const dataDirectory = join(directory, "data");
  const temporary = join(directory, "tmp");
  await mkdir(temporary);
  const masterKeyFile = join(directory, "keys/master.key");
  const env = {
    PORT: String(port),
    SEALPOST_DATA_DIR: dataDirectory,
    SEALPOST_MASTER_KEY_FILE: masterKeyFile,
    TMPDIR: temporary,
    ...extra,
  };
  let running = await startConsole(env);
  const setupLink = /http\S+\/setup#token=\S+/.exec(running.output())?.[0] ?? "";
  const handover: Handover =
    extra.SEALPOST_SANDBOX === "off"
      ? null
      : JSON.parse(await readFile(join(dataDirectory, "sandbox/simulator/handover.json"), "utf8"));
  let earlier = "";
  const end = async () => {
    const exited = once(running.child, "exit");
    running.child.kill("SIGTERM");
    await exited;
    earlier += running.log();
  };
  const url = `http://localhost:${port}`;
  const control = connectControl(handover?.controlUrl ?? "http://127.0.0.1/", handover?.controlToken ?? "");
  const secrets = new SecretWatch();
  secrets.knows("one-time link", setupLink.split("#token=")[1] ?? "");
  const hearing: Promise<void>[] = [];
  const hear = async (request: Request) => {
    const { pathname } = new URL(request.url());
    const response = await request.response();
    // What was built is the same for everybody.
    if (!response || !request.url().startsWith(url) || pathname.startsWith("/_next/static/")) return;
    const sent = request.postDataBuffer();
    if (sent) secrets.sent(sent);
    const cookies = (await response.headersArray()).filter(({ name }) => name.toLowerCase() === "set-cookie");
    secrets.answered(
      pathname,
      await response.body(),
      cookies.map(({ value }) => value),
    );
  };
  return {
    url,
    setupLink,
    dataDirectory,
    temporary,
    handover,
    control,
    secrets,
    log: () => earlier + running.log(),
    // Only what has ended: a page that is left breaks off the rest, and a page that has gone takes its answers with it.
    listenTo: (context) =>
      void context.on("requestfinished", (request) => hearing.push(hear(request).catch(() => {}))),
    async restart() {
      await end();
      running = await startConsole(env);
    },
    async stop() {
      await Promise.all(hearing);
      const leaks = await secrets.leaks({
        control: handover && control,
        accounts: handover?.accounts ?? [],
        masterKeyFile,
        directory,
        log: earlier + running.log(),
      });
      await end();
      await rm(directory, { recursive: true, force: true });
      if (leaks.length > 0) throw new Error(`secrets have shown: ${leaks.join("; ")}`);
    },
  };
}

/** Makes the first administrator by the printed link, and is signed in. */
export async function enter(page: Page, world: World): Promise<void> {
  world.listenTo(page.context());
  await page.goto(world.setupLink);
  await page.getByLabel("Name").fill(administrator.name);
  await page.getByLabel("Email").fill(administrator.email);
  await page.getByLabel("Password").fill(administrator.password);
  await page.getByRole("button", { name: "Create and sign in" }).click();
  await expect(page.getByRole("heading", { name: /^Orders/ })).toBeVisible();
  await listens(page);
}

/** The list of orders, for whoever is signed in. */
export async function openOrders(page: Page, world: World): Promise<void> {
  await page.goto(`${world.url}/security/ssl/orders`);
  await listens(page);
}

/** Until the page hears of what changes and its rows can be used: then its script has taken over, and it shows what is. */
export async function listens(page: Page): Promise<void> {
  await page.locator("[data-live]").waitFor({ state: "attached" });
  await expect(page.locator("main [aria-busy=true]")).toHaveCount(0);
}

const mostStops = 60;

/** Goes on with the Tab key until what has the focus is called this. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const focus = page.locator("*:focus");
  for (let stop = 0; stop < mostStops; stop++) {
    await page.keyboard.press("Tab");
    const isThere = await expect(focus)
      .toHaveAccessibleName(name, { timeout: 10 })
      .then(
        () => true,
        () => false,
      );
    if (isThere) return;
  }
  throw new Error(`the Tab key does not lead to ${name}`);
}

/** The newest mail of an order, as it lies in the mailbox: the bytes that were sent. */
export async function mailFor(
  world: World,
  orderId: number,
): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const newest = async () => (await world.control.journal()).mails.findLast((one) => one.orderId === orderId);
  await expect.poll(newest).toBeTruthy();
  const messageId = (await newest())?.messageId ?? "?";
  const raws = (await world.control.mails()).map(({ mailId }) => world.control.rawMail(mailId));
  const all = (await Promise.all(raws)).map((raw) => Buffer.from(raw));
  const buffer = all.find((raw) => raw.includes(`<${messageId}>`));
  if (!buffer) throw new Error(`no mail ${messageId} in the mailbox`);
  return { name: "Your certificate.eml", mimeType: "message/rfc822", buffer };
}

export function keyFile(pem: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name: "privkey.pem", mimeType: "application/x-pem-file", buffer: Buffer.from(pem) };
}

/** Nothing that axe can find on the page as it stands. */
export async function expectNoFaults(page: Page, where: string): Promise<void> {
  await expect(page, where).toHaveTitle(/\S/);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  expect(violations.map((fault) => `${where}: ${fault.id} ${fault.nodes[0]?.html}`)).toEqual([]);
}

export type AnyResponse = APIResponse | Response;

/** Each test has a world of its own, which nobody has entered. */
export const test = base.extend<{ world: World }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here
  world: async ({}, use) => {
    const world = await startWorld();
    await use(world);
    await world.stop();
  },
});

type Entered = { readonly world: World; readonly state: Awaited<ReturnType<BrowserContext["storageState"]>> };

/** For tests that look at orders of their own: one world for all that run one after another, which was entered before. */
export const sharedTest = base.extend<{ world: World }, { entered: Entered }>({
  entered: [
    async ({ browser }, use) => {
      const world = await startWorld();
      const page = await browser.newPage();
      await enter(page, world);
      const state = await page.context().storageState();
      await page.close();
      await use({ world, state });
      await world.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  world: async ({ entered }, use) => use(entered.world),
  storageState: async ({ entered }, use) => use(entered.state),
  context: async ({ context, world }, use) => {
    world.listenTo(context);
    await use(context);
  },
});
export { expect };

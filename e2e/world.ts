import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type APIResponse, test as base, expect, type Page, type Response } from "@playwright/test";
import { type Control, connectControl, type SandboxAccount } from "@sealpost/ca-simulator";

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
  readonly handover: Handover;
  readonly control: Control;
  /** What the console has logged so far. */
  log(): string;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export function accountAt({ handover }: World, ca: string): SandboxAccount {
  const found = handover.accounts.find((account) => account.ca === ca);
  if (!found) throw new Error(`the sandbox has no account at ${ca}`);
  return found;
}

/** A port nobody listens on, from below the range the system gives out by itself: what it gives to others cannot take it. */
async function freePort(): Promise<number> {
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
  const port = await freePort();
  const dataDirectory = join(directory, "data");
  const env = {
    PORT: String(port),
    SEALPOST_DATA_DIR: dataDirectory,
    SEALPOST_MASTER_KEY_FILE: join(directory, "keys/master.key"),
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
  return {
    url: `http://localhost:${port}`,
    setupLink,
    dataDirectory,
    handover,
    control: connectControl(handover?.controlUrl ?? "http://127.0.0.1/", handover?.controlToken ?? ""),
    log: () => earlier + running.log(),
    async restart() {
      await end();
      running = await startConsole(env);
    },
    async stop() {
      await end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Makes the first administrator by the printed link, and is signed in. */
export async function enter(page: Page, world: World): Promise<void> {
  await page.goto(world.setupLink);
  await page.getByLabel("Name").fill(administrator.name);
  await page.getByLabel("Email").fill(administrator.email);
  await page.getByLabel("Password").fill(administrator.password);
  await page.getByRole("button", { name: "Create and sign in" }).click();
  await expect(page.getByRole("heading", { name: /^Orders/ })).toBeVisible();
  await listens(page);
}

/** Until the page hears of what changes: then its script has taken over, and it shows what is. */
export async function listens(page: Page): Promise<void> {
  await page.locator("[data-live]").waitFor({ state: "attached" });
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

/** Every file below a directory, for searching. */
export async function filesBelow(directory: string): Promise<{ path: string; bytes: Buffer }[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return await Promise.all(
    files.map(async (file) => ({
      path: join(file.parentPath, file.name),
      bytes: await readFile(join(file.parentPath, file.name)),
    })),
  );
}

export type AnyResponse = APIResponse | Response;

export const test = base.extend<{ world: World }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here
  world: async ({}, use) => {
    const world = await startWorld();
    await use(world);
    await world.stop();
  },
});
export { expect };

import { type ChildProcess, execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Simulator, startSimulator } from "@sealpost/ca-simulator";
import { filesBelow, SecretSearch } from "@sealpost/ca-simulator/secrets";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kill, said } from "./crash-process.ts";
import {
  administrator,
  apiOf,
  codeAt,
  cookiesOf,
  enter,
  freePort,
  jsonOf,
  placeOrder,
  post,
} from "./test-console.ts";

const programOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const flags = ["--disable-warning=ExperimentalWarning"];
const { name, ...credentials } = administrator;

let simulator: Simulator;
let directory: string;
let world: { readonly url: string; readonly simulator: Simulator };
/** The machine that is lost, and the new one: settings, data and key file of each lie apart. */
let lost: Readonly<Record<string, string>>;
let fresh: Readonly<Record<string, string>>;
let copy: string;
let totpUri: string;
let certificateId: string;
let exported: { readonly certificate: string; readonly key: string };
let keyPem: string;

beforeAll(async () => {
  simulator = await startSimulator();
  directory = mkdtempSync(join(tmpdir(), "sealpost-restore-"));
  copy = join(directory, "copy");
  const port = String(await freePort());
  world = { url: `http://localhost:${port}`, simulator };
  const { mailboxUrl, keysUrl, rootCertificatePem } = simulator;
  const accounts = [simulator.account("ibm-classic")];
  const handover = join(directory, "handover.json");
  writeFileSync(handover, JSON.stringify({ mailboxUrl, keysUrl, rootCertificatePem, accounts }));
  const machine = (home: string) => ({
    PORT: port,
    HOME: join(directory, home),
    SEALPOST_DATA_DIR: join(directory, home, "data"),
    SEALPOST_MASTER_KEY_FILE: join(directory, home, "keys", "master.key"),
    SEALPOST_SANDBOX_HANDOVER: handover,
  });
  [lost, fresh] = [machine("lost"), machine("fresh")];
  await work();
}, 120_000);
afterAll(async () => {
  await simulator[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

/** What people do on a machine before it is lost: a second factor, an import, a backup. */
async function work(): Promise<void> {
  const child = fork(programOf("./crash-console.ts"), {
    execArgv: flags,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  child.send(lost);
  const { setupLink } = await said(child, "setupLink");
  const cookie = await enter({ ...world, setupLink: async () => String(setupLink) });
  const enabling = await post(world, "/api/auth/two-factor/enable", credentials, { cookie });
  totpUri = String((await jsonOf(enabling)).totpURI);
  const proven = await post(world, "/api/auth/two-factor/verify-totp", { code: codeNow() }, { cookie });
  expect(proven.status).toBe(200);
  const own = cookiesOf(proven);
  const api = apiOf(world, own);
  const { order } = await placeOrder(world, api, { commonName: "shop.example.test" });
  keyPem = order.privateKeyPem ?? "";
  const form = new FormData();
  form.append("text", `${order.certificatePem}${keyPem}`);
  ({ certificateId } = await api.certificates.import.mutate(form));
  exported = await exportAll(own);
  expect(exported.key).toBe(keyPem);
  expect(await sealpost(["backup", copy], lost)).toMatchObject({ code: 0 });
  expect(await sealpost(["backup", copy], lost)).toMatchObject({ code: 1 });
  await kill(child);
}

/** A code counts once, so each is of another half minute; the next one is taken too. */
function codeNow(later = 0): string {
  return codeAt(totpUri, Math.floor(Date.now() / 30_000) + later);
}

async function exportAll(cookie: string) {
  const read = async (part: string) => {
    const path = `/api/certificates/${certificateId}/${part}`;
    const answer = await post(world, path, { reason: "for the test" }, { cookie });
    expect(answer.status).toBe(200);
    return await answer.text();
  };
  return { certificate: await read("certificate"), key: await read("key") };
}

/** Runs the command line, as the operator of this machine. */
async function sealpost(args: readonly string[], env: Readonly<Record<string, string>>) {
  const program = programOf("../../cli/src/sealpost.mjs");
  return await new Promise<{ code: number; out: string }>((resolve) => {
    const child: ChildProcess = execFile(process.execPath, [...flags, program, ...args], { env }, (_, out) =>
      resolve({ code: child.exitCode ?? -1, out }),
    );
  });
}

/** Starts the server as people do, and stops it when it has said this. */
async function startUntil(sentence: string): Promise<void> {
  const child = spawn(process.execPath, [...flags, programOf("./main.ts")], { env: fresh });
  let text = "";
  const spoken = new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.includes(sentence)) resolve();
    });
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });
  await spoken;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

const sealedItems = () => {
  const vault = join(directory, "fresh", "data", "sandbox", "vault");
  return readdirSync(vault).map((item) => [item, readFileSync(join(vault, item)).toString("hex")]);
};

describe("a backup on a fresh machine", () => {
  it("opens nothing by itself: neither the master key nor any private key is in it", async () => {
    const master = readFileSync(lost.SEALPOST_MASTER_KEY_FILE ?? "", "utf8").trim();
    const search = new SecretSearch();
    search.addKey("private key", keyPem);
    search.addText("master key", master);
    search.addBytes("master key", Buffer.from(master, "base64"));
    const files = await filesBelow(copy);
    expect(files.map(({ name: file }) => file)).toContain(join(copy, "sealpost.db"));
    for (const { name: file, bytes } of files) expect([...search.find(bytes)], file).toEqual([]);
  });

  it("is restored by one command into an empty place, and into no other", async () => {
    expect(await sealpost(["restore", copy], fresh)).toMatchObject({ code: 0 });
    const again = await sealpost(["restore", copy], fresh);
    expect(again).toMatchObject({ code: 1 });
    expect(again.out).toContain("is not empty");
    const half = join(directory, "half");
    cpSync(copy, half, { recursive: true });
    rmSync(join(half, "backup.json"));
    const third = { ...fresh, SEALPOST_DATA_DIR: join(directory, "third", "data") };
    expect(await sealpost(["restore", half], third)).toMatchObject({ code: 2 });
    expect(existsSync(third.SEALPOST_DATA_DIR)).toBe(false);
  });

  it("says plainly that the master key is missing, or another one, and loses nothing by it", async () => {
    const before = sealedItems();
    const file = fresh.SEALPOST_MASTER_KEY_FILE ?? "";
    await startUntil("is missing. Put the copy you kept back there");
    expect(existsSync(file)).toBe(false);
    mkdirSync(join(directory, "fresh", "keys"), { recursive: true });
    writeFileSync(file, `${Buffer.alloc(32, 2).toString("base64")}\n`, { mode: 0o600 });
    await startUntil("was sealed with another master key");
    expect(sealedItems()).toEqual(before);
  });

  it("lets one in with the same password and second factor once the key is brought, and gives out the same certificate and key", async () => {
    cpSync(lost.SEALPOST_MASTER_KEY_FILE ?? "", fresh.SEALPOST_MASTER_KEY_FILE ?? "");
    rmSync(join(directory, "lost"), { recursive: true });
    const child = fork(programOf("./crash-console.ts"), {
      execArgv: flags,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    try {
      child.send(fresh);
      expect(await said(child, "setupLink")).toMatchObject({ setupLink: null });
      const entered = await post(world, "/api/auth/sign-in/email", credentials);
      expect(await jsonOf(entered)).toMatchObject({ twoFactorRedirect: true });
      const cookie = cookiesOf(entered);
      const proven = await post(world, "/api/auth/two-factor/verify-totp", { code: codeNow(1) }, { cookie });
      expect(proven.status).toBe(200);
      expect(await exportAll(cookiesOf(proven))).toEqual(exported);
      expect(await sealpost(["vault", "check"], fresh)).toMatchObject({ code: 0 });
    } finally {
      await kill(child);
    }
  });
});

import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backup, rotateVault } from "@sealpost/cli/vault";
import { openStore } from "@sealpost/db";
import {
  CertificateMaterial,
  createRefusalGate,
  defaultMailPolicy,
  defaultResendPolicy,
  PassphraseTries,
  type Ports,
  type VaultLabel,
  type VaultRef,
} from "@sealpost/domain";
import { createAuditSeal, openVault, readMasterKeys, type Vault } from "@sealpost/vault";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogger } from "./logger.ts";
import { OneTimeLinks } from "./one-time-links.ts";
import { openOperatorSocket } from "./operator-socket.ts";
import { VaultDesk } from "./vault-desk.ts";

const label: VaultLabel = { kind: "private-key", boundTo: "fingerprint" };
const secret = Buffer.from("the quick brown fox");
const unused = () => Promise.reject(new Error("not asked here"));

let stack: AsyncDisposableStack;
let home: string;
let keyFile: string;
let socket: string;
let vault: Vault;
let refs: VaultRef[];
let said: string[];
const say = (line: string) => void said.push(line);

/** What the operator's commands reach in a console: a real store and vault behind the real socket. */
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  home = mkdtempSync(join(tmpdir(), "sealpost-desk-"));
  stack.defer(() => rmSync(home, { recursive: true }));
  keyFile = join(home, "keys", "master.key");
  socket = join(home, "operator.sock");
  said = [];
  const masterKeys = await readMasterKeys({ file: keyFile, isVaultNew: true });
  vault = await openVault({ directory: join(home, "vault"), masterKeys });
  refs = [];
  for (let n = 0; n < 8; n++) refs.push(await vault.put(label, new CertificateMaterial(secret)));
  const seal = createAuditSeal(await vault.heldKey("audit"));
  const opened = openStore({ file: join(home, "sealpost.db"), seal });
  stack.defer(() => opened.close());
  const ports: Ports = {
    store: opened.store,
    vault,
    reader: { read: unused, readMail: unused },
    intermediates: { add: unused },
    passphraseTries: new PassphraseTries(),
    openAuthority: unused,
    openMailbox: unused,
    clock: { now: () => new Date() },
    newId: randomUUID,
    resendPolicy: defaultResendPolicy,
    refusalGate: createRefusalGate(),
    mailPolicy: defaultMailPolicy,
    passkeys: null,
    groupRoles: null,
  };
  const vaultDesk = new VaultDesk({ ports, vault, opened, dataDirectory: home, keyFile });
  const links = new OneTimeLinks(ports.clock, opened.links, "http://localhost");
  const log = createLogger("silent");
  stack.use(await openOperatorSocket(home, { ports, links, vaultDesk, keyFile, isReadOnly: false, log }));
});
afterEach(() => stack.disposeAsync());

/** Every file of the vault, as it lies there. */
async function sealed(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of await readdir(join(home, "vault")))
    if (!name.startsWith(".")) found.set(name, await readFile(join(home, "vault", name), "hex"));
  return found;
}

/** Holds a rotation once some items lie under the new key: between any two of them somebody else has a turn. */
async function holdAmidRotation(goOn: Promise<void>): Promise<{ readonly held: Promise<void> }> {
  const before = await sealed();
  const { promise: held, resolve } = Promise.withResolvers<void>();
  const take = () =>
    void vault.whileNothingLeaves(async () => {
      const moved = [...(await sealed())].filter(([name, bytes]) => before.get(name) !== bytes);
      if (moved.length < 3) return take();
      resolve();
      await goOn;
    });
  take();
  return { held };
}

async function expectWhole(copy: string): Promise<void> {
  const masterKeys = await readMasterKeys({ file: keyFile, isVaultNew: false });
  expect(masterKeys).toHaveLength(1);
  const restored = await openVault({ directory: join(copy, "vault"), masterKeys });
  for (const ref of refs) expect(Buffer.from((await restored.open(ref, label)).reveal())).toEqual(secret);
}

describe("a backup and a new master key", () => {
  it("are not made at the same time: a backup opens with one key, and the operator is told when to ask again", async () => {
    const goOn = Promise.withResolvers<void>();
    const { held } = await holdAmidRotation(goOn.promise);
    const rotating = rotateVault(say, socket);
    await held;
    const amid = backup(join(home, "amid"), say, socket);
    await expect.poll(() => said.length > 0 || existsSync(join(home, "amid"))).toBe(true);
    goOn.resolve();
    expect([await amid, await rotating]).toEqual([1, 0]);
    expect(said[0]).toMatch(/is being changed.*Run this again when that has ended/);
    expect(existsSync(join(home, "amid"))).toBe(false);
    expect(await backup(join(home, "after"), say, socket)).toBe(0);
    await expectWhole(join(home, "after"));
  });

  it("are not made at the same time the other way round either, and a directory that holds something is told from that", async () => {
    const goOn = Promise.withResolvers<void>();
    const held = vault.whileNothingLeaves(() => goOn.promise);
    const copying = backup(join(home, "copy"), say, socket);
    await expect.poll(() => existsSync(join(home, "copy"))).toBe(true);
    const keyBefore = readFileSync(keyFile, "utf8");
    const amid = rotateVault(say, socket);
    await expect.poll(() => said.length).toBeGreaterThan(0);
    goOn.resolve();
    await held;
    expect([await amid, await copying]).toEqual([1, 0]);
    expect(said[0]).toMatch(/a backup is being made.*Run this again when that has ended/);
    expect(readFileSync(keyFile, "utf8")).toBe(keyBefore);
    await expectWhole(join(home, "copy"));
    expect(await backup(join(home, "copy"), say, socket)).toBe(1);
    expect(said.at(-1)).toContain("is not empty");
  });
});

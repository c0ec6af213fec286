import { randomBytes } from "node:crypto";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CertificateMaterial,
  type CertificateVault,
  type VaultLabel,
  vaultRefSchema,
} from "@sealpost/domain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openVault, readMasterKey, sweepVault, vaultExists } from "./index.ts";

let home: string;
let directory: string;
let vault: CertificateVault;
const masterKey = randomBytes(32);
const label: VaultLabel = { kind: "private-key", boundTo: "fingerprint" };
const secret = Buffer.from("-----BEGIN PRIVATE KEY-----\nthe quick brown fox and much more of it\n");
const material = () => new CertificateMaterial(secret);

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "sealpost-vault-"));
  directory = join(home, "vault");
  vault = await openVault({ directory, masterKey });
});
afterEach(() => rmSync(home, { recursive: true }));

describe("the vault", () => {
  it("gives back what was put, and only under the same label", async () => {
    const ref = await vault.put(label, material());
    expect(Buffer.from((await vault.open(ref, label)).reveal())).toEqual(secret);
    await expect(vault.open(ref, { ...label, boundTo: "another" })).rejects.toThrow();
    await expect(vault.open(ref, { ...label, kind: "certificate" })).rejects.toThrow();
    await expect(vault.open(vaultRefSchema.parse("none"), label)).rejects.toThrow();
  });

  it("finds a flipped bit anywhere in an item, and an item under another's name", async () => {
    const ref = await vault.put(label, material());
    const file = join(directory, `${ref}.sealed`);
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(file, damaged);
      await expect(vault.open(ref, label)).rejects.toThrow();
    }
    writeFileSync(file, whole);
    const other = await vault.put(label, material());
    writeFileSync(join(directory, `${other}.sealed`), whole);
    await expect(vault.open(other, label)).rejects.toThrow();
  });

  it("shows nothing of what it holds to somebody who copies the directory; the search would find it", async () => {
    const ref = await vault.put(label, material());
    const window = secret.subarray(30, 50);
    expect(Buffer.concat([Buffer.from("x"), secret]).includes(window)).toBe(true);
    for (const name of readdirSync(directory)) {
      expect(readFileSync(join(directory, name)).includes(window)).toBe(false);
      expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
    }
    expect(`${material()} ${JSON.stringify(material())}`).not.toContain("fox");
    await vault.discard(ref);
    expect(await vault.list()).toEqual([]);
  });

  it("does not open with another master key, and says so", async () => {
    await expect(openVault({ directory, masterKey: randomBytes(32) })).rejects.toThrow(
      "was sealed with another master key",
    );
  });

  it("sweeps what no row names and what is older than an hour, and nothing else", async () => {
    const [named, fresh, old] = [
      await vault.put(label, material()),
      await vault.put(label, material()),
      await vault.put(label, material()),
    ];
    const now = new Date();
    const before = new Date(now.getTime() - 2 * 60 * 60 * 1000);
    for (const ref of [named, old]) utimesSync(join(directory, `${ref}.sealed`), before, before);
    expect(await sweepVault(vault, new Set([named]), now)).toBe(1);
    expect(new Set((await vault.list()).map(({ ref }) => ref))).toEqual(new Set([named, fresh]));
  });
});

describe("the master key", () => {
  const file = () => join(home, "keys", "master.key");

  it("is made once, for a new vault, readable by its owner alone", async () => {
    const made = await readMasterKey({ file: file(), isVaultNew: true });
    expect(made).toHaveLength(32);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(await readMasterKey({ file: file(), isVaultNew: false })).toEqual(made);
  });

  it("is asked for in a plain sentence when it is missing, readable by others, or no key", async () => {
    expect(await vaultExists(directory)).toBe(true);
    await expect(readMasterKey({ file: file(), isVaultNew: false })).rejects.toThrow(
      "is missing. Put the copy you kept back there",
    );
    await readMasterKey({ file: file(), isVaultNew: true });
    chmodSync(file(), 0o644);
    await expect(readMasterKey({ file: file(), isVaultNew: false })).rejects.toThrow("can be read by others");
    writeFileSync(file(), "short");
    chmodSync(file(), 0o600);
    await expect(readMasterKey({ file: file(), isVaultNew: false })).rejects.toThrow(
      "does not hold 32 bytes",
    );
  });
});

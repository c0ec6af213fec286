import { createCipheriv, randomBytes, verify } from "node:crypto";
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
import { CertificateMaterial, type VaultLabel, type VaultRef, vaultRefSchema } from "@sealpost/domain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createAuditSeal,
  type MasterKeys,
  openVault,
  readMasterKeys,
  resumeRotation,
  rotateVault,
  sweepVault,
  type Vault,
  vaultExists,
} from "./index.ts";

let home: string;
let directory: string;
let vault: Vault;
const masterKeys: MasterKeys = [randomBytes(32)];
const label: VaultLabel = { kind: "private-key", boundTo: "fingerprint" };
const secret = Buffer.from("-----BEGIN PRIVATE KEY-----\nthe quick brown fox and much more of it\n");
const material = () => new CertificateMaterial(secret);

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "sealpost-vault-"));
  directory = join(home, "vault");
  vault = await openVault({ directory, masterKeys });
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
    await expect(openVault({ directory, masterKeys: [randomBytes(32)] })).rejects.toThrow(
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
    const made = await readMasterKeys({ file: file(), isVaultNew: true });
    expect(made).toHaveLength(1);
    expect(made[0]).toHaveLength(32);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(await readMasterKeys({ file: file(), isVaultNew: false })).toEqual(made);
  });

  it("is not left lying beside its file by a crash while it was written", async () => {
    await readMasterKeys({ file: file(), isVaultNew: true });
    const others = [".master.keys.tmp", "master.key.old"].map((name) => join(home, "keys", name));
    for (const other of others) writeFileSync(other, "not ours");
    writeFileSync(join(home, "keys", ".master.key.0a1b2c3d4e5f.tmp"), readFileSync(file()));
    await readMasterKeys({ file: file(), isVaultNew: false });
    expect(readdirSync(join(home, "keys")).toSorted()).toEqual([
      ".master.keys.tmp",
      "master.key",
      "master.key.old",
    ]);
  });

  it("is asked for in a plain sentence when it is missing, readable by others, or no key", async () => {
    expect(await vaultExists(directory)).toBe(true);
    await expect(readMasterKeys({ file: file(), isVaultNew: false })).rejects.toThrow(
      "is missing. Put the copy you kept back there",
    );
    await readMasterKeys({ file: file(), isVaultNew: true });
    chmodSync(file(), 0o644);
    await expect(readMasterKeys({ file: file(), isVaultNew: false })).rejects.toThrow(
      "can be read by others",
    );
    writeFileSync(file(), "short");
    chmodSync(file(), 0o600);
    await expect(readMasterKeys({ file: file(), isVaultNew: false })).rejects.toThrow(
      "does not hold 32 bytes",
    );
  });
});

describe("a new master key", () => {
  const file = () => join(home, "keys", "master.key");
  const labels = new Map<VaultRef, VaultLabel>();
  let refs: VaultRef[];

  beforeEach(async () => {
    directory = join(home, "rotated");
    vault = await openVault({
      directory,
      masterKeys: await readMasterKeys({ file: file(), isVaultNew: true }),
    });
    refs = [];
    for (let i = 0; i < 8; i++) refs.push(await vault.put(label, material()));
  });

  const rotation = (onMoved: (moved: number) => Promise<void> = async () => {}) => ({
    vault,
    keyFile: file(),
    labels: async () => labels,
    onMoved,
  });
  const reopened = async () =>
    await openVault({ directory, masterKeys: await readMasterKeys({ file: file(), isVaultNew: false }) });
  const allOpen = async (opened: Vault) => {
    for (const ref of refs) expect(Buffer.from((await opened.open(ref, label)).reveal())).toEqual(secret);
  };

  it("opens everything, and the key before opens nothing any more", async () => {
    const old = await readMasterKeys({ file: file(), isVaultNew: false });
    const audit = await vault.heldKey("audit");
    expect(await rotateVault(rotation())).toBe(refs.length + 2);
    await allOpen(vault);
    await allOpen(await reopened());
    expect(await (await reopened()).heldKey("audit")).toEqual(audit);
    await expect(openVault({ directory, masterKeys: old })).rejects.toThrow("another master key");
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it("is taken while others read, seal and discard: nothing is lost, and nothing discarded comes back", async () => {
    let isRotating = true;
    const read = async () => {
      while (isRotating) await allOpen(vault);
    };
    const write = async () => {
      while (isRotating) {
        const [kept, gone] = [await vault.put(label, material()), await vault.put(label, material())];
        await vault.discard(gone);
        refs.push(kept);
      }
    };
    const others = Promise.all([read(), write()]);
    for (let round = 0; round < 2; round++) await rotateVault(rotation());
    isRotating = false;
    await others;
    const again = await reopened();
    await allOpen(again);
    expect(new Set((await again.list()).map(({ ref }) => ref))).toEqual(new Set(refs));
  });

  it("goes on after a crash at any step, with the key it had begun with", async () => {
    const old = readFileSync(file(), "utf8");
    const begun = `${randomBytes(32).toString("base64")}\n${old}`;
    // Cut off after the key file, and after some of the items.
    for (const moved of [0, 3]) {
      writeFileSync(file(), begun);
      const keys = await readMasterKeys({ file: file(), isVaultNew: false });
      vault = await openVault({ directory, masterKeys: keys });
      const names = readdirSync(directory).filter((name) => name.endsWith(".sealed"));
      const untouched = names
        .slice(moved)
        .map((name) => [name, readFileSync(join(directory, name))] as const);
      const check = readFileSync(join(directory, "key-check"));
      await vault.rewrapAll(labels);
      for (const [name, bytes] of untouched) writeFileSync(join(directory, name), bytes);
      writeFileSync(join(directory, "key-check"), check);
      vault = await reopened();
      await allOpen(vault);
      expect(await resumeRotation(rotation(), keys)).toBe(names.length - moved + 1);
      expect(readFileSync(file(), "utf8")).toBe(`${begun.split("\n")[0]}\n`);
      await allOpen(await reopened());
      writeFileSync(file(), begun);
      vault = await reopened();
      await rotateBack(old);
    }
  });

  /** So that the next round begins as the first did. */
  async function rotateBack(old: string): Promise<void> {
    const [current] = await readMasterKeys({ file: file(), isVaultNew: false });
    writeFileSync(file(), `${old}${Buffer.from(current).toString("base64")}\n`);
    await resumeRotation(rotation(), await readMasterKeys({ file: file(), isVaultNew: false }));
  }

  it("is told of before the older key is forgotten: whoever cannot write that down goes on with both", async () => {
    const keysThen: number[] = [];
    const keysNow = () => readFileSync(file(), "utf8").trim().split("\n").length;
    const unwritten = async () => {
      keysThen.push(keysNow());
      throw new Error("disk full");
    };
    await expect(rotateVault(rotation(unwritten))).rejects.toThrow("disk full");
    expect([...keysThen, keysNow()]).toEqual([2, 2]);
    await allOpen(await reopened());
    const told: number[] = [];
    await rotateVault(rotation(async (moved) => void told.push(moved)));
    expect([...told, keysNow()]).toEqual([0, 1]);
  });

  it("keeps the key before while an item opens with neither", async () => {
    const damaged = join(directory, `${refs[3]}.sealed`);
    writeFileSync(damaged, Buffer.alloc(200, 2));
    await expect(rotateVault(rotation())).rejects.toThrow("no master key opens this item");
    expect(readFileSync(file(), "utf8").trim().split("\n")).toHaveLength(2);
    rmSync(damaged);
    await rotateVault(rotation());
    refs.splice(3, 1);
    await allOpen(await reopened());
  });

  it("is not made while the key file holds another key than the one in use, which stays the one that opens everything", async () => {
    const before = readFileSync(file(), "utf8");
    await rotateVault(rotation());
    const right = readFileSync(file(), "utf8");
    for (const wrong of [before, `${randomBytes(32).toString("base64")}\n`]) {
      writeFileSync(file(), wrong);
      await expect(rotateVault(rotation())).rejects.toThrow("Put the right file back");
      expect(readFileSync(file(), "utf8")).toBe(wrong);
      await allOpen(vault);
      writeFileSync(file(), right);
      await allOpen(await reopened());
    }
    await rotateVault(rotation());
    await allOpen(await reopened());
  });

  it("is not made while the key file lacks one of two keys in use, for items may lie under either", async () => {
    const old = readFileSync(file(), "utf8");
    const damaged = join(directory, `${refs[3]}.sealed`);
    writeFileSync(damaged, Buffer.alloc(200, 2));
    await expect(rotateVault(rotation())).rejects.toThrow("no master key opens this item");
    rmSync(damaged);
    refs.splice(3, 1);
    const both = readFileSync(file(), "utf8");
    for (const wrong of [old, both.replace(old, "")]) {
      writeFileSync(file(), wrong);
      await expect(rotateVault(rotation())).rejects.toThrow("Put the right file back");
      expect(readFileSync(file(), "utf8")).toBe(wrong);
    }
    writeFileSync(file(), both);
    await rotateVault(rotation());
    await allOpen(await reopened());
  });

  it("reaches items of the first layout through the label their row gives them", async () => {
    const ref = vaultRefSchema.parse("0011223344556677889900112233445566778899");
    const [current] = await readMasterKeys({ file: file(), isVaultNew: false });
    writeFileSync(join(directory, `${ref}.sealed`), sealedAsBefore(current, ref, label, secret));
    refs.push(ref);
    await allOpen(vault);
    labels.set(ref, label);
    await rotateVault(rotation());
    await allOpen(await reopened());
  });
});

/** As items of version 1 were sealed: both layers bound to everything. */
function sealedAsBefore(
  masterKey: Uint8Array,
  ref: string,
  { kind, boundTo }: VaultLabel,
  plain: Buffer,
): Buffer {
  const bound = Buffer.from(JSON.stringify([1, ref, kind, boundTo]));
  const encrypt = (key: Uint8Array, bytes: Buffer) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(bound);
    return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  };
  const dataKey = randomBytes(32);
  return Buffer.concat([Buffer.of(1), encrypt(masterKey, dataKey), encrypt(dataKey, plain)]);
}

describe("the seal of the audit chain", () => {
  it("signs what its public key verifies, and is the same after every start", async () => {
    const seal = createAuditSeal(await vault.heldKey("audit"));
    const again = createAuditSeal(await (await openVault({ directory, masterKeys })).heldKey("audit"));
    const publicKey = { key: Buffer.from(seal.publicKey, "base64"), format: "der", type: "spki" } as const;
    expect(verify(null, Buffer.from("head"), publicKey, Buffer.from(seal.sign("head"), "base64"))).toBe(true);
    expect(verify(null, Buffer.from("heads"), publicKey, Buffer.from(seal.sign("head"), "base64"))).toBe(
      false,
    );
    expect([again.publicKey, again.mac("x")]).toEqual([seal.publicKey, seal.mac("x")]);
    expect(seal.mac("y")).not.toBe(seal.mac("x"));
  });
});

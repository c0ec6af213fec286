import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { OpenedStore } from "@sealpost/db";
import { type AuditEntry, auditDone, operatorActor, type Ports, type VaultRef } from "@sealpost/domain";
import {
  type MasterKeys,
  type Rotation,
  resumeRotation,
  rotateVault,
  type Vault,
  writeDurably,
} from "@sealpost/vault";

const hourMs = 60 * 60 * 1000;
const subject = { kind: "console", id: "console", label: "Sealpost" } as const;

/** What a look at every item found. References tell nothing about what they name. */
export interface VaultReport {
  readonly opened: number;
  /** A row names it, and it is not there or does not open. */
  readonly broken: readonly { readonly ref: VaultRef; readonly kind: string }[];
  /** No row names it, and it is older than an hour; the next sweep removes it. */
  readonly orphans: number;
}

export interface VaultDeskParts {
  readonly ports: Ports;
  readonly vault: Vault;
  readonly opened: OpenedStore;
  readonly dataDirectory: string;
  readonly keyFile: string;
}

/** What the operator may want of the vault while the console runs. */
export class VaultDesk {
  readonly #parts: VaultDeskParts;
  #isBusy = false;

  constructor(parts: VaultDeskParts) {
    this.#parts = parts;
  }

  /** Puts everything under a new master key. Resolves to how many items moved. Throws VaultBusy, or VaultOpenError. */
  async rotate(): Promise<number> {
    return await this.#alone(() => rotateVault(this.#rotation({})));
  }

  /** Ends what an earlier process left in the middle. */
  async resume(masterKeys: MasterKeys): Promise<void> {
    await this.#alone(() => resumeRotation(this.#rotation({ isResumed: true }), masterKeys));
  }

  /** Opens every item that a row names, and looks for those that none names. */
  async check(): Promise<VaultReport> {
    const { ports, vault } = this.#parts;
    const named = await ports.store.vaultItems();
    const broken = [];
    for (const [ref, label] of named) {
      const isOpen = await vault.open(ref, label).then(
        () => true,
        () => false,
      );
      // It may have been deleted, with its row, while others were looked at.
      if (!isOpen && (await ports.store.vaultItems()).has(ref)) broken.push({ ref, kind: label.kind });
    }
    const now = ports.clock.now().getTime();
    const orphans = (await vault.list()).filter(
      ({ ref, sealedAt }) => !named.has(ref) && now - sealedAt.getTime() > hourMs,
    );
    return { opened: named.size - broken.length, broken, orphans: orphans.length };
  }

  /**
   * Writes a copy of everything but the master key into a new directory. Nothing leaves the vault meanwhile, so that
   * each item the copied rows name is copied too, and no rotation is under way, so that one key opens them all. The
   * list of contents is written last: without it a copy is none. Throws VaultBusy, or BackupRefused.
   */
  async backup(directory: string): Promise<void> {
    await this.#alone(() => this.#copyTo(directory));
  }

  async #copyTo(directory: string): Promise<void> {
    const { ports, vault, opened, dataDirectory } = this.#parts;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if ((await readdir(directory)).length > 0) throw new BackupRefused();
    await this.#trace("console.backup", {});
    await vault.whileNothingLeaves(async () => {
      await opened.backup(join(directory, "sealpost.db"));
      await cp(join(dataDirectory, "vault"), join(directory, "vault"), {
        recursive: true,
        filter: (source) => !source.endsWith(".tmp"),
      });
    });
    for (const name of await readdir(dataDirectory)) {
      if (name.endsWith(".pem")) await cp(join(dataDirectory, name), join(directory, name));
    }
    const contents = { sealpost: "backup", format: 1, at: ports.clock.now() };
    await writeDurably(join(directory, "backup.json"), `${JSON.stringify(contents)}\n`);
  }

  #rotation(details: AuditEntry["details"]): Rotation {
    const { ports, vault, keyFile } = this.#parts;
    const onMoved = (moved: number) => this.#trace("vault.rotate", { moved, ...details });
    return { vault, keyFile, labels: () => ports.store.vaultItems(), onMoved };
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) throw new VaultBusy();
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
    }
  }

  async #trace(act: "vault.rotate" | "console.backup", details: AuditEntry["details"]) {
    const { ports } = this.#parts;
    const entry = auditDone({ ...ports, actor: operatorActor }, ports.clock.now(), { act, subject, details });
    await ports.store.commit({ writes: [], audit: [entry] });
  }
}

/** The master key is being changed, or a backup made. */
export class VaultBusy extends Error {
  override readonly name = "VaultBusy";
}

/** The directory holds something already. */
export class BackupRefused extends Error {
  override readonly name = "BackupRefused";
}

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Secrets } from "./dialects/dialect.ts";
import { dialects } from "./dialects/registry.ts";
import { type Authority, makeAuthority } from "./issue.ts";
import type { MailStore, StoredMail } from "./mailbox.ts";
import { type BookOrder, olderOrder } from "./order-book.ts";

export interface SandboxFacts {
  readonly authority: Authority;
  /** The secrets of each CA's account, by the dialect's `ca`. */
  readonly secrets: Readonly<Record<string, Secrets>>;
  readonly controlToken: string;
  readonly orders: readonly BookOrder[];
  readonly ports: Ports;
  readonly isNew: boolean;
}

export interface Ports {
  readonly ca: number;
  readonly mailbox: number;
  readonly keys: number;
  readonly control: number;
  readonly smtp: number;
}

export const anyPorts: Ports = { ca: 0, mailbox: 0, keys: 0, control: 0, smtp: 0 };

/** Where the sandbox is kept between starts. Without a directory it lives in memory only. */
export interface SandboxState {
  readonly facts: SandboxFacts;
  readonly mails: MailStore;
  save(orders: readonly BookOrder[], ports: Ports): void;
}

export async function openState(directory: string | undefined, now: Date): Promise<SandboxState> {
  if (directory === undefined) {
    return { facts: await newFacts(now), mails: mailStore([]), save: () => {} };
  }
  const file = join(directory, "sandbox.json");
  mkdirSync(join(directory, "mails"), { recursive: true, mode: 0o700 });
  const facts = readFacts(file) ?? (await newFacts(now));
  const { isNew, orders: __, ports: ___, ...constant } = facts;
  const mails = storedMails(join(directory, "mails"));
  // Left by a first start that did not come to its end.
  if (isNew) mails.clear();
  return {
    facts,
    mails,
    save: (orders, ports) => write(file, JSON.stringify({ ...constant, orders, ports })),
  };
}

async function newFacts(now: Date): Promise<SandboxFacts> {
  return {
    authority: await makeAuthority(now),
    secrets: secretsOf({}),
    controlToken: randomBytes(24).toString("base64url"),
    orders: [],
    ports: anyPorts,
    isNew: true,
  };
}

/** What is kept, and new secrets for each CA that was not there yet. */
function secretsOf(kept: SandboxFacts["secrets"]): SandboxFacts["secrets"] {
  return Object.fromEntries(
    dialects.map((dialect) => [dialect.ca, kept[dialect.ca] ?? dialect.newSecrets()]),
  );
}

/** Of a sandbox of an older version: its first two CAs stood side by side. */
interface OlderFacts {
  readonly credential?: Secrets;
  readonly digicert?: Secrets;
}

/**
 * Written by ourselves alone, into a directory only we can write. Null on the first start. CAs that the sandbox did
 * not know yet get their accounts now; orders without a CA are those of the first one.
 */
function readFacts(file: string): SandboxFacts | null {
  if (!existsSync(file)) return null;
  const { credential, digicert, ...kept }: SandboxFacts & OlderFacts = JSON.parse(readFileSync(file, "utf8"));
  const older = { ...(credential && { "ibm-classic": credential }), ...(digicert && { digicert }) };
  const orders = kept.orders.map((order) => ({
    ...olderOrder,
    ...order,
    number: order.number ?? String(order.id),
    earlier: order.earlier ?? [],
  }));
  return { ...kept, secrets: secretsOf({ ...older, ...kept.secrets }), orders, isNew: false };
}

function storedMails(directory: string): MailStore {
  const fileOf = (mail: StoredMail) => join(directory, mail.mailId);
  const known = readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .map((name): StoredMail => {
      const raw = readFileSync(join(directory, name.replace(/json$/, "eml")));
      const facts = JSON.parse(readFileSync(join(directory, name), "utf8"));
      return { sentAt: facts.receivedAt, ...facts, raw };
    })
    .sort((a, b) => a.receivedAt.localeCompare(b.receivedAt));
  const store = mailStore(known);
  return {
    get mails() {
      return store.mails;
    },
    add(mail) {
      const { raw, ...facts } = mail;
      write(`${fileOf(mail)}.eml`, raw);
      write(`${fileOf(mail)}.json`, JSON.stringify(facts));
      store.add(mail);
    },
    clear() {
      for (const mail of store.mails)
        for (const ending of ["eml", "json"]) rmSync(`${fileOf(mail)}.${ending}`, { force: true });
      store.clear();
    },
  };
}

function mailStore(initial: readonly StoredMail[]): MailStore {
  let mails = [...initial];
  return {
    get mails() {
      return mails;
    },
    add: (mail) => void mails.push(mail),
    clear: () => {
      mails = [];
    },
  };
}

function write(file: string, content: string | Buffer): void {
  writeFileSync(`${file}.tmp`, content, { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  dovecotConf,
  type Ground,
  mailOwner,
  type Ports,
  postfixMain,
  postfixMaster,
} from "./configuration.ts";

export { mailOwner } from "./configuration.ts";
export { whyNoMailServer } from "./debian.mjs";

const run = promisify(execFile);
const password = "test-only";

export interface MailServerOptions {
  /** Who has a mailbox; `admin@example.test`, unless said otherwise. Every password is `test-only`. */
  readonly users?: readonly string[];
  /** Whether mail can be sent in by SMTP. */
  readonly withPostfix?: boolean;
  /** Whether the server leaves IDLE out (RFC 2177). */
  readonly withoutIdle?: boolean;
}

/** Postfix and Dovecot of a test's own, on loopback, in a directory of their own. */
export interface MailServer extends AsyncDisposable {
  readonly host: "127.0.0.1";
  readonly ports: Ports;
  /** The certificate both show, for 127.0.0.1 and mx.sealpost.test; its own root. */
  readonly certificatePem: string;
  readonly directory: string;
  /** Where a user's mails lie: `cur`, `new`, and a directory for each folder. */
  maildir(user: string): string;
  /** Lets a user in with this password only; resolves when it is so. */
  setPassword(user: string, password: string): Promise<void>;
  /** Runs `doveadm`. Resolves to what it prints. */
  doveadm(...args: readonly string[]): Promise<string>;
  /** Puts a mail into a folder, as a mail program does (APPEND). */
  append(user: string, folder: string, mail: string | Buffer): Promise<void>;
  stopImap(): Promise<void>;
  startImap(): Promise<void>;
  /** What Dovecot and Postfix have logged. */
  log(): Promise<string>;
}

/** Starts what is asked for. Needs what `whyNoMailServer` looks for. */
export async function startMailServer({
  users = ["admin@example.test"],
  withPostfix = false,
  withoutIdle = false,
}: MailServerOptions = {}): Promise<MailServer> {
  const stack = new AsyncDisposableStack();
  try {
    const directory = await mkdtemp(join(tmpdir(), "sealpost-mail-"));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    const ports = { smtp: await freePort(), imap: await freePort(), imaps: await freePort() };
    const certificatePem = await prepare({ directory, ports, withoutIdle });
    const passwords = new Map(users.map((user) => [user, password]));
    const savePasswords = () =>
      writeFile(join(directory, "users"), [...passwords].map((entry) => `${entry.join(":")}\n`).join(""));
    await savePasswords();
    const conf = join(directory, "dovecot.conf");
    let dovecot: ChildProcess | null = null;
    const startImap = async () => {
      dovecot = spawn("/usr/sbin/dovecot", ["-F", "-c", conf], { stdio: "ignore" });
      await listening(ports.imaps);
    };
    const stopImap = async () => {
      if (dovecot) await end(dovecot);
      dovecot = null;
    };
    stack.defer(stopImap);
    await startImap();
    if (withPostfix) {
      const postfix = spawn("/usr/sbin/postfix", ["-c", join(directory, "postfix"), "start-fg"], {
        stdio: "ignore",
      });
      stack.defer(() => endPostfix(postfix, directory));
      await listening(ports.smtp);
    }
    const read = (name: string) => readFile(join(directory, name), "utf8").catch(() => "");
    return {
      host: "127.0.0.1",
      ports,
      certificatePem,
      directory,
      maildir: (user) => join(directory, "home", user, "Maildir"),
      async setPassword(user, secret) {
        passwords.set(user, secret);
        await savePasswords();
        const test = () => run("/usr/bin/doveadm", ["-c", conf, "auth", "test", user, secret]);
        // Dovecot looks at the file once a second.
        while (
          !(await test().then(
            () => true,
            () => false,
          ))
        );
      },
      doveadm: async (...args) => (await run("/usr/bin/doveadm", ["-c", conf, ...args])).stdout,
      append: (user, folder, mail) => save(conf, user, folder, mail),
      stopImap,
      startImap,
      log: async () => (await read("dovecot.log")) + (await read("postfix.log")),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Writes the configuration and a certificate. Resolves to the certificate. */
async function prepare(ground: Ground): Promise<string> {
  const { directory } = ground;
  const at = (...names: string[]) => join(directory, ...names);
  await run("/bin/chmod", ["755", directory]);
  for (const name of ["postfix", "spool", "postfix-data", "dovecot", "home"]) await mkdir(at(name));
  await chown(at("home"), mailOwner, mailOwner);
  await run("/bin/chown", ["postfix", at("postfix-data")]);
  await writeFile(at("dovecot.conf"), dovecotConf(ground));
  await writeFile(at("postfix", "main.cf"), postfixMain(ground));
  await writeFile(at("postfix", "master.cf"), postfixMaster(ground));
  const names = "subjectAltName=DNS:mx.sealpost.test,IP:127.0.0.1";
  await run("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "7"],
    ...["-subj", "/CN=mx.sealpost.test", "-addext", names],
    ...["-keyout", at("mail.key"), "-out", at("mail.crt")],
  ]);
  return await readFile(at("mail.crt"), "utf8");
}

async function save(conf: string, user: string, folder: string, mail: string | Buffer): Promise<void> {
  const child = spawn("/usr/bin/doveadm", ["-c", conf, "save", "-u", user, "-m", folder], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  child.stdin.end(mail);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the mail was not saved: ${said}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

/** What was started is a shell that waits, deaf to signals, for the master it has started. */
async function endPostfix(shell: ChildProcess, directory: string): Promise<void> {
  const ended = shell.exitCode === null ? once(shell, "exit") : null;
  const master = await readFile(join(directory, "spool", "pid", "master.pid"), "utf8").catch(() => "");
  if (master.trim() !== "") process.kill(Number(master), "SIGTERM");
  await ended;
}

/** Resolves when somebody listens on this port. */
async function listening(port: number): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isThere = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    if (Date.now() > until) throw new Error(`nobody listens on ${port}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

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

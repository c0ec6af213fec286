import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { AppRouter } from "@sealpost/api/client";
import { mailOwner, startMailServer, whyNoMailServer } from "@sealpost/mailbox/real-mail";
import { createTRPCClient, httpLink } from "@trpc/client";
import Database from "better-sqlite3";
import { startConsoleProcess } from "./console-process.ts";

// The first look into a large folder, cut off in the middle by SIGKILL: that it goes on where it was and takes in every
// mail, how much memory it takes, and how the orders page answers meanwhile. All mails are recent, which is the worst
// case: whatever is older than the mailbox's look back is passed over by one search.

const say = (line: string) => process.stdout.write(`${line}\n`);
const count = Number(process.argv[2] ?? 100_000);
/** What is promised: memory in MB, p95 of the page in ms. */
const promised = { memoryMb: 300, p95Ms: 100 };
/** How long is looked before the mailbox is connected, for comparison. */
const restMs = 10_000;

const whyNot = whyNoMailServer();
if (whyNot) {
  say(whyNot);
  process.exit(2);
}
const user = "admin@example.test";
await using server = await startMailServer({ users: [user] });
const directory = mkdtempSync(join(tmpdir(), "sealpost-bench-"));
fillFolder(server.maildir(user));
await server.doveadm("force-resync", "-u", user, "INBOX");
say(`A folder with ${count.toLocaleString("en")} mails of some 8 kB.`);
writeFileSync(join(directory, "anchors.pem"), server.certificatePem);
const own = await startConsoleProcess(directory, {
  SEALPOST_PRIVATE_MAIL_SERVERS: "on",
  SEALPOST_ANCHORS_FILE: join(directory, "anchors.pem"),
  SEALPOST_REQUESTS_PER_PERSON: "100000000",
  SEALPOST_REQUESTS_PER_ADDRESS: "100000000",
});
const headers = { cookie: own.cookie, origin: own.url };
const api = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${own.url}/api/trpc`, headers })] });
try {
  const restEnds = performance.now() + restMs;
  const atRest = await watch(() => performance.now() > restEnds);
  const startedAt = performance.now();
  const { host, ports } = server;
  const about = { label: "Large", host, port: ports.imaps, security: "tls", userName: user } as const;
  await api.mailboxes.connect.mutate({ ...about, password: "test-only" });
  const before = await watch(() => lastUid() >= count / 2);
  const cutAt = lastUid();
  await own.crash();
  const after = await watch(() => lastUid() >= count);
  const seconds = (performance.now() - startedAt) / 1000;
  const times = [...before.times, ...after.times];
  const p95 = p95Of(times);
  const memoryMb = Math.max(before.memoryMb, after.memoryMb);
  say(`mails                 ${lastUid().toLocaleString("en")} in ${seconds.toFixed(0)} s with the restart`);
  say(`killed at             ${cutAt.toLocaleString("en")}, went on at ${after.from.toLocaleString("en")}`);
  say(`memory of the server  ${memoryMb.toFixed(0)} MB at most, ${atRest.memoryMb.toFixed(0)} MB before`);
  say(
    `orders page meanwhile p95 ${p95.toFixed(0)} ms over ${times.length} loads, ${p95Of(atRest.times).toFixed(0)} ms before`,
  );
  const isKept = after.from >= cutAt && memoryMb <= promised.memoryMb && p95 < promised.p95Ms;
  say(
    `${isKept ? "Kept" : "Broken"}: goes on where it was, at most ${promised.memoryMb} MB, the page under ${promised.p95Ms} ms at p95.`,
  );
  process.exitCode = isKept ? 0 : 1;
} finally {
  await own.end();
  rmSync(directory, { recursive: true, force: true });
}

function p95Of(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;
}

/** Files as a delivery would have left them. */
function fillFolder(maildir: string): void {
  for (const name of ["cur", "new", "tmp"]) mkdirSync(join(maildir, name), { recursive: true });
  const filler = `${"All work and no play makes a dull mail. ".repeat(2)}\r\n`.repeat(95);
  const seconds = Math.floor(Date.now() / 1000) - count;
  for (let at = 0; at < count; at += 1) {
    const header = `From: news${at}@issuer.test\r\nTo: ${user}\r\nSubject: News ${at}\r\nMessage-ID: <${at}@issuer.test>`;
    writeFileSync(join(maildir, "cur", `${seconds + at}.M${at}P1.bench:2,S`), `${header}\r\n\r\n${filler}`);
  }
  execFileSync("chown", ["-R", `${mailOwner}:${mailOwner}`, dirname(maildir)]);
}

/** How far the console has come, as it stands on disk. */
function lastUid(): number {
  const database = new Database(join(directory, "data", "sealpost.db"), { readonly: true });
  const found = database.prepare("select last_uid from mailbox_positions").pluck().get();
  database.close();
  return typeof found === "number" ? found : 0;
}

/** What the server's process holds, in MB. */
function memoryOf(): number {
  const status = readFileSync(`/proc/${own.pid()}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** Loads the orders page as a person would, a little after the last one, and looks at the server's memory. */
async function watch(isOver: () => boolean) {
  const times: number[] = [];
  const from = lastUid();
  let memoryMb = 0;
  while (!isOver()) {
    const startedAt = performance.now();
    const answer = await fetch(`${own.url}/security/ssl/orders`, { headers });
    await answer.text();
    if (answer.status !== 200) throw new Error(`the page answered ${answer.status}`);
    times.push(performance.now() - startedAt);
    memoryMb = Math.max(memoryMb, memoryOf());
    await wait(100);
  }
  return { times, memoryMb, from };
}

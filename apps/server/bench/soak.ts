import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { AppRouter } from "@sealpost/api/client";
import { startSimulator } from "@sealpost/ca-simulator";
import { createTRPCClient, httpLink } from "@trpc/client";
import { signInAgain, startConsoleProcess } from "./console-process.ts";
import { slopePerTenMinutes } from "./slope.ts";

// Mixed load for as long as one likes: lists, searches, orders and pages read, orders read from the CA, mails asked for,
// material read, imported, exported and deleted, listeners that come and go. What must hold: no error, and no memory that
// grows. Memory is what the server and its pages' process take of the machine together.

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "30" }, "warm-up": { type: "string", default: "5" } },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const minuteMs = 60_000;
const runMs = Number(values.minutes) * minuteMs;
const warmUpMs = Number(values["warm-up"]) * minuteMs;
const connections = 16;
const sampleEveryMs = 5000;
const signInEveryMs = 5 * minuteMs;
/** What is promised: errors, and percent in ten minutes. */
const promised = { errors: 0, slope: 1 };
/** So many that none is asked for again before it has cooled down, nor any address too often a day. */
const mailOrders = 240;
const mailEveryMs = 1000;

const directory = mkdtempSync(join(tmpdir(), "sealpost-soak-"));
await using simulator = await startSimulator();
const anchors = join(directory, "anchors.pem");
writeFileSync(anchors, simulator.rootCertificatePem);
const own = await startConsoleProcess(directory, {
  SEALPOST_ANCHORS_FILE: anchors,
  SEALPOST_REQUESTS_PER_PERSON: "100000000",
  SEALPOST_REQUESTS_PER_ADDRESS: "100000000",
});
let headers = { cookie: own.cookie, origin: own.url };
const api = createTRPCClient<AppRouter>({
  links: [httpLink({ url: `${own.url}/api/trpc`, headers: () => headers })],
});
const errors: string[] = [];
const counts = new Map<string, number>();
const startedAt = performance.now();
const isOver = () => performance.now() - startedAt >= runMs;

try {
  const orders = await prepare();
  const samples: { readonly atMs: number; readonly mb: number }[] = [];
  const watch = async () => {
    while (!isOver()) {
      const sample = { atMs: performance.now() - startedAt, mb: memoryMb() };
      samples.push(sample);
      if (samples.length % 12 === 1)
        say(
          `${(sample.atMs / minuteMs).toFixed(0).padStart(4)} min  ${sample.mb.toFixed(0)} MB, ${errors.length} errors`,
        );
      await wait(sampleEveryMs);
    }
  };
  await Promise.all([
    watch(),
    sendMails(orders.slice(connections)),
    stayRecent(),
    ...orders.slice(0, connections).map((order) => work(order)),
  ]);
  const counted = samples.filter(({ atMs }) => atMs >= warmUpMs);
  const slope = slopePerTenMinutes(counted);
  for (const [name, count] of counts) say(`  ${name.padEnd(28)} ${count}`);
  for (const error of errors.slice(0, 20)) say(`  ${error}`);
  say(`errors                ${errors.length}`);
  say(`memory slope          ${slope.toFixed(2)} % in 10 minutes, over ${counted.length} samples`);
  const isKept = errors.length <= promised.errors && slope < promised.slope;
  say(
    `${isKept ? "Kept" : "Broken"}: no error, and less than ${promised.slope} % in 10 minutes after ${values["warm-up"]} minutes of warm-up.`,
  );
  process.exitCode = isKept ? 0 : 1;
} finally {
  await own.end();
  rmSync(directory, { recursive: true, force: true });
}

interface SoakOrder {
  readonly orderId: string;
  readonly caOrderId: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** A CA account with orders enough, read by the console. */
async function prepare(): Promise<readonly SoakOrder[]> {
  const { control } = simulator;
  const placed = [];
  for (let n = 0; n < connections + mailOrders; n++)
    placed.push(
      await control.placeOrder({ commonName: `host-${n}.soak.test`, approverEmail: `admin@s${n}.test` }),
    );
  const { settings, credential, baseUrl } = simulator.account("ibm-classic");
  const fields = { ...settings, ...credential };
  await api.accounts.connect.mutate({ adapter: "ibm-classic", label: "Soak", baseUrl, fields });
  while ((await api.orders.counts.query()).total < placed.length) await wait(500);
  const found: SoakOrder[] = [];
  for (const { id, privateKeyPem } of placed) {
    const { rows } = await api.orders.list.query({ search: String(id) });
    const { certificatePem = null } = (await control.order(id)) ?? {};
    if (!rows[0] || !certificatePem || !privateKeyPem) throw new Error(`order ${id} is not there`);
    found.push({
      orderId: rows[0].orderId,
      caOrderId: String(id),
      certificatePem,
      keyPem: privateKeyPem,
    });
  }
  return found;
}

/** One connection's work: what people do, about as often as they do it. */
async function work(order: SoakOrder): Promise<void> {
  const jobs: readonly (readonly [weight: number, name: string, job: () => Promise<unknown>])[] = [
    [30, "list", () => api.orders.list.query({})],
    [15, "search", () => api.orders.list.query({ search: order.caOrderId })],
    [10, "counts", () => api.orders.counts.query()],
    [15, "order", () => api.orders.get.query({ orderId: order.orderId })],
    [10, "certificates", () => api.certificates.list.query({})],
    [4, "orders page", () => read("/security/ssl/orders")],
    [2, "order page", () => read(`/de/security/ssl/orders/${order.orderId}`)],
    [1, "import page", () => read("/security/ssl/certificates/import")],
    [1, "order from the CA", () => api.orders.refresh.mutate({ orderId: order.orderId })],
    [1, "listener", () => listen()],
    [3, "import, export, delete", () => importAndDelete(order)],
  ];
  const all = jobs.flatMap(([weight, ...job]) => Array.from({ length: weight }, () => job));
  while (!isOver()) {
    const [name = "", job] = all[Math.floor(Math.random() * all.length)] ?? [];
    if (job) await attempt(name, job);
  }
}

/** A key is handed out only shortly after one has signed in. */
async function stayRecent(): Promise<void> {
  for (let waitedMs = 0; !isOver(); waitedMs += sampleEveryMs) {
    await wait(sampleEveryMs);
    if (waitedMs % signInEveryMs !== 0) continue;
    await attempt("sign-in", async () => {
      headers = { ...headers, cookie: await signInAgain(own.url) };
    });
  }
}

async function sendMails(orders: readonly SoakOrder[]): Promise<void> {
  for (let n = 0; !isOver(); n++) {
    const { orderId = "" } = orders[n % orders.length] ?? {};
    await attempt("mail", async () => {
      const { order } = await api.orders.prepareResend.mutate({ orderId, kind: "fulfillment" });
      const { fulfillment } = order.recipients;
      await api.orders.requestResend.mutate({
        orderId,
        kind: "fulfillment",
        idempotencyKey: randomUUID(),
        confirmedRecipients: fulfillment === "not-loaded" ? [] : fulfillment.map(({ address }) => address),
      });
    });
    await wait(mailEveryMs);
  }
}

async function importAndDelete({ certificatePem, keyPem }: SoakOrder): Promise<void> {
  const form = new FormData();
  form.append("certificate", certificatePem);
  form.append("key", keyPem);
  await api.certificates.preview.mutate(form);
  const { certificateId } = await api.certificates.import.mutate(form);
  const exported = await read(`/api/certificates/${certificateId}/pem`, { reason: "soak" });
  if (!exported.includes("PRIVATE KEY")) throw new Error("the export lacks its key");
  await api.certificates.delete.mutate({ certificateId });
}

/** By POST where there is a body. */
async function read(path: string, body?: unknown): Promise<string> {
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(`${own.url}${path}`, { headers, ...sent });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}`);
  return text;
}

/** A page that is opened and closed again. */
async function listen(): Promise<void> {
  const left = new AbortController();
  const { status, body } = await fetch(`${own.url}/api/events`, { headers, signal: left.signal });
  if (status !== 200) throw new Error(`${status}`);
  await body?.getReader().read();
  left.abort();
}

async function attempt(name: string, job: () => Promise<unknown>): Promise<void> {
  try {
    await job();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  } catch (error) {
    errors.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What the server and the processes it has started hold of the machine's memory. */
function memoryMb(): number {
  const pid = own.pid();
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
  return [pid, ...children].reduce((sum, of) => {
    const status = readFileSync(`/proc/${of}/status`, "utf8");
    return sum + Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }, 0);
}

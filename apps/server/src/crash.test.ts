import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Simulator, startSimulator } from "@sealpost/ca-simulator";
import { openStore } from "@sealpost/db";
import { caAccountIdSchema, caOrderIdSchema } from "@sealpost/domain";
import { build } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gate, HarnessSettings } from "./crash-harness.ts";

let harness: string;
let simulator: Simulator;
let directory: string;

beforeAll(async () => {
  harness = await bundled(fileURLToPath(new URL("./crash-harness.ts", import.meta.url)));
  simulator = await startSimulator();
  directory = mkdtempSync(join(tmpdir(), "sealpost-crash-"));
});
afterAll(async () => {
  for (const spare of spares) spare.kill("SIGKILL");
  await simulator[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

/** One file of all the harness needs: it is started hundreds of times, and looking for its parts took longest. */
async function bundled(input: string): Promise<string> {
  const built = await build({
    input,
    platform: "node",
    external: ["better-sqlite3"],
    // What a module finds beside itself, the database's migrations, stays where it is.
    plugins: [
      {
        name: "own-place",
        transform: (code, id) => code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href)),
      },
    ],
    output: { dir: fileURLToPath(new URL("../node_modules/.crash-test/", import.meta.url)), format: "esm" },
    logLevel: "silent",
  });
  return fileURLToPath(new URL(`../node_modules/.crash-test/${built.output[0].fileName}`, import.meta.url));
}

/** Processes that have loaded and wait for their turn. */
const spares: ChildProcess[] = [];
const spareCount = 1;

function load(): ChildProcess {
  return fork(harness, {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

function start(gate: Gate = null): ChildProcess {
  while (spares.length <= spareCount) spares.push(load());
  const child = spares.shift() ?? load();
  const settings: HarnessSettings = { directory, account: simulator.account("ibm-classic"), gate };
  child.send(settings);
  return child;
}

/** The next message that says this. */
async function said(child: ChildProcess, word: string): Promise<void> {
  for (;;) {
    const [message] = await once(child, "message");
    if (typeof message === "object" && message !== null && word in message) return;
  }
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** An address for each order, or the limit of mails a day to one address would hold them up. */
let nextRecipient = 0;

async function place(count: number): Promise<string[]> {
  const placed = Array.from({ length: count }, (_, i) =>
    simulator.control.placeOrder({
      commonName: `host-${i}.example.test`,
      approverEmail: `admin-${nextRecipient++}@example.test`,
    }),
  );
  return (await Promise.all(placed)).map((order) => String(order.id));
}

/** Starts once more, waits until every request has ended, and holds each against the mails that really left. */
async function endings(numbers: readonly string[]): Promise<Map<string, number>> {
  const last = start();
  await said(last, "ready");
  const { store, close } = openStore({ file: join(directory, "sealpost.db"), seal: null });
  const { mails } = await simulator.control.journal();
  const counts = new Map<string, number>();
  try {
    for (const number of numbers) {
      const [order] = await store.ordersByCaOrderIds(caAccountIdSchema.parse("account"), [
        caOrderIdSchema.parse(number),
      ]);
      if (!order) continue;
      const read = async () => (await store.resendHistory(order.orderId))[0];
      await expect
        .poll(async () => (await read())?.settledAt !== null, { interval: 10, timeout: 20_000 })
        .toBe(true);
      const request = await read();
      if (!request) continue;
      const sent = [...mails, ...(await simulator.control.journal()).mails].filter(
        (mail, i, all) =>
          all.findIndex((m) => m.messageId === mail.messageId) === i && String(mail.orderId) === number,
      ).length;
      const allowed = {
        accepted: [1],
        "outcome-unknown": [0, 1],
        refused: [0],
        "not-sent": [0],
        requested: [],
        forwarding: [],
      }[request.status];
      expect(allowed, `order ${number} ended as ${request.status} with ${sent} mails`).toContain(sent);
      counts.set(request.status, (counts.get(request.status) ?? 0) + 1);
    }
  } finally {
    close();
    await kill(last);
  }
  return counts;
}

describe("a power cut at the worst moment", () => {
  it.each([
    ["before the claim", "before-claim", "accepted", 1],
    ["between the claim and the request", "after-claim", "outcome-unknown", 0],
    ["before the outcome is on disk", "before-outcome", "outcome-unknown", 1],
  ] as const)(
    "%s leaves every request in a true state, five times over, and never makes a second mail",
    async (_, gate, status, mails) => {
      for (let round = 0; round < 5; round++) {
        const [number = ""] = await place(1);
        const child = start(gate);
        await said(child, "ready");
        child.send({ ask: [number] });
        await said(child, "gate");
        await kill(child);
        expect(Object.fromEntries(await endings([number]))).toEqual({ [status]: 1 });
        const { mails: sent } = await simulator.control.journal();
        expect(sent.filter((mail) => String(mail.orderId) === number)).toHaveLength(mails);
      }
    },
  );

  it("after the mail has left and before the CA answers is told as unknown, five times over", async () => {
    for (let round = 0; round < 5; round++) {
      const [number = ""] = await place(1);
      await simulator.control.setFault("resend", Number(number), "hang-after-mail");
      const child = start();
      await said(child, "ready");
      child.send({ ask: [number] });
      const sent = async () =>
        (await simulator.control.journal()).mails.filter((mail) => String(mail.orderId) === number).length;
      await expect.poll(sent, { interval: 5 }).toBe(1);
      await kill(child);
      await simulator.control.clearFaults();
      expect(Object.fromEntries(await endings([number]))).toEqual({ "outcome-unknown": 1 });
      expect(await sent()).toBe(1);
    }
  });

  it("200 times at random moments under 8 requests at once: accepted is one mail, unknown at most one, never two", async () => {
    const numbers: string[] = [];
    for (let round = 0; round < 200; round++) {
      const fresh = await place(8);
      numbers.push(...fresh);
      const child = start();
      await said(child, "ready");
      child.send({ ask: fresh });
      // Random on purpose: from before the first request is on disk until after the last outcome.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
      await kill(child);
    }
    const counts = await endings(numbers);
    expect(counts.get("accepted") ?? 0).toBeGreaterThan(0);
    expect(counts.get("outcome-unknown") ?? 0).toBeGreaterThan(0);
  }, 600_000);
});

import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Simulator, startSimulator } from "@sealpost/ca-simulator";
import { caAccountIdSchema } from "@sealpost/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gate, HarnessSettings } from "./crash-harness.ts";
import { endings, Killable, kill, said } from "./crash-process.ts";

let harness: Killable;
let simulator: Simulator;
let directory: string;

beforeAll(async () => {
  harness = await Killable.bundled("crash-harness");
  simulator = await startSimulator();
  directory = mkdtempSync(join(tmpdir(), "sealpost-crash-"));
});
afterAll(async () => {
  harness[Symbol.dispose]();
  await simulator[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

function start(gate: Gate = null): ChildProcess {
  const settings: HarnessSettings = { directory, account: simulator.account("ibm-classic"), gate };
  return harness.start(settings);
}

/** An address for each order, or the limit of mails a day to one address would hold them up. */
let nextRecipient = 0;

async function place(): Promise<string> {
  const approverEmail = `admin-${nextRecipient++}@example.test`;
  return String((await simulator.control.placeOrder({ commonName: "host.example.test", approverEmail })).id);
}

/** Starts once more, and waits until the request for this order has ended. */
async function ending(number: string): Promise<Readonly<Record<string, number>>> {
  const last = start();
  await said(last, "ready");
  const databaseFile = join(directory, "sealpost.db");
  const caAccountId = caAccountIdSchema.parse("account");
  try {
    return await endings({ databaseFile, caAccountId, simulator }, [number]);
  } finally {
    await kill(last);
  }
}

const mailsFor = async (number: string) =>
  (await simulator.control.journal()).mails.filter((mail) => String(mail.orderId) === number).length;

describe("a power cut at the worst moment", () => {
  it.each([
    ["before the claim", "before-claim", "accepted", 1],
    ["between the claim and the request", "after-claim", "outcome-unknown", 0],
    ["before the outcome is on disk", "before-outcome", "outcome-unknown", 1],
  ] as const)(
    "%s leaves every request in a true state, five times over, and never makes a second mail",
    async (_, gate, status, mails) => {
      for (let round = 0; round < 5; round++) {
        const number = await place();
        const child = start(gate);
        await said(child, "ready");
        child.send({ ask: [number] });
        await said(child, "gate");
        await kill(child);
        expect(await ending(number)).toEqual({ [status]: 1 });
        expect(await mailsFor(number)).toBe(mails);
      }
    },
  );

  it("after the mail has left and before the CA answers is told as unknown, five times over", async () => {
    for (let round = 0; round < 5; round++) {
      const number = await place();
      await simulator.control.setFault("resend", Number(number), "hang-after-mail");
      const child = start();
      await said(child, "ready");
      child.send({ ask: [number] });
      await expect.poll(() => mailsFor(number), { interval: 5 }).toBe(1);
      await kill(child);
      await simulator.control.clearFaults();
      expect(await ending(number)).toEqual({ "outcome-unknown": 1 });
      expect(await mailsFor(number)).toBe(1);
    }
  });
});

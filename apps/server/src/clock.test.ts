import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCertificateAuthority } from "@sealpost/ca-adapter";
import { type Simulator, startSimulator } from "@sealpost/ca-simulator";
import { type OpenedStore, openStore } from "@sealpost/db";
import {
  type CaAccount,
  CaError,
  caAccountIdSchema,
  chainStart,
  createRefusalGate,
  ctxFor,
  defaultMailPolicy,
  defaultResendPolicy,
  idempotencyKeySchema,
  MailboxError,
  neverSynced,
  type Order,
  PassphraseTries,
  type Ports,
  personActor,
  prepareResend,
  type ResendRequest,
  requestResend,
  syncOrders,
} from "@sealpost/domain";
import { createAuditSeal, openVault } from "@sealpost/vault";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLogger } from "./logger.ts";
import { Worker } from "./worker.ts";

// The store, the worker and a CA as the server runs them, with a clock that is set forth and back.

const minuteMs = 60 * 1000;
const dayMs = 24 * 60 * minuteMs;
let setMs = 0;
const clock = { now: () => new Date(Date.now() + setMs) };
const log = createLogger("silent");
const unread = () => Promise.reject(new CaError("unexpected-response"));

let directory: string;
let simulator: Simulator;
let opened: OpenedStore;
let ports: Ports;
let account: CaAccount;
/** Runs whenever the CA is about to be asked something. */
let whileAsking = () => {};

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "sealpost-clock-"));
  simulator = await startSimulator();
  const vault = await openVault({ directory: join(directory, "vault"), masterKeys: [Buffer.alloc(32, 7)] });
  const seal = createAuditSeal(await vault.heldKey("audit"));
  opened = openStore({ file: join(directory, "sealpost.db"), seal, now: clock.now });
  const { baseUrl, settings, credential } = simulator.account("ibm-classic");
  account = {
    caAccountId: caAccountIdSchema.parse("account"),
    adapter: "ibm-classic",
    label: "Main",
    baseUrl,
    settings,
    credentialRef: null,
    state: "connected",
    isSandbox: true,
    capabilities: ["list-orders", "resend-fulfillment", "resend-approver"],
    connectedAt: clock.now(),
    sync: neverSynced,
  };
  ports = {
    store: opened.store,
    vault,
    reader: { read: unread, readMail: unread },
    intermediates: { add: unread },
    passphraseTries: new PassphraseTries(),
    openAuthority: async () => {
      whileAsking();
      return openCertificateAuthority({ adapter: "ibm-classic", baseUrl, settings, credential });
    },
    openMailbox: () => Promise.reject(new MailboxError("unavailable")),
    clock,
    newId: randomUUID,
    resendPolicy: defaultResendPolicy,
    refusalGate: createRefusalGate(),
    mailPolicy: defaultMailPolicy,
    passkeys: null,
    groupRoles: null,
  };
  await opened.store.commit({ writes: [{ write: "account-saved", account }], audit: [] });
});
afterAll(async () => {
  opened.close();
  await simulator[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

async function sync(): Promise<void> {
  const known = await opened.store.account(account.caAccountId);
  if (known) await syncOrders(ports, known, new AbortController().signal);
}

/** An order that the console knows. */
async function placed(): Promise<Order> {
  const commonName = `${randomUUID()}.example.test`;
  await simulator.control.placeOrder({ commonName });
  await sync();
  const [order] = await opened.store.ordersByName([commonName], 1);
  if (!order) throw new Error("the order was not read");
  return order;
}

async function ask({ orderId }: Pick<Order, "orderId">): Promise<ResendRequest> {
  const ana = { personId: "ana", name: "Ana", role: "operator", scope: "all" } as const;
  const ctx = ctxFor(ports, personActor({ ...ana, signedInAt: clock.now() }));
  const kind = "fulfillment";
  const { details } = await prepareResend(ctx, { orderId, kind }, new AbortController().signal);
  const recipients = details.row.order.recipients[kind];
  return await requestResend(ctx, {
    orderId,
    kind,
    idempotencyKey: idempotencyKeySchema.parse(randomUUID()),
    confirmedRecipients: recipients === "not-loaded" ? [] : recipients.map(({ address }) => address),
    chosenRecipients: [],
    format: null,
    message: null,
  });
}

/** Carries what is queued, until this request has ended. */
async function carried({ requestId }: ResendRequest): Promise<ResendRequest> {
  const worker = new Worker(ports, log);
  await worker.start();
  try {
    for (;;) {
      const request = await opened.store.resendRequest(requestId);
      if (request?.settledAt) return request;
      worker.nudge();
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    await worker.stop();
  }
}

async function mailsFor({ caOrderId }: Order): Promise<number> {
  const { mails } = await simulator.control.journal();
  return mails.filter(({ orderId }) => String(orderId) === caOrderId).length;
}

async function expectIntact(): Promise<void> {
  const { fault, head } = await opened.store.checkAudit({ sequence: 0, hash: chainStart }, 100_000);
  expect([fault, head === null]).toEqual([null, false]);
}

const jumps = [
  ["a year back", -365 * dayMs],
  ["an hour back", -60 * minuteMs],
  ["a second back", -1000],
  ["a minute forth", minuteMs],
  ["a year forth", 365 * dayMs],
] as const;

describe.each(jumps)("a clock that is set %s", (_, jumpMs) => {
  const isLong = jumpMs > defaultResendPolicy.longestQueueS * 1000;

  it("while a request waits for its turn: at most one mail leaves, and the request ends", async () => {
    const order = await placed();
    const request = await ask(order);
    setMs += jumpMs;
    expect(await carried(request)).toMatchObject(
      isLong ? { status: "not-sent", reason: "queued-too-long" } : { status: "accepted" },
    );
    expect(await mailsFor(order)).toBe(isLong ? 0 : 1);
    await expectIntact();
  });

  it("while the CA is asked: one mail leaves, and the request is accepted", async () => {
    const order = await placed();
    const request = await ask(order);
    whileAsking = () => {
      whileAsking = () => {};
      setMs += jumpMs;
    };
    const ended = await carried(request);
    expect(ended.status).toBe("accepted");
    expect(ended.answeredInMs).toBeGreaterThanOrEqual(0);
    expect(await mailsFor(order)).toBe(1);
    await expectIntact();
  });

  it("between a crash and the next start: what was under way may have been sent, and is not sent again", async () => {
    const order = await placed();
    const request = await ask(order);
    const claim = { ...request, status: "forwarding", claimedAt: clock.now(), attempts: 1 } as const;
    const write = { write: "resend-moved", request: claim, from: "requested" } as const;
    await opened.store.commit({ writes: [write], audit: [] });
    setMs += jumpMs;
    expect(await carried(request)).toMatchObject({ status: "outcome-unknown", reason: "interrupted" });
    expect(await mailsFor(order)).toBe(0);
    await expectIntact();
  });

  it("after a mail: the cool-down lasts its minute or a few more, and never as long as the jump", async () => {
    const order = await placed();
    await carried(await ask(order));
    setMs += jumpMs;
    if (Math.abs(jumpMs) < minuteMs)
      await expect(ask(order)).rejects.toMatchObject({ refusal: { code: "cooling-down" } });
    else expect(await ask(order)).toMatchObject({ status: "requested" });
    expect(await mailsFor(order)).toBe(1);
  });

  it("while a list is read: no order that the CA lists is taken for gone", async () => {
    const order = await placed();
    whileAsking = () => {
      whileAsking = () => {};
      setMs += jumpMs;
    };
    await sync();
    expect((await opened.store.order(order.orderId))?.goneAt).toBeNull();
    await sync();
    expect((await opened.store.order(order.orderId))?.goneAt).toBeNull();
  });
});

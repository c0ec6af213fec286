import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCertificateAuthority } from "@sealpost/ca-adapter";
import { type Simulator, startSimulator } from "@sealpost/ca-simulator";
import { openStore } from "@sealpost/db";
import {
  type ArrivedMail,
  type CaAccount,
  CertificateMaterial,
  caAccountIdSchema,
  caOrderIdSchema,
  createRefusalGate,
  defaultMailPolicy,
  defaultResendPolicy,
  emailAddressSchema,
  idempotencyKeySchema,
  loadDetails,
  type Mailbox,
  type MailboxFault,
  type MailboxId,
  mailboxIdSchema,
  neverSynced,
  neverWatched,
  noEvidence,
  type Order,
  PassphraseTries,
  type Ports,
  personIdSchema,
  type ResendRequest,
  receiveMail,
  resendRequestIdSchema,
  settleUnconfirmed,
  syncOrders,
} from "@sealpost/domain";
import { createAuditSeal } from "@sealpost/vault";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createReadPool } from "./read-pool.ts";

const never = new AbortController().signal;
const own = mailboxIdSchema.parse("mailbox-1");
const other = mailboxIdSchema.parse("mailbox-2");
const unused = () => Promise.reject(new Error("not needed here"));

let stack: AsyncDisposableStack;
let simulator: Simulator;
let directory: string;
let ports: Ports;
let account: CaAccount;
let now: Date;
let uid: number;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  now = new Date();
  uid = 0;
  directory = mkdtempSync(join(tmpdir(), "sealpost-mail-"));
  stack.defer(() => rmSync(directory, { recursive: true }));
  simulator = stack.use(await startSimulator());
  const opened = openStore({
    file: join(directory, "sealpost.db"),
    seal: createAuditSeal(Buffer.alloc(32, 7)),
  });
  stack.defer(() => opened.close());
  const { baseUrl, settings, credential } = simulator.account("ibm-classic");
  ports = {
    store: opened.store,
    vault: { put: unused, open: unused, discard: unused, list: unused },
    reader: stack.use(createReadPool({ anchorsPem: [], library: null, fetchIssuer: null })),
    intermediates: { add: unused },
    openAuthority: async () =>
      openCertificateAuthority({ adapter: "ibm-classic", baseUrl, settings, credential }),
    openMailbox: unused,
    clock: { now: () => now },
    newId: randomUUID,
    resendPolicy: defaultResendPolicy,
    mailPolicy: defaultMailPolicy,
    passkeys: null,
    groupRoles: null,
    passphraseTries: new PassphraseTries(),
    refusalGate: createRefusalGate(),
  };
  account = {
    caAccountId: caAccountIdSchema.parse("account"),
    adapter: "ibm-classic",
    label: "Main",
    baseUrl,
    settings,
    credentialRef: null,
    state: "connected",
    isSandbox: true,
    capabilities: ["list-orders", "resend-fulfillment"],
    connectedAt: now,
    sync: neverSynced,
  };
  await ports.store.commit({ writes: [{ write: "account-saved", account }], audit: [] });
});
afterEach(() => stack.disposeAsync());

/** Places an order at the CA, and what the CA tells of it into the store. */
async function place(commonName: string): Promise<Order> {
  const { number } = await simulator.control.placeOrder({ commonName });
  return await known(number);
}

async function known(number: string): Promise<Order> {
  await syncOrders(ports, account, never);
  await loadDetails(ports, account, { limit: 10, signal: never });
  const [order] = await ports.store.ordersByNumber([number]);
  if (!order) throw new Error("the order was not listed");
  return order;
}

/** A request as it stands when the CA has accepted it. */
async function accepted({ orderId }: Order, ago = 10_000): Promise<ResendRequest> {
  const at = new Date(now.getTime() - ago);
  const request: ResendRequest = {
    requestId: resendRequestIdSchema.parse(randomUUID()),
    orderId,
    kind: "fulfillment",
    idempotencyKey: idempotencyKeySchema.parse(randomUUID()),
    confirmedRecipients: [emailAddressSchema.parse("hostmaster@example.test")],
    chosenRecipients: [],
    format: null,
    message: null,
    requestedBy: { personId: personIdSchema.parse("ana"), name: "Ana" },
    requestedAt: at,
    status: "accepted",
    notBefore: at,
    attempts: 1,
    claimedAt: at,
    settledAt: at,
    reason: null,
    caMessage: null,
    answeredInMs: 1,
    evidence: noEvidence,
  };
  await ports.store.commit({ writes: [{ write: "resend-requested", request }], audit: [] });
  return request;
}

/** What the CA sends for an order. */
async function mailOf({ caOrderId }: Pick<Order, "caOrderId">): Promise<Buffer> {
  const before = (await simulator.control.mails()).length;
  const { baseUrl, settings, credential } = simulator.account("ibm-classic");
  const authority = openCertificateAuthority({ adapter: "ibm-classic", baseUrl, settings, credential });
  const recipients = [emailAddressSchema.parse("hostmaster@example.test")];
  await authority.resendEmail(
    { caOrderId, caCertificateId: null, mailId: null, kind: "fulfillment", recipients },
    never,
  );
  const mail = (await simulator.control.mails())[before];
  return Buffer.from(await simulator.control.rawMail(mail?.mailId ?? ""));
}

function arrived(raw: Buffer, place: Partial<ArrivedMail["place"]> = {}): ArrivedMail {
  uid += 1;
  return {
    place: { folder: "INBOX", uidValidity: "1", uid, ...place },
    receivedAt: now,
    sizeBytes: raw.length,
    raw: new CertificateMaterial(raw),
    isWhole: true,
    sha256: createHash("sha256").update(raw).digest("hex"),
  };
}

const evidenceOf = async ({ requestId }: ResendRequest) =>
  (await ports.store.resendRequest(requestId))?.evidence;

describe("a mail that arrives", () => {
  it("is found to be an order's by its key, shows that what was asked for came, and leaves nothing of itself", async () => {
    const order = await place("shop.example.test");
    const older = await accepted(order, 3 * 60 * 60 * 1000);
    const request = await accepted(order);
    const raw = await mailOf(order);
    const mail = await receiveMail(ports, own, arrived(raw));
    expect(mail).toMatchObject({
      kind: "fulfillment",
      orderId: order.orderId,
      matchedBy: ["key", "order-number", "names"],
      contradictions: [],
      requestId: request.requestId,
      holdsPrivateKey: false,
    });
    expect(await evidenceOf(request)).toMatchObject({ kind: "received", at: now, mailId: mail?.mailId });
    expect(await evidenceOf(older)).toMatchObject({ kind: "none" });
    const [entry] = await ports.store.auditOf({ kind: "order", id: order.orderId }, ["mail.receive"], 1);
    expect(entry).toMatchObject({ act: "mail.receive", details: { evidence: "received" } });
    const file = readFileSync(join(directory, "sealpost.db"));
    const wal = readFileSync(join(directory, "sealpost.db-wal"));
    for (const words of ["is attached", "BEGIN CERTIFICATE", "Dear customer", "Your PositiveSSL"])
      expect(Buffer.concat([file, wal]).includes(words)).toBe(false);
  });

  it("counts once, however often and in however many mailboxes it is met; a second mail is another's", async () => {
    const order = await place("twice.example.test");
    const [first, second] = [await accepted(order, 60_000), await accepted(order)];
    const raw = await mailOf(order);
    const mail = await receiveMail(ports, own, arrived(raw));
    const again = await receiveMail(ports, own, arrived(raw, { folder: "Archive", uidValidity: "2" }));
    expect(again).toMatchObject({ mailId: mail?.mailId, place: { folder: "Archive", uidValidity: "2" } });
    expect(again && (await ports.store.mail(again.mailId))).toMatchObject({ place: { folder: "Archive" } });
    expect(await receiveMail(ports, other, arrived(raw))).toMatchObject({ requestId: null });
    expect(await evidenceOf(first)).toMatchObject({ kind: "none" });
    await receiveMail(ports, own, arrived(await mailOf(order)));
    expect((await evidenceOf(first))?.kind).toBe("received");
    expect((await evidenceOf(second))?.kind).toBe("received");
    expect(await ports.store.mailsOfOrder(order.orderId)).toHaveLength(3);
  });

  it("of an order that is not known yet is listed as such, and found when it is met again", async () => {
    const commonName = "later.example.test";
    const { number } = await simulator.control.placeOrder({ commonName });
    const raw = await mailOf({ caOrderId: caOrderIdSchema.parse(number) });
    const mail = await receiveMail(ports, own, arrived(raw));
    expect(mail).toMatchObject({ orderId: null, kind: "fulfillment", names: [commonName] });
    expect(await ports.store.unmatchedMails(10)).toHaveLength(1);
    const order = await known(number);
    expect(await receiveMail(ports, own, arrived(raw))).toMatchObject({
      mailId: mail?.mailId,
      orderId: order.orderId,
      names: [],
    });
    expect(await ports.store.unmatchedMails(10)).toEqual([]);
    expect(await ports.store.arrivals(now, 10)).toMatchObject([{ order: { orderId: order.orderId } }]);
  });

  it("of which no CA is the writer leaves nothing but what is committed beside it", async () => {
    const order = await place("beside.example.test");
    const request = await accepted(order);
    const raw = Buffer.from(
      "From: a@b.test\r\nMessage-ID: <1@b.test>\r\nSubject: Lunch?\r\n\r\nAt noon.\r\n",
    );
    const evidence = { ...noEvidence, caSentAt: now };
    const { requestId } = request;
    const beside = { write: "resend-evidence", requestId, evidence, from: "none" } as const;
    expect(await receiveMail(ports, own, arrived(raw), [beside])).toBeNull();
    expect(await ports.store.mailsByMessageId("1@b.test")).toEqual([]);
    expect(await evidenceOf(request)).toMatchObject({ kind: "none", caSentAt: now });
  });
});

describe("a mail that does not arrive", () => {
  it("is shown as returned, with the reason, for the request whose address failed", async () => {
    const order = await place("gone.example.test");
    const request = await accepted(order);
    const returned = await mailOf(order);
    const mail = await receiveMail(ports, own, arrived(report(returned, "hostmaster@example.test")));
    expect(mail).toMatchObject({ kind: "bounce", orderId: order.orderId, requestId: request.requestId });
    expect(await evidenceOf(request)).toMatchObject({
      kind: "bounced",
      address: "hostmaster@example.test",
      code: "5.1.1",
      words: "550 5.1.1 User unknown",
    });
    expect(await ports.store.arrivals(now, 10)).toEqual([]);
  });

  it("leaves nothing where its mail was a stranger's, and is listed where that was a CA's about an order that is not known", async () => {
    const lunch = Buffer.from("From: a@b.test\r\nSubject: Lunch?\r\n\r\nAt noon, bob.example.test.\r\n");
    expect(await receiveMail(ports, own, arrived(report(lunch, "bob@example.test")))).toBeNull();
    expect(await ports.store.unmatchedMails(10)).toEqual([]);
    const { number } = await simulator.control.placeOrder({ commonName: "unknown.example.test" });
    const returned = await mailOf({ caOrderId: caOrderIdSchema.parse(number) });
    const mail = await receiveMail(ports, own, arrived(report(returned, "hostmaster@example.test")));
    expect(mail).toMatchObject({ kind: "bounce", orderId: null, names: ["unknown.example.test"] });
    expect(await ports.store.unmatchedMails(10)).toEqual([mail]);
  });

  it("is not laid at the door of a request for another address", async () => {
    const order = await place("else.example.test");
    const request = await accepted(order);
    await receiveMail(ports, own, arrived(report(await mailOf(order), "someone@else.test")));
    expect(await evidenceOf(request)).toMatchObject({ kind: "none" });
  });

  it("is unconfirmed once the time is over, and received all the same when it comes then", async () => {
    const order = await place("slow.example.test");
    const request = await accepted(order);
    await follow(own);
    expect(await settleUnconfirmed(ports)).toBe(0);
    now = new Date(now.getTime() + 25 * 60 * 60 * 1000);
    await seen(own);
    expect(await settleUnconfirmed(ports)).toBe(1);
    expect(await settleUnconfirmed(ports)).toBe(0);
    expect(await evidenceOf(request)).toMatchObject({ kind: "unconfirmed", at: now });
    const raw = await mailOf(order);
    now = new Date(now.getTime() + 60_000);
    await receiveMail(ports, own, arrived(raw));
    expect(await evidenceOf(request)).toMatchObject({ kind: "received", at: now });
  });
});

describe("a mail of which nothing is seen", () => {
  const laterBy = (hours: number) => {
    now = new Date(now.getTime() + hours * 60 * 60 * 1000);
  };

  it("is no cause for alarm where no mailbox is connected, or none that could have seen it", async () => {
    const order = await place("unwatched.example.test");
    const request = await accepted(order);
    laterBy(25);
    expect(await settleUnconfirmed(ports)).toBe(0);
    expect(await ports.store.mailWatch()).toBe("none");
    // Connected so late that it does not look back as far as the request.
    laterBy(15 * 24);
    await follow(own);
    expect(await settleUnconfirmed(ports)).toBe(0);
    expect(await evidenceOf(request)).toMatchObject({ kind: "none" });
    expect(await ports.store.mailWatch()).toBe("watching");
  });

  it("is called unconfirmed only once a mailbox that was down has been read to its end", async () => {
    const order = await place("down.example.test");
    const request = await accepted(order);
    await follow(own);
    laterBy(25);
    const fault = { kind: "unavailable", serverMessage: null, folders: [], at: now } as const;
    await seen(own, fault);
    expect(await settleUnconfirmed(ports)).toBe(0);
    expect(await ports.store.mailWatch()).toBe("failing");
    await seen(own);
    expect(await settleUnconfirmed(ports)).toBe(1);
    expect(await evidenceOf(request)).toMatchObject({ kind: "unconfirmed", at: now });
  });
});

/** Connects a mailbox that is read to its end now. */
async function follow(mailboxId: MailboxId): Promise<void> {
  const mailbox: Mailbox = {
    ...{ mailboxId, label: mailboxId, host: "imap.example.test", port: 993, security: "tls" },
    ...{ userName: "admin", credentialRef: null, folders: ["INBOX"], lookBackDays: 14, state: "connected" },
    ...{ connectedAt: now, watch: neverWatched },
  };
  await ports.store.commit({ writes: [{ write: "mailbox-saved", mailbox }], audit: [] });
  await seen(mailboxId);
}

/** The mailbox has answered now, or failed. */
async function seen(mailboxId: MailboxId, fault: MailboxFault | null = null): Promise<void> {
  const seenAt = fault ? null : now;
  await ports.store.commit({ writes: [{ write: "mailbox-seen", mailboxId, seenAt, fault }], audit: [] });
}

/** As Postfix reports it. */
function report(returned: Buffer, to: string): Buffer {
  return Buffer.concat([
    Buffer.from(
      [
        "From: MAILER-DAEMON@mx.example.test (Mail Delivery System)",
        `Message-ID: <${randomUUID()}@mx.example.test>`,
        "Subject: Undelivered Mail Returned to Sender",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"',
        "",
        "--r",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example.test",
        "",
        `Final-Recipient: rfc822; ${to}`,
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
        "",
        "--r",
        "Content-Type: message/rfc822",
        "",
        "",
      ].join("\r\n"),
    ),
    returned,
    Buffer.from("\r\n--r--\r\n"),
  ]);
}

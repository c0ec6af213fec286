import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCertificateAuthority } from "@sealpost/ca-adapter";
import { openStore } from "@sealpost/db";
import {
  caOrderIdSchema,
  emailAddressSchema,
  mailboxIdSchema,
  mailIdSchema,
  type ReceivedMail,
  type Write,
} from "@sealpost/domain";
import { type MailServer, startMailServer, whyNoMailServer } from "@sealpost/mailbox/real-mail";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Api,
  apiOf,
  askForMail,
  enter,
  jsonOf,
  placeOrder,
  post,
  startTestConsole,
  type TestConsole,
  traceOf,
  untilSettled,
} from "./test-console.ts";

const user = "admin@example.test";
const former = "former@example.test";
const latter = "latter@example.test";

describe.skipIf(whyNoMailServer() !== null)("from the mail to the import, against Dovecot", () => {
  let server: MailServer;
  let world: TestConsole;
  let cookie: string;
  let api: Api;
  let mailboxId: string;
  let stack: AsyncDisposableStack;
  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    server = stack.use(await startMailServer({ users: [user, former, latter] }));
    const directory = await mkdtemp(join(tmpdir(), "sealpost-road-"));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    const SEALPOST_ANCHORS_FILE = join(directory, "anchors.pem");
    await writeFile(SEALPOST_ANCHORS_FILE, server.certificatePem);
    world = stack.use(await startTestConsole({ SEALPOST_PRIVATE_MAIL_SERVERS: "on", SEALPOST_ANCHORS_FILE }));
    cookie = await enter(world);
    api = apiOf(world, cookie);
    const { host, ports } = server;
    const about = { label: "SSL admin", host, port: ports.imaps, security: "tls", userName: user } as const;
    ({ mailboxId } = await api.mailboxes.connect.mutate({ ...about, password: "test-only" }));
  });
  afterAll(() => stack.disposeAsync());

  /** Orders at the CA, asks for the mail, and resolves to it as the CA sent it. */
  const ordered = async (commonName: string) => {
    const { order, row } = await placeOrder(world, api, { commonName });
    const before = (await world.simulator.control.mails()).length;
    const { requestId } = await untilSettled(api, (await askForMail(api, row.orderId)).requestId);
    await world.simulator.waitForMails(before + 1);
    const mail = (await world.simulator.control.mails())[before];
    const raw = Buffer.from(await world.simulator.control.rawMail(mail?.mailId ?? ""));
    return { order, orderId: row.orderId, requestId, raw };
  };
  /** The CA's mail for an order of which the console knows nothing. */
  const fulfillmentOf = async (number: string) => {
    const before = (await world.simulator.control.mails()).length;
    const { baseUrl, settings, credential } = world.simulator.account("ibm-classic");
    const authority = openCertificateAuthority({ adapter: "ibm-classic", baseUrl, settings, credential });
    const recipients = [emailAddressSchema.parse("hostmaster@example.test")];
    const caOrderId = caOrderIdSchema.parse(number);
    await authority.resendEmail(
      { caOrderId, caCertificateId: null, mailId: null, kind: "fulfillment", recipients },
      new AbortController().signal,
    );
    await world.simulator.waitForMails(before + 1);
    const mail = (await world.simulator.control.mails())[before];
    return Buffer.from(await world.simulator.control.rawMail(mail?.mailId ?? ""));
  };
  const deliver = (raw: string | Buffer) => server.append(user, "INBOX", raw);
  /** The newest mail about an order, when there are so many. */
  const arrived = async (orderId: string, count = 1) => {
    const mails = async () => (await api.orders.get.query({ orderId })).mails;
    await expect.poll(async () => (await mails()).length, { interval: 20 }).toBe(count);
    return (await mails())[0];
  };
  const open = (mailId: string, withCookie = cookie) =>
    post(world, `/api/mails/${mailId}/open`, {}, { cookie: withCookie });

  it("is told of, fetched again with its bytes as they came, and imported with nothing but the key; the notice is gone then", async () => {
    const { order, orderId, requestId, raw } = await ordered("shop.example.test");
    await deliver(raw);
    const mail = await arrived(orderId);
    expect(mail).toMatchObject({ kind: "fulfillment", mailboxLabel: "SSL admin", requestId });
    const told = async () =>
      (await api.mails.arrivals.query()).filter((arrival) => arrival.order.orderId === orderId);
    expect(await told()).toMatchObject([{ mail: { mailId: mail?.mailId }, order: { orderId } }]);
    const answer = await open(mail?.mailId ?? "");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toContain("no-store");
    const form = await answer.formData();
    const file = form.get("file");
    expect(file instanceof File && Buffer.from(await file.arrayBuffer())).toEqual(raw);
    form.append("order", orderId);
    form.append("key", order.privateKeyPem ?? "");
    const certificate = await api.certificates.import.mutate(form);
    expect(certificate).toMatchObject({ commonName: "shop.example.test", orderId, isKeyStored: true });
    expect(await told()).toEqual([]);
    const acts = (await traceOf(world)).filter(({ subject }) => subject.id === orderId);
    expect(acts.map(({ act }) => act)).toContain("mail.open");
  });

  it("says that the mail is gone, or that the mailbox is paused or down, and traces that it was asked; nobody else gets it", async () => {
    const { order, orderId, raw } = await ordered("moved.example.test");
    await deliver(raw);
    const mailId = (await arrived(orderId))?.mailId ?? "";
    expect((await open(mailId, "")).status).toBe(401);
    expect(await jsonOf(await open("nobody"))).toMatchObject({ code: "not-found" });
    // With an approval mail one can approve: it is nobody's to import.
    await deliver(
      [
        "From: CA <noreply@ca.test>",
        "Message-ID: <approve@ca.test>",
        `Subject: ORDER #${order.id} - Domain Control Validation for moved.example.test`,
        "",
        "Approve the order here: https://approve.ca.test/1",
      ].join("\r\n"),
    );
    const approver = await arrived(orderId, 2);
    expect(approver).toMatchObject({ kind: "approver" });
    expect(await jsonOf(await open(approver?.mailId ?? ""))).toMatchObject({ code: "not-found" });
    await api.mailboxes.setState.mutate({ mailboxId, state: "paused" });
    expect(await jsonOf(await open(mailId))).toMatchObject({ code: "mailbox-not-connected" });
    await api.mailboxes.setState.mutate({ mailboxId, state: "connected" });
    await server.doveadm("expunge", "-u", user, "mailbox", "INBOX", "all");
    expect(await jsonOf(await open(mailId))).toMatchObject({ refusal: { kind: "mail-gone" } });
    await server.stopImap();
    const down = await open(mailId);
    await server.startImap();
    expect(down.status).toBe(502);
    expect(await jsonOf(down)).toMatchObject({ refusal: { code: "mailbox-error", kind: "unavailable" } });
    const refused = (await traceOf(world)).filter(
      ({ act, outcome, subject }) => act === "mail.open" && outcome === "refused" && subject.id === orderId,
    );
    expect(refused.map(({ code }) => code)).toEqual([
      "mailbox-not-connected",
      "mailbox-error",
      "mailbox-error",
    ]);
  });

  it("finds a mail again after the server has given its folder new numbers, and takes it from there", async () => {
    const { orderId, raw } = await ordered("renumbered.example.test");
    await deliver(raw);
    const { mailId = "" } = (await arrived(orderId)) ?? {};
    await server.stopImap();
    const list = join(server.maildir(user), "dovecot-uidlist");
    const lines = readFileSync(list, "utf8");
    await writeFile(
      list,
      lines.replace(/ V(\d+) /, (_, old) => ` V${Number(old) + 1} `),
    );
    for (const index of ["dovecot.index", "dovecot.index.log", "dovecot.index.cache"])
      await rm(join(server.maildir(user), index), { force: true });
    await server.startImap();
    expect(await jsonOf(await open(mailId))).toMatchObject({ refusal: { kind: "mail-gone" } });
    // Following goes on by itself, and meets the mail under its new number.
    await api.mailboxes.setState.mutate({ mailboxId, state: "connected" });
    await expect.poll(async () => (await open(mailId)).status, { interval: 100 }).toBe(200);
    expect((await api.orders.get.query({ orderId })).mails).toHaveLength(1);
  });

  it("is not looked for in another user's mailbox, where another mail has its number, until it is met there", async () => {
    const { orderId, raw } = await ordered("handed-over.example.test");
    const foreign = "From: Bob <bob@elsewhere.test>\r\nSubject: Only for you\r\n\r\nBetween us.\r\n";
    await server.append(former, "INBOX", raw);
    await server.append(latter, "INBOX", foreign);
    for (const owner of [former, latter])
      await server.doveadm("mailbox", "update", "-u", owner, "--uid-validity", "4000000001", "INBOX");
    const { host, ports } = server;
    const about = { label: "Handed over", host, port: ports.imaps, security: "tls" } as const;
    const connect = (userName: string, mailboxId: string | null) =>
      api.mailboxes.connect.mutate({ ...about, userName, password: "test-only", mailboxId });
    const { mailboxId } = await connect(former, null);
    const { mailId = "" } = (await arrived(orderId)) ?? {};
    expect((await open(mailId)).status).toBe(200);
    await connect(latter, mailboxId);
    expect(await jsonOf(await open(mailId))).toMatchObject({ refusal: { kind: "mail-gone" } });
    await server.append(latter, "INBOX", raw);
    await expect.poll(async () => (await open(mailId)).status, { interval: 100 }).toBe(200);
    const file = (await (await open(mailId)).formData()).get("file");
    expect(file instanceof File && Buffer.from(await file.arrayBuffer())).toEqual(raw);
    await api.mailboxes.setState.mutate({ mailboxId, state: "disconnected" });
  });

  it("takes no mail beyond its bounds, and lives through one that is broken", async () => {
    const { orderId, raw } = await ordered("large.example.test");
    const [head = "", body = ""] = raw.toString("latin1").split(/\r\n\r\n(.*)/s);
    // Of one so large the subject has to tell what it is.
    const told = head.replace(/^(Subject: .*)\r$/m, "$1 has been issued\r");
    await deliver(`${told}\r\n\r\n${`${"x".repeat(998)}\r\n`.repeat(40 * 1024)}`);
    const large = await arrived(orderId);
    expect(await jsonOf(await open(large?.mailId ?? ""))).toMatchObject({ refusal: { kind: "too-large" } });
    const broken = head.replace(/Message-ID: <[^>]*>/i, "Message-ID: <broken@ca.test>");
    await deliver(`${broken}\r\n\r\n--(Alternative\u0000Boundary2\r\nContent-Type: ${body.slice(0, 4000)}`);
    const second = await arrived(orderId, 2);
    expect((await open(second?.mailId ?? "")).status).toBe(200);
  });

  it("warns of a private key that came by mail, says so before it is opened, and keeps none of it", async () => {
    const { order, orderId, raw } = await ordered("key.example.test");
    const key = order.privateKeyPem ?? "";
    await deliver(
      raw.toString("latin1").replace("Dear customer,", `Dear customer,\r\n${key.replace(/\n/g, "\r\n")}`),
    );
    const mail = await arrived(orderId);
    expect(mail).toMatchObject({ holdsPrivateKey: true, orderId });
    const form = await (await open(mail?.mailId ?? "")).formData();
    const plan = await api.certificates.preview.mutate(form);
    expect(plan.findings.map(({ id }) => id)).toContain("private-key-in-email");
    for (const place of [await world.database(), Buffer.from(world.log())])
      expect(place.includes(key.split("\n")[2] ?? "?")).toBe(false);
  });

  it("is not taken in by a sender that the mail's own server calls forged, nor by another order's number", async () => {
    const own = await ordered("own.example.test");
    const other = await ordered("other.example.test");
    const link = (subject: string, number: number, more = "") =>
      deliver(
        [
          ...(more ? [more] : []),
          "From: CA <noreply@ca.test>",
          `Message-ID: <${subject}-${number}@ca.test>`,
          `Subject: ORDER #${number} - Your PositiveSSL Certificate for own.example.test has been issued`,
          "",
          "Your certificate has been issued. Download it.",
        ].join("\r\n"),
      );
    const forged =
      "Authentication-Results: mx.sealpost.test; dkim=none; dmarc=fail header.from=ca.test\r\n" +
      "Received: from elsewhere.test (elsewhere.test [203.0.113.5]) by mx.sealpost.test with ESMTP; Thu, 26 Nov 2026 07:00:00 +0000";
    await link("forged", own.order.id, forged);
    await link("foreign", other.order.id);
    await link("true", own.order.id);
    expect(await arrived(own.orderId)).toMatchObject({ kind: "fulfillment-link", senderVerdict: "none" });
    expect((await api.orders.get.query({ orderId: other.orderId })).mails).toEqual([]);
    const unmatched = (await api.mails.unmatched.query()).mails.filter(({ names }) =>
      names.includes("own.example.test"),
    );
    expect(unmatched.map(({ reason }) => reason).toSorted()).toEqual(["forged", "names"]);
  });

  it("of an order that is not known yet says so, and finds it by itself when the order's account has been read", async () => {
    const { number } = await world.simulator.control.placeOrder({ commonName: "early.example.test" });
    const order = await world.simulator.control.order(Number(number));
    const raw = await fulfillmentOf(number);
    await deliver(raw);
    const about = async () =>
      (await api.mails.unmatched.query()).mails.filter(({ names }) => names.includes("early.example.test"));
    await expect.poll(about, { interval: 20 }).toMatchObject([{ reason: "unknown-order", candidates: [] }]);
    await api.accounts.syncNow.mutate({});
    await expect.poll(about, { interval: 20 }).toEqual([]);
    const { rows } = await api.orders.list.query({ search: String(order?.id) });
    expect(await arrived(rows[0]?.orderId ?? "")).toMatchObject({ kind: "fulfillment", contradictions: [] });
  });

  it("finds its order by itself however many have come since, of which the list shows the newest and says so", async () => {
    const about = async () =>
      (await api.mails.unmatched.query()).mails.filter(({ names }) => names.includes("buried.example.test"));
    const { number } = await world.simulator.control.placeOrder({ commonName: "buried.example.test" });
    const order = await world.simulator.control.order(Number(number));
    await deliver(await fulfillmentOf(number));
    await expect.poll(about, { interval: 20 }).toHaveLength(1);
    const ids = Array.from({ length: 100 }, (_, at) => mailIdSchema.parse(`since-${at}`));
    const { store, close } = openStore({ file: world.databaseFile, seal: null });
    const received = ids.map((mailId): Write => {
      const place = { folder: "INBOX", uidValidity: "", uid: 1 };
      const receivedAt = new Date(Date.now() + 60_000);
      const mail: ReceivedMail = {
        ...{ mailId, mailboxId: mailboxIdSchema.parse(mailboxId), messageId: mailId, place, receivedAt },
        ...{ sentAt: null, sender: "sales@reseller.test", recipients: [], kind: "fulfillment-link" },
        ...{ verdict: { dkim: "none", dmarc: "none", sender: "none" }, orderId: null, matchedBy: [] },
        ...{ contradictions: [], requestId: null, orderNumbers: [], names: ["since.example.test"] },
        ...{ holdsPrivateKey: false, putAwayAt: null },
      };
      return { write: "mail-received", mail };
    });
    await store.commit({ writes: received, audit: [] });
    expect(await about()).toEqual([]);
    expect(await api.mails.unmatched.query()).toMatchObject({ mails: { length: 100 }, hasMore: true });
    await api.accounts.syncNow.mutate({});
    const listed = async () => (await api.orders.list.query({ search: String(order?.id) })).rows;
    await expect.poll(listed, { interval: 20 }).toHaveLength(1);
    const [row] = await listed();
    expect(await arrived(row?.orderId ?? "")).toMatchObject({ kind: "fulfillment", contradictions: [] });
    const away = ids.map((mailId) => ({ write: "mail-put-away", mailId, putAwayAt: new Date() }) as const);
    await store.commit({ writes: away, audit: [] });
    close();
    expect(await api.mails.unmatched.query()).toMatchObject({ hasMore: false });
  });

  it("is put to one order only when two people choose two at once, and shows nothing at the other", async () => {
    const asked = [await ordered("one.example.test"), await ordered("two.example.test")];
    await deliver(
      [
        "From: Shop <sales@two-choose.test>",
        "Message-ID: <both@two-choose.test>",
        "Subject: Your SSL certificate for nowhere.else.test has been issued",
        "",
        "Your certificate has been issued. Fetch it in your account.",
      ].join("\r\n"),
    );
    const about = async () =>
      (await api.mails.unmatched.query()).mails.filter(({ sender }) => sender === "sales@two-choose.test");
    await expect.poll(about, { interval: 20 }).toHaveLength(1);
    const mailId = (await about())[0]?.mailId ?? "";
    const answers = await Promise.allSettled(
      asked.map(({ orderId }) => api.mails.assign.mutate({ mailId, orderId })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const evidence = await Promise.all(
      asked.map(async ({ requestId }) => (await api.orders.resendRequest.query({ requestId })).evidence.kind),
    );
    expect(evidence).toEqual(answers.map(({ status }) => (status === "fulfilled" ? "received" : "none")));
    const refused = answers.find((answer) => answer.status === "rejected");
    expect(refused?.reason).toMatchObject({ data: { refusal: { code: "conflict" } } });
  });

  it("is put to an order by a person, and is evidence then; or put away, and taken back", async () => {
    const { orderId, requestId } = await ordered("hand.example.test");
    await deliver(
      [
        "From: Shop <sales@reseller.test>",
        "Message-ID: <hand@reseller.test>",
        "Subject: Your SSL certificate for somewhere.else.test has been issued",
        "",
        "Your certificate has been issued. Fetch it in your account.",
      ].join("\r\n"),
    );
    const about = async () =>
      (await api.mails.unmatched.query()).mails.filter(({ sender }) => sender === "sales@reseller.test");
    await expect.poll(about, { interval: 20 }).toHaveLength(1);
    const mailId = (await about())[0]?.mailId ?? "";
    await api.mails.putAway.mutate({ mailId, isPutAway: true });
    expect(await about()).toEqual([]);
    await api.mails.putAway.mutate({ mailId, isPutAway: false });
    await api.mails.assign.mutate({ mailId, orderId });
    expect(await arrived(orderId)).toMatchObject({ mailId, requestId });
    expect((await api.orders.resendRequest.query({ requestId })).evidence.kind).toBe("received");
    const refusal = { data: { refusal: { code: "conflict" } } };
    await expect(api.mails.assign.mutate({ mailId, orderId })).rejects.toMatchObject(refusal);
    await expect(api.mails.putAway.mutate({ mailId, isPutAway: true })).rejects.toMatchObject(refusal);
    expect((await traceOf(world)).map(({ act }) => act)).toEqual(
      expect.arrayContaining(["mail.put-away", "mail.assign"]),
    );
  });
});

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import PostalMime from "postal-mime";
import { afterEach, describe, expect, it } from "vitest";
import { type Fault, type Simulator, startSimulator } from "./index.ts";

const run = promisify(execFile);
const started: AsyncDisposable[] = [];
afterEach(async () => {
  for (const part of started.splice(0)) await part[Symbol.asyncDispose]();
});

async function start(options = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  started.push(simulator);
  return simulator;
}

function call(
  simulator: Simulator,
  path: string,
  options: { body?: unknown; authorization?: string } = {},
): Promise<Response> {
  const { username, apiKey } = simulator.credential;
  const basic = `Basic ${Buffer.from(`${username}:${apiKey}`).toString("base64")}`;
  const headers = { authorization: options.authorization ?? basic };
  const body = options.body === undefined ? {} : { method: "POST", body: JSON.stringify(options.body) };
  return fetch(new URL(path, simulator.caUrl), { headers, ...body });
}

const service = "SoftLayer_Security_Certificate_Request";

describe("the sandbox CA", () => {
  it("issues certificates that OpenSSL verifies for every ordered name", async () => {
    const simulator = await start();
    const names = ["shop.example.test", "www.shop.example.test"];
    const order = await simulator.control.placeOrder({
      commonName: "shop.example.test",
      dnsNames: names,
      keyType: "rsa-2048",
    });
    const directory = await mkdtemp(join(tmpdir(), "sealpost-sim-"));
    const file = (name: string) => join(directory, name);
    await writeFile(file("root.pem"), simulator.rootCertificatePem);
    await writeFile(file("intermediate.pem"), simulator.intermediateCertificatePem);
    await writeFile(file("leaf.pem"), order.certificatePem ?? "");
    for (const name of names) {
      const args = ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", name];
      const { stdout } = await run("openssl", [
        ...args,
        "-CAfile",
        file("root.pem"),
        "-untrusted",
        file("intermediate.pem"),
        file("leaf.pem"),
      ]);
      expect(stdout).toContain("OK");
    }
    await rm(directory, { recursive: true });
  });

  it("speaks both spellings of the protocol, with and without .json, with arguments in the body or in the path", async () => {
    const simulator = await start();
    const { id } = await simulator.control.placeOrder({ commonName: "a.example.test" });
    for (const path of [
      `${service}/${id}`,
      `${service}/${id}.json`,
      `${service}/${id}/getObject`,
      `${service}/${id}/getObject.json`,
    ]) {
      expect(await (await call(simulator, path)).json()).toMatchObject({ id, commonName: "a.example.test" });
    }
    const listed = await call(simulator, `${service}/getSslCertificateRequests/${simulator.accountId}.json`);
    expect(await listed.json()).toMatchObject([{ id }]);
    expect(listed.headers.get("softlayer-total-items")).toBe("1");
  });

  it("drops the other local properties when a mask names one, and gives relations only when asked", async () => {
    const simulator = await start();
    const { id } = await simulator.control.placeOrder({ commonName: "a.example.test" });
    const whole = await (await call(simulator, `${service}/${id}`)).json();
    expect(whole).not.toHaveProperty("status");
    const masked = await (await call(simulator, `${service}/${id}?objectMask=mask[id,status[name]]`)).json();
    expect(masked).toEqual({ id, status: { name: "Approved" } });
  });

  it("knows Basic with the user, Basic with the word apikey, and Bearer, and nothing else", async () => {
    const simulator = await start();
    const { apiKey } = simulator.credential;
    const basic = (user: string) => `Basic ${Buffer.from(`${user}:${apiKey}`).toString("base64")}`;
    for (const authorization of [basic("apikey"), `Bearer ${apiKey}`]) {
      expect((await call(simulator, "SoftLayer_Account", { authorization })).status).toBe(200);
    }
    const refused = await call(simulator, "SoftLayer_Account", { authorization: basic("somebody") });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toEqual({ error: "Access Denied. ", code: "SoftLayer_Exception_Public" });
  });

  it("sends a real mail with the leaf in the text and leaf and bundle in the ZIP, and answers with a bare true", async () => {
    const simulator = await start();
    const order = await simulator.control.placeOrder({
      commonName: "*.shop.example.test",
      approverEmail: "admin@example.test",
    });
    const answer = await call(simulator, `${service}/${order.id}/resendEmail.json`, {
      body: { parameters: ["FulfillmentEmail"] },
    });
    expect(await answer.text()).toBe("true");
    await simulator.waitForMails(1);
    const [mail] = await simulator.control.mails();
    expect(mail).toMatchObject({
      to: ["admin@example.test"],
      subject: `ORDER #${order.id} - Your PositiveSSL Certificate for *.shop.example.test`,
    });
    const parsed = await PostalMime.parse(await simulator.control.rawMail(mail?.mailId ?? ""));
    expect(parsed.text?.replaceAll("\r", "")).toContain(order.certificatePem?.trim());
    expect(parsed.attachments.map((file) => file.filename)).toEqual(["STAR_shop_example_test.zip"]);
    expect(JSON.stringify(parsed)).not.toContain("PRIVATE KEY");
  });

  it("sends the approver mail only while the order waits for approval, and no certificate with it", async () => {
    const simulator = await start();
    const { id } = await simulator.control.placeOrder({
      commonName: "a.example.test",
      status: "Pending CA Approval",
    });
    const resend = (type: string) =>
      call(simulator, `${service}/${id}/resendEmail`, { body: { parameters: [type] } });
    expect((await resend("FulfillmentEmail")).status).toBe(500);
    expect(await (await resend("ApproverEmail")).text()).toBe("true");
    const { mails } = await simulator.control.journal();
    expect(mails).toMatchObject([{ orderId: id, kind: "approver" }]);
  });

  it("approves a pending order when its time has come, and mails the certificate by itself", async () => {
    let now = new Date("2026-11-01T10:00:00Z");
    const simulator = await start({ now: () => now });
    const approvesAt = new Date("2026-11-01T10:02:00Z");
    const { id } = await simulator.control.placeOrder({
      commonName: "a.example.test",
      status: "Pending CA Approval",
      approvesAt,
    });
    now = approvesAt;
    const seen = await (await call(simulator, `${service}/${id}?objectMask=mask[id,status[name]]`)).json();
    expect(seen).toMatchObject({ status: { name: "Approved" } });
    await simulator.waitForMails(1);
  });

  const plays: readonly [Fault, number, number][] = [
    ["refuse", 500, 0],
    ["http-500", 500, 0],
    ["html", 200, 0],
    ["garbage", 200, 0],
    ["rate-limit", 429, 0],
    ["empty-200", 200, 0],
    ["error-in-200", 200, 0],
    ["false", 200, 0],
    ["unauthorized", 401, 0],
    ["slow", 200, 1],
  ];
  it.each(plays)("plays the fault %s as HTTP %i with %i mails", async (fault, status, mails) => {
    const simulator = await start();
    const { id } = await simulator.control.placeOrder({ commonName: "a.example.test" });
    await simulator.control.setFault("resend", id, fault);
    const answer = await call(simulator, `${service}/${id}/resendEmail`, {
      body: { parameters: ["FulfillmentEmail"] },
    });
    expect(answer.status).toBe(status);
    expect((await simulator.control.journal()).mails).toHaveLength(mails);
  });

  it.each([
    ["no-answer-before-mail", 0],
    ["no-answer-after-mail", 1],
  ] as const)("plays %s by hanging up with %i mails sent", async (fault, mails) => {
    const simulator = await start();
    const { id } = await simulator.control.placeOrder({ commonName: "a.example.test" });
    await simulator.control.setFault("resend", id, fault);
    await expect(
      call(simulator, `${service}/${id}/resendEmail`, { body: { parameters: ["FulfillmentEmail"] } }),
    ).rejects.toThrow();
    expect((await simulator.control.journal()).mails).toHaveLength(mails);
  });

  it("shows the same orders, keys, mails and addresses after a restart", async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), "sealpost-sim-"));
    const first = await startSimulator({ dataDirectory });
    const order = await first.control.placeOrder({ commonName: "a.example.test" });
    await call(first, `${service}/${order.id}/resendEmail`, { body: { parameters: ["FulfillmentEmail"] } });
    await first[Symbol.asyncDispose]();
    const second = await start({ dataDirectory });
    expect(second.caUrl).toBe(first.caUrl);
    expect(second.credential).toEqual(first.credential);
    expect(await second.control.order(order.id)).toEqual(order);
    expect(await second.control.mails()).toHaveLength(1);
    await rm(dataDirectory, { recursive: true });
  });

  it("answers to its own name only, on every port", async () => {
    const simulator = await start();
    for (const url of [simulator.caUrl, simulator.mailboxUrl, simulator.keysUrl, simulator.controlUrl]) {
      const status = await new Promise((resolve) =>
        get(url, { headers: { host: "evil.test" } }, (answer) => resolve(answer.resume().statusCode)),
      );
      expect(status).toBe(421);
    }
  });

  it("shows a mail without running or fetching anything of it, and saves the bytes that were sent", async () => {
    const simulator = await start();
    const { id } = await simulator.control.placeOrder({ commonName: "a.example.test" });
    await call(simulator, `${service}/${id}/resendEmail`, { body: { parameters: ["FulfillmentEmail"] } });
    const [mail] = await simulator.control.mails();
    const page = await fetch(`${simulator.mailboxUrl}mails/${mail?.mailId}`);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await page.text()).not.toContain("<script");
    const html = await fetch(`${simulator.mailboxUrl}mails/${mail?.mailId}/html`);
    expect(html.headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox/);
    const saved = await fetch(`${simulator.mailboxUrl}mails/${mail?.mailId}/raw`);
    expect(Buffer.from(await saved.arrayBuffer())).toEqual(
      await simulator.control.rawMail(mail?.mailId ?? ""),
    );
  });

  it("seeds at least 40 orders with every status, and a key for each", async () => {
    const simulator = await start({ seed: "sandbox" });
    const orders = await simulator.control.orders();
    expect(orders.length).toBeGreaterThanOrEqual(40);
    expect(new Set(orders.map((order) => order.status))).toEqual(
      new Set(["Pending CA Approval", "Approved", "Complete", "Canceled"]),
    );
    for (const order of orders) {
      const key = await fetch(`${simulator.keysUrl}orders/${order.id}/key`);
      expect(await key.text()).toBe(order.privateKeyPem);
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
  untilSettled,
} from "./test-console.ts";

let world: TestConsole;
let api: Api;
let cookie: string;
beforeEach(async () => {
  world = await startTestConsole();
  cookie = await enter(world);
  api = apiOf(world, cookie);
});
afterEach(() => world[Symbol.asyncDispose]());

function form(parts: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts))
    data.append(name, typeof value === "string" ? value : new File([value], "mail.eml"));
  return data;
}

async function receivedMail() {
  const { order, row } = await placeOrder(world, api, { commonName: "shop.example.test" });
  await untilSettled(api, (await askForMail(api, row.orderId)).requestId);
  const [mail] = await world.simulator.control.mails();
  return { order, row, eml: Uint8Array.from(await world.simulator.control.rawMail(mail?.mailId ?? "")) };
}

const downloadPart = (certificateId: string, part: string, withCookie = cookie) =>
  post(
    world,
    `/api/certificates/${certificateId}/${part}`,
    { reason: "for the test" },
    { cookie: withCookie },
  );

describe("importing what the CA mailed", () => {
  it("finds the order by itself, seals certificate and key, links the order, and gives back the same bytes", async () => {
    const { order, row, eml } = await receivedMail();
    const parts = { file: eml, key: order.privateKeyPem ?? "" };
    const plan = await api.certificates.preview.mutate(form(parts));
    expect(plan).toMatchObject({
      order: { caOrderId: String(order.id), reasons: ["key", "order-number", "names"] },
      facts: { keyFits: true, chainState: "complete" },
    });
    expect((await api.certificates.list.query({})).certificates).toEqual([]);
    const certificate = await api.certificates.import.mutate(form({ ...parts, notes: "for the shop" }));
    expect(certificate).toMatchObject({
      commonName: "shop.example.test",
      isKeyStored: true,
      version: 1,
      notes: "for the shop",
      orderId: row.orderId,
    });
    expect(await (await downloadPart(certificate.certificateId, "key")).text()).toBe(order.privateKeyPem);
    const chain = await (await downloadPart(certificate.certificateId, "certificate")).text();
    expect(chain).toBe(`${order.certificatePem}${world.simulator.intermediateCertificatePem}`);
    expect(await (await downloadPart(certificate.certificateId, "pem")).text()).toBe(
      `${chain}${order.privateKeyPem}`,
    );
    const { attention, trace } = await api.orders.get.query({ orderId: row.orderId });
    expect(attention).toBe("nothing-to-do");
    expect(trace[0]).toMatchObject({ act: "certificate.import" });
  });

  it("imports the same certificate once, whoever presses twice", async () => {
    const { order, eml } = await receivedMail();
    const parts = { file: eml, key: order.privateKeyPem ?? "" };
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(() => api.certificates.import.mutate(form(parts))),
    );
    expect(outcomes.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    for (const one of outcomes)
      if (one.status === "rejected") expect(one.reason.data.refusal.code).toBe("already-imported");
    expect((await api.certificates.list.query({})).certificates).toHaveLength(1);
  });

  it("refuses on its own, without a preview: a stranger's key is named, and nothing is stored", async () => {
    const { eml } = await receivedMail();
    const other = await placeOrder(world, api, { commonName: "other.example.test" });
    await api.orders.refresh.mutate({ orderId: other.row.orderId });
    const parts = form({ file: eml, key: other.order.privateKeyPem ?? "" });
    const refusal = await api.certificates.import.mutate(parts).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ data: { httpStatus: 422, refusal: { code: "import-blocked" } } });
    expect(JSON.stringify(refusal)).toContain("other.example.test");
    expect((await api.certificates.list.query({})).certificates).toEqual([]);
  });

  it("keeps only what was chosen to be kept", async () => {
    const { eml } = await receivedMail();
    const certificate = await api.certificates.import.mutate(form({ file: eml, mode: "metadata-only" }));
    expect(certificate).toMatchObject({ isKeyStored: false, isCertificateStored: false });
    const refused = await downloadPart(certificate.certificateId, "certificate");
    expect([refused.status, (await jsonOf(refused)).code]).toEqual([404, "material-not-stored"]);
  });

  it("deletes the row and the sealed material, and lets it be imported again", async () => {
    const { order, eml } = await receivedMail();
    const parts = { file: eml, key: order.privateKeyPem ?? "" };
    const { certificateId } = await api.certificates.import.mutate(form(parts));
    await api.certificates.delete.mutate({ certificateId });
    expect((await downloadPart(certificateId, "pem")).status).toBe(404);
    await api.certificates.import.mutate(form(parts));
  });

  it("takes notes, and refuses a key pasted into them", async () => {
    const { order, eml } = await receivedMail();
    const { certificateId } = await api.certificates.import.mutate(
      form({ file: eml, key: order.privateKeyPem ?? "" }),
    );
    expect((await api.certificates.editNotes.mutate({ certificateId, notes: "new" })).notes).toBe("new");
    await expect(
      api.certificates.editNotes.mutate({ certificateId, notes: order.privateKeyPem ?? "" }),
    ).rejects.toMatchObject({ data: { refusal: { field: "notes", problem: "holds-key-material" } } });
    expect((await api.certificates.get.query({ certificateId })).notes).toBe("new");
  });

  it("hands out a key only for a reason, which stays in the trace; a certificate for none", async () => {
    const { order, eml } = await receivedMail();
    const keyPem = order.privateKeyPem ?? "";
    const { certificateId } = await api.certificates.import.mutate(form({ file: eml, key: keyPem }));
    const ask = (part: string, body: unknown) =>
      post(world, `/api/certificates/${certificateId}/${part}`, body, { cookie });
    const reasons = [{}, { reason: " a " }, { reason: "x".repeat(501) }, { reason: keyPem }, { reason: 7 }];
    for (const part of ["key", "pem"])
      for (const body of reasons) {
        const refused = await ask(part, body);
        expect([refused.status, await jsonOf(refused)]).toMatchObject([
          400,
          { refusal: { code: "invalid-input", field: "reason" } },
        ]);
      }
    expect((await api.audit.list.query({ act: "key.export" })).entries).toEqual([]);
    expect((await ask("key", { reason: " New web server " })).status).toBe(200);
    expect((await ask("certificate", {})).status).toBe(200);
    expect((await api.audit.list.query({ act: "key.export" })).entries).toMatchObject([
      { outcome: "done", details: { part: "key", exportReason: "New web server" } },
    ]);
  });

  it("hands out nothing without a session, and nothing to a foreign page", async () => {
    const { order, eml } = await receivedMail();
    const { certificateId } = await api.certificates.import.mutate(
      form({ file: eml, key: order.privateKeyPem ?? "" }),
    );
    expect((await downloadPart(certificateId, "key", "")).status).toBe(401);
    const foreign = await post(
      world,
      `/api/certificates/${certificateId}/key`,
      {},
      { cookie, origin: "https://evil.test" },
    );
    expect(foreign.status).toBe(403);
    expect(
      (await fetch(`${world.url}/api/certificates/${certificateId}/key`, { headers: { cookie } })).status,
    ).toBe(404);
  });

  it("keeps serving after input made to hurt, and says what it was", async () => {
    const huge = await post(world, "/api/trpc/certificates.preview", "x".repeat(13 * 1024 * 1024), {
      cookie,
    });
    expect([huge.status, (await jsonOf(huge)).code]).toEqual([413, "too-large"]);
    const plan = await api.certificates.preview.mutate(
      form({ text: `-----BEGIN CERTIFICATE-----\n${"A".repeat(900_000)}` }),
    );
    expect(plan.findings.some((found) => found.severity === "blocked")).toBe(true);
    expect((await fetch(`${world.url}/healthz`)).status).toBe(200);
  });

  it("answers others while it reads what was made to hurt", async () => {
    const hurting = (piece: string) => piece.repeat(Math.floor(1_000_000 / piece.length));
    let isReading = true;
    const reading = Promise.all(
      ["MA ", "\nEND A .", "<p>", "-"].map((piece) =>
        api.certificates.preview.mutate(form({ text: hurting(piece), key: hurting(piece) })),
      ),
    ).finally(() => {
      isReading = false;
    });
    let answered = 0;
    while (isReading) {
      expect((await fetch(`${world.url}/healthz`)).status).toBe(200);
      await api.orders.list.query({});
      if (isReading) answered += 1;
    }
    for (const { findings } of await reading)
      expect(findings.map(({ severity }) => severity)).toContain("blocked");
    expect(answered).toBeGreaterThan(10);
  });

  it("leaves no trace of certificate or key in the metadata database and the log; the search would find them", async () => {
    const { order, eml } = await receivedMail();
    await api.certificates.import.mutate(form({ file: eml, key: order.privateKeyPem ?? "" }));
    const window = (pem: string) => (pem.split("\n")[2] ?? "").slice(5, 45);
    for (const pem of [order.certificatePem ?? "", order.privateKeyPem ?? "", order.csrPem]) {
      const needle = window(pem);
      expect(needle).toHaveLength(40);
      expect(`${pem}`.includes(needle)).toBe(true);
      expect((await world.database()).includes(needle)).toBe(false);
      expect(world.log().includes(needle)).toBe(false);
    }
  });
});

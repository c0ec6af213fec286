import { describe, expect, it } from "vitest";
import { callCa, eachIn, objectIn, resend, service, startForTest } from "../../test-ca.ts";
import { accountId } from "./dialect.ts";

describe("IBM classic's protocol", () => {
  it("takes both versions, both spellings of a method, .json or none, and arguments in body or path", async () => {
    const simulator = await startForTest();
    const { id } = await simulator.control.placeOrder({ commonName: "a.example.test" });
    for (const version of ["/rest/v3/", "/rest/v3.1/"])
      for (const path of [`${service}/${id}`, `${service}/${id}/getObject`])
        for (const ending of ["", ".json"]) {
          const answer = await callCa(simulator, `${version}${path}${ending}`);
          expect(await answer.json()).toMatchObject({ id, commonName: "a.example.test" });
        }
    const list = `${service}/getSslCertificateRequests`;
    for (const answer of [
      await callCa(simulator, `${list}/${accountId}.json`),
      await callCa(simulator, list, { parameters: [accountId] }),
    ]) {
      expect(await answer.json()).toMatchObject([{ id }]);
    }
  });

  it("drops the other local properties when a mask names one, and gives relations only when asked", async () => {
    const simulator = await startForTest();
    const { id } = await simulator.control.placeOrder({ commonName: "a.example.test" });
    const ask = async (mask: string) =>
      await objectIn(await callCa(simulator, `${service}/${id}?objectMask=${mask}`));
    const whole = await objectIn(await callCa(simulator, `${service}/${id}`));
    expect(whole).toMatchObject({ commonName: "a.example.test", statusId: 43 });
    for (const relation of ["status", "order", "orderItem", "account"])
      expect(whole).not.toHaveProperty(relation);
    expect(await ask("mask[id,status[name]]")).toEqual({ id, status: { name: "Approved" } });
    expect(await ask("mask[id, status.name]")).toEqual({ id, status: { name: "Approved" } });
    expect(await ask("mask[status[id]]")).toEqual({ ...whole, status: { id: 43 } });
    expect(await ask("mask[id,orderItem[description,item[keyName]]]")).toEqual({
      id,
      orderItem: { description: "PositiveSSL", item: { keyName: "SSL_CERTIFICATE_POSITIVESSL" } },
    });
  });

  it("filters and sorts as asked, ignores a filter it cannot read, and is never limited", async () => {
    const simulator = await startForTest();
    const { control } = simulator;
    const b = await control.placeOrder({ commonName: "b.shop.test", status: "Pending CA Approval" });
    const a = await control.placeOrder({ commonName: "a.shop.test" });
    const c = await control.placeOrder({ commonName: "c.other.test", status: "Complete" });
    const list = async (filter: unknown) => {
      const query = new URLSearchParams({ objectFilter: JSON.stringify(filter), resultLimit: "0,1" });
      const answer = await callCa(simulator, `${service}/getSslCertificateRequests/${accountId}?${query}`);
      const ids = await eachIn(answer, "id");
      expect(answer.headers.get("softlayer-total-items")).toBe(String(ids.length));
      return ids;
    };
    const root = (inner: unknown) => ({ securityCertificateRequest: inner });
    const option = (name: string, value: unknown[]) => ({ options: [{ name, value }] });
    expect(await list(root({ commonName: { operation: "*= shop" } }))).toEqual([b.id, a.id]);
    expect(await list(root({ commonName: { operation: "^= c." } }))).toEqual([c.id]);
    expect(await list(root({ commonName: { operation: "$= shop.test" } }))).toEqual([b.id, a.id]);
    expect(await list(root({ order: { id: { operation: String(c.id + 70_000_000) } } }))).toEqual([c.id]);
    expect(await list(root({ status: { name: { operation: "Complete" } } }))).toEqual([c.id]);
    expect(await list(root({ id: { operation: "in", ...option("data", [a.id, c.id]) } }))).toEqual([
      a.id,
      c.id,
    ]);
    const sorted = (way: string) => root({ commonName: { operation: "orderBy", ...option("sort", [way]) } });
    expect(await list(sorted("ASC"))).toEqual([a.id, b.id, c.id]);
    expect(await list(sorted("DESC"))).toEqual([c.id, b.id, a.id]);
    expect(await list("{ broken")).toEqual([b.id, a.id, c.id]);
  });

  it("writes dates with its offset and leaves out what is null", async () => {
    const at = new Date("2026-11-23T03:04:05Z");
    const simulator = await startForTest({ now: () => at });
    const { id } = await simulator.control.placeOrder({
      commonName: "a.test",
      status: "Pending CA Approval",
    });
    const pending = await (await callCa(simulator, `${service}/${id}`)).json();
    expect(pending).toMatchObject({ createDate: "2026-11-22T21:04:05-06:00", statusId: 50 });
    expect(pending).not.toHaveProperty("expirationDate");
    expect(pending).not.toHaveProperty("effectiveDate");
    await simulator.control.advance(id);
    const issued = await objectIn(await callCa(simulator, `${service}/${id}`));
    expect(issued).toMatchObject({ effectiveDate: "2026-11-22T21:04:05-06:00", statusId: 43 });
    const [begin, end] = [issued.effectiveDate, issued.expirationDate].map((text) =>
      Date.parse(String(text)),
    );
    expect((end ?? 0) - (begin ?? 0)).toBe(198 * 86_400_000);
  });

  it("knows Basic with the user, Basic with the word apikey, and Bearer, and nothing else", async () => {
    const simulator = await startForTest();
    const { settings, credential } = simulator.account("ibm-classic");
    const { username = "", apiKey = "" } = { ...settings, ...credential };
    const basic = (user: string, key: string) => `Basic ${Buffer.from(`${user}:${key}`).toString("base64")}`;
    const status = async (authorization: string) =>
      (await callCa(simulator, "SoftLayer_Account", { authorization })).status;
    for (const good of [basic(username, apiKey), basic("apikey", apiKey), `Bearer ${apiKey}`])
      expect(await status(good)).toBe(200);
    for (const bad of [basic("somebody", apiKey), basic(username, "x"), "Bearer x", ""])
      expect(await status(bad)).toBe(401);
    const refused = await callCa(simulator, "SoftLayer_Account", { authorization: "Bearer x" });
    expect(await refused.json()).toEqual({ error: "Access Denied. ", code: "SoftLayer_Exception_Public" });
    expect(JSON.stringify(await simulator.control.journal())).not.toContain(apiKey);
  });

  it("answers what is not there, or is another account's, with its own errors", async () => {
    const simulator = await startForTest();
    const missing = await callCa(simulator, `${service}/1`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toEqual({
      error: "Unable to find object with id of '1'.",
      code: "SoftLayer_Exception_ObjectNotFound",
    });
    const status = async (path: string) => (await callCa(simulator, path)).status;
    expect(await status(`${service}/getSslCertificateRequests/999`)).toBe(404);
    expect(await status("SoftLayer_Account/999")).toBe(404);
    const unknown = await callCa(simulator, "SoftLayer_Nothing/getObject");
    expect(await unknown.json()).toEqual({ error: "Service does not exist" });
    expect(await (await callCa(simulator, `${service}/nothing`)).json()).toEqual({
      error: 'Function ("nothing") is not a valid method for this service.',
      code: "SoftLayer_Exception_Public",
    });
  });

  it("lists its statuses and the addresses an approver may have", async () => {
    const simulator = await startForTest();
    const get = async (path: string, parameters?: readonly unknown[]) =>
      await (await callCa(simulator, path, parameters ? { parameters } : {})).json();
    const statuses = async (name: string) =>
      await eachIn(await callCa(simulator, `${service}_Status/getSslRequestStatuses`), name);
    expect(await statuses("id")).toEqual([50, 43, 49, 42]);
    expect(await statuses("name")).toEqual(["Pending CA Approval", "Approved", "Complete", "Canceled"]);
    expect(await get(`${service}/getAdministratorEmailPrefixes`)).toContain("hostmaster");
    expect(await get(`${service}/getAdministratorEmailDomains`, ["www.example.test"])).toEqual([
      "www.example.test",
      "example.test",
    ]);
    expect(await get("SoftLayer_Account?objectMask=mask[id]")).toEqual({ id: accountId });
  });

  it("sends each kind of mail only while it makes sense, and answers with a bare true", async () => {
    const simulator = await startForTest();
    const { control } = simulator;
    const { id } = await control.placeOrder({ commonName: "a.example.test", status: "Pending CA Approval" });
    const early = await resend(simulator, id);
    expect(early.status).toBe(500);
    expect(await early.json()).toMatchObject({
      code: "SoftLayer_Exception_Public",
      error: expect.any(String),
    });
    expect(await (await resend(simulator, id, "ApproverEmail")).text()).toBe("true");
    await control.setStatus(id, "Complete");
    expect((await resend(simulator, id, "ApproverEmail")).status).toBe(500);
    expect(await (await resend(simulator, id)).text()).toBe("true");
    await control.setStatus(id, "Canceled");
    expect((await resend(simulator, id)).status).toBe(500);
    const odd = await callCa(simulator, `${service}/${id}/resendEmail`, { parameters: ["Postcard"] });
    expect(await odd.json()).toMatchObject({ code: "SoftLayer_Exception_InvalidValue" });
    const { mails } = await control.journal();
    expect(mails.map((mail) => mail.kind)).toEqual(["approver", "fulfillment", "fulfillment"]);
    expect(await control.mails()).toHaveLength(3);
  });

  it("mails to the address the order has at that moment", async () => {
    const simulator = await startForTest();
    const { id } = await simulator.control.placeOrder({ commonName: "a.example.test" });
    await simulator.control.changeApproverEmail(id, "new@xn--bcher-kva.example");
    await resend(simulator, id);
    expect(await simulator.control.mails()).toMatchObject([{ to: ["new@xn--bcher-kva.example"] }]);
  });

  it("cancels a pending order and no other", async () => {
    const simulator = await startForTest();
    const { control } = simulator;
    const pending = await control.placeOrder({ commonName: "a.test", status: "Pending CA Approval" });
    const issued = await control.placeOrder({ commonName: "b.test" });
    const cancel = async (id: number) => await callCa(simulator, `${service}/${id}/cancelSslOrder`);
    expect(await (await cancel(pending.id)).text()).toBe("true");
    expect((await cancel(issued.id)).status).toBe(500);
    expect((await control.order(pending.id))?.status).toBe("Canceled");
    expect((await control.order(issued.id))?.status).toBe("Approved");
  });

  it("moves an order on when its time has come, with one mail however many ask at once", async () => {
    let now = new Date("2026-11-01T10:00:00Z");
    const simulator = await startForTest({ now: () => now });
    const { id } = await simulator.control.placeOrder({
      commonName: "a.example.test",
      status: "Pending CA Approval",
      approvesAt: new Date("2026-11-01T10:02:00Z"),
      completesAt: new Date("2026-11-01T10:05:00Z"),
    });
    const statusSeen = async () =>
      (await objectIn(await callCa(simulator, `${service}/${id}/getStatus`))).name;
    expect(await statusSeen()).toBe("Pending CA Approval");
    now = new Date("2026-11-01T10:02:00Z");
    const seen = await Promise.all([statusSeen(), statusSeen(), statusSeen(), statusSeen()]);
    expect(new Set(seen)).toEqual(new Set(["Approved"]));
    now = new Date("2026-11-01T10:05:00Z");
    expect(await statusSeen()).toBe("Complete");
    expect((await simulator.control.journal()).mails).toHaveLength(1);
    expect(await simulator.control.mails()).toMatchObject([{ sentAt: "2026-11-01T10:02:00.000Z" }]);
  });
});

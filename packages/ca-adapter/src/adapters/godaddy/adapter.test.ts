import { caOrderIdSchema } from "@sealpost/domain";
import { describe, expect, it } from "vitest";
import { startSimulated } from "../../conformance/simulated.test-world.ts";
import { caConformance } from "../../conformance/suite.ts";
import { never, outcomeOf, requestFor } from "../../conformance/world.ts";
import { openCertificateAuthority } from "../../index.ts";
import { all, caOrderId, fault, history, own, repeating, request, serve } from "./service.test-world.ts";

caConformance({
  adapter: "godaddy",
  start: () => startSimulated("godaddy"),
  unsupported: {
    "choose-format": "The service repeats a mail as it was.",
    "add-message": "The service repeats a mail as it was.",
    "incremental-list": "The list cannot be asked for by what changed.",
  },
  callsPerResend: { calls: 2, why: "A mail is repeated by its number, which the history tells." },
  refusedMail: { mailId: "1", why: "Without a number nothing is asked for that the service could refuse." },
  differs: {
    false: {
      as: "outcome-unknown",
      why: "The service accepts with 204 and nothing; a bare false is nobody's word.",
    },
  },
});

describe("godaddy, beyond the common promises", () => {
  it.each([
    [400, fault("INVALID_BODY"), "invalid-input", "invalid-input"],
    [401, fault("UNABLE_TO_AUTHENTICATE"), "unauthorized", "unauthorized"],
    [401, "<html>no</html>", "unauthorized", "unauthorized"],
    [403, fault("ACCESS_DENIED"), "forbidden", "forbidden"],
    [403, "<html>blocked</html>", "forbidden", "forbidden"],
    [404, fault("NOT_FOUND"), "not-found", "not-found"],
    [404, "<html>nothing here</html>", "unexpected-response", "outcome-unknown"],
    [409, fault("EMAIL_ID_NOT_FOUND"), "state-conflict", "state-conflict"],
    [409, { message: "no code" }, "unexpected-response", "outcome-unknown"],
    [422, fault("INVALID_VALUE"), "invalid-input", "invalid-input"],
    [429, fault("TOO_MANY_REQUESTS", { retryAfterSec: 7 }), "rate-limited", "rate-limited"],
    [429, "<html>slow down</html>", "rate-limited", "rate-limited"],
    [500, fault("ERROR_INTERNAL"), "unavailable", "outcome-unknown"],
    [503, "<html>maintenance</html>", "unavailable", "outcome-unknown"],
    [200, fault("ERROR_INTERNAL"), "unexpected-response", "outcome-unknown"],
    [202, "", "unexpected-response", "outcome-unknown"],
    [302, "", "unexpected-response", "outcome-unknown"],
  ] as const)(
    "meets %i %j with %s in a reading and %s in a resend",
    async (status, body, reading, changing) => {
      const { authority, seen } = await serve(() => ({ status, body }));
      const read = await outcomeOf(authority.getOrder(caOrderId, never));
      const asked = await outcomeOf(authority.resendEmail(request, never));
      expect([read, asked]).toMatchObject([{ kind: reading }, { kind: changing }]);
      expect(seen).toHaveLength(2);
    },
  );

  it.each([
    [fault("TOO_MANY_REQUESTS", { retryAfterSec: 7 }), {}, 7],
    [fault("TOO_MANY_REQUESTS", { retryAfterSec: 7 }), { "retry-after": "30" }, 7],
    [fault("TOO_MANY_REQUESTS"), { "retry-after": "30" }, 30],
    ["", { "retry-after": "30" }, 30],
    [fault("TOO_MANY_REQUESTS", { retryAfterSec: "soon" }), {}, null],
  ])("comes back after the body's seconds, or else the header's: %j %j", async (body, headers, expected) => {
    const { authority } = await serve(() => ({ status: 429, body, headers }));
    await expect(authority.resendEmail(request, never)).rejects.toMatchObject({ retryAfterS: expected });
  });

  it("signs in with key and secret, and shows neither when the service repeats them", async () => {
    const { authority, seen } = await serve(() => ({
      status: 401,
      body: fault("X", { message: "no KEY:SECRET, no KEY, no SECRET" }),
    }));
    await expect(authority.probe(never)).rejects.toMatchObject({
      caMessage: "no [redacted], no [redacted], no [redacted]",
    });
    expect(seen[0]?.headers.authorization).toBe("sso-key KEY:SECRET");
  });

  it("proves the credential by the shortest list of this customer", async () => {
    const { authority, lines } = await serve(() => ({ status: 200, body: { certificates: [] } }));
    expect(await authority.probe(never)).toEqual({ accountName: null, isReadOnly: null });
    expect(lines()).toEqual(["GET /v2/customers/c-1/certificates?offset=0&limit=1"]);
  });

  it("tells who is asked for the domain's consent by the history, and only while it is awaited", async () => {
    let status = "PENDING_ISSUANCE";
    const { authority, seen } = await serve((line) =>
      line.includes("history")
        ? { status: 200, body: history }
        : { status: 200, body: { certificateId: "f-7", status, contact: { email: own } } },
    );
    const pending = await authority.getOrder(caOrderId, never);
    expect(pending.recipients).toEqual({
      fulfillment: [{ address: own, source: "administrator-contact" }],
      approver: [{ address: "hm@example.test", source: "mail-history" }],
    });
    status = "ISSUED";
    const issued = await authority.getOrder(caOrderId, never);
    expect(issued.recipients.approver).toEqual([]);
    expect(seen).toHaveLength(3);
  });

  it("keeps the words of the mails out of the history", async () => {
    const { authority } = await serve(repeating);
    const mails = (await authority.mailHistory?.(caOrderId, never)) ?? [];
    expect(mails.map(({ mailId }) => mailId)).toEqual(["9", "8", "5", "3"]);
    expect(JSON.stringify(mails)).not.toContain("Confidential");
  });

  it("follows no link of an answer, only offsets until the total", async () => {
    const elsewhere = await serve(() => ({ status: 200, body: { certificates: [] } }));
    const ids = Array.from({ length: 120 }, (_, at) => `f-${at}`);
    const { authority, lines } = await serve((line) => {
      const offset = Number(/offset=(\d+)/.exec(line)?.[1]);
      const served = ids.slice(offset, offset + 50);
      const certificates = served.map((certificateId) => ({ certificateId, status: "ISSUED" }));
      const next = `${elsewhere.origin}/v2/customers/c-1/certificates?offset=${offset + 50}`;
      return { status: 200, body: { certificates, pagination: { next, total: ids.length } } };
    });
    const listed: string[] = [];
    for (let cursor: string | null = null, at = 0; at === 0 || cursor !== null; at++) {
      const page = await authority.listOrders({ ...all, cursor }, never);
      listed.push(...page.orders.map((order) => order.caOrderId));
      expect(page.total).toBe(120);
      cursor = page.next;
    }
    expect(listed).toEqual(ids);
    expect(lines().map((line) => /offset=(\d+)/.exec(line)?.[1])).toEqual(["0", "49", "98"]);
    expect(elsewhere.seen).toEqual([]);
  });

  it("hands out leaf, intermediate and cross certificate as files, the root not", async () => {
    const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;
    const pems = Object.fromEntries(
      ["certificate", "intermediate", "cross", "root"].map((name) => [name, pem(name)]),
    );
    const { authority, lines } = await serve(() => ({ status: 200, body: { pems, serialNumber: "1" } }));
    const files = (await authority.download?.({ caOrderId, caCertificateId: null }, never)) ?? [];
    expect(files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([
      ["certificate-f-7.pem", pem("certificate")],
      ["intermediate.pem", pem("intermediate")],
      ["cross.pem", pem("cross")],
    ]);
    expect(lines()).toEqual(["GET /v1/certificates/f-7/download"]);
  });

  it("says of a certificate that cannot be fetched yet what the service says", async () => {
    await using world = await startSimulated("godaddy");
    const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "pending" });
    const early = world.authority.download?.({ caOrderId, caCertificateId: null }, never);
    await expect(early).rejects.toMatchObject({
      kind: "state-conflict",
      caMessage: "Certificate state does not allow download",
    });
  });

  it("says forbidden of another customer's orders", async () => {
    await using world = await startSimulated("godaddy");
    const { baseUrl, credential } = world.simulator.account("godaddy");
    const settings = { customerId: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff" };
    const authority = openCertificateAuthority({ adapter: "godaddy", baseUrl, settings, credential });
    await expect(authority.probe(never)).rejects.toMatchObject({ kind: "forbidden" });
  });

  it("mails the announcement to the contact and the request for consent to the approver", async () => {
    await using world = await startSimulated("godaddy");
    const { control } = world.simulator;
    const people = { approverEmail: "hm@a.test", technicalEmail: "admin@a.test" };
    const place = { ca: "godaddy", commonName: "a.test", ...people };
    const issued = await control.placeOrder(place);
    const pending = await control.placeOrder({ ...place, status: "Pending CA Approval" });
    await world.authority.resendEmail(await requestFor(world, caOrderIdSchema.parse(issued.number)), never);
    await world.authority.resendEmail(
      await requestFor(world, caOrderIdSchema.parse(pending.number), "approver"),
      never,
    );
    expect((await world.mails()).map(({ to }) => to)).toEqual([["admin@a.test"], ["hm@a.test"]]);
    const order = await control.order(pending.id);
    expect(order?.approverEmail).toBe("hm@a.test");
  });

  it("keeps the CSR out of what it hands on", async () => {
    await using world = await startSimulated("godaddy");
    const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
    const order = await world.authority.getOrder(caOrderId, never);
    expect(order.csrSpkiSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(order)).not.toContain("CERTIFICATE REQUEST");
  });
});

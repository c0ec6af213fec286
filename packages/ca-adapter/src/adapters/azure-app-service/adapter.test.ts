import { X509Certificate } from "node:crypto";
import { CaError, caOrderIdSchema } from "@sealpost/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startSimulated } from "../../conformance/simulated.test-world.ts";
import { caConformance } from "../../conformance/suite.ts";
import { everything, never, outcomeOf, requestFor } from "../../conformance/world.ts";
import {
  all,
  caOrderId,
  fault,
  orderOf,
  orderPath,
  request,
  serve,
  token,
  version,
} from "./service.test-world.ts";

/** The common world, signed in: from there on one call is one. */
async function startAzure() {
  const world = await startSimulated("azure-app-service");
  await world.authority.probe(never);
  return world;
}

caConformance({
  adapter: "azure-app-service",
  start: startAzure,
  unsupported: {
    "choose-recipient": "The email goes to the contact of the order; the call takes no address.",
    "choose-format": "The call takes nothing.",
    "add-message": "The call takes nothing.",
    "incremental-list": "The list cannot be asked for by what changed.",
  },
  differs: {
    false: {
      as: "outcome-unknown",
      why: "The service answers 204 or an error; a bare false is nobody's word.",
    },
  },
});

const rawData = "MIIBrawdata".repeat(40);
const certificate = {
  serialNumber: "0A",
  notBefore: "2026-11-01T00:00:00Z",
  notAfter: "2027-05-01T00:00:00Z",
};
const issued = orderOf("name", { signedCertificate: { ...certificate, rawData } });

describe("azure-app-service, beyond the common promises", () => {
  it.each([
    [401, fault("ExpiredAuthenticationToken"), "unauthorized", "unauthorized"],
    [401, "no", "unauthorized", "unauthorized"],
    [403, fault("AuthorizationFailed"), "forbidden", "forbidden"],
    [403, "<html>blocked</html>", "forbidden", "forbidden"],
    [404, fault("ResourceNotFound"), "not-found", "not-found"],
    [404, fault("ResourceGroupNotFound"), "not-found", "not-found"],
    [404, fault("SubscriptionNotFound"), "unauthorized", "unauthorized"],
    [400, fault("InvalidSubscriptionId"), "unauthorized", "unauthorized"],
    [404, "<html>nothing here</html>", "unexpected-response", "outcome-unknown"],
    [400, fault("MissingApiVersionParameter"), "invalid-input", "invalid-input"],
    [400, fault("BadRequest"), "state-conflict", "state-conflict"],
    [409, fault("Conflict"), "state-conflict", "state-conflict"],
    [409, "", "unexpected-response", "outcome-unknown"],
    [408, fault("RequestTimeout"), "unavailable", "outcome-unknown"],
    [429, fault("TooManyRequests"), "rate-limited", "rate-limited"],
    [429, "<html>slow down</html>", "rate-limited", "rate-limited"],
    [500, fault("InternalServerError"), "unavailable", "outcome-unknown"],
    [503, "<html>maintenance</html>", "unavailable", "outcome-unknown"],
    [200, fault("ResourceNotFound"), "unexpected-response", "outcome-unknown"],
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
      if (typeof body === "object") expect(asked).toMatchObject({ caMessage: "Words" });
    },
  );

  it("asks for each mail in one call, with nothing, or with the one address to ask for consent", async () => {
    const { authority, seen } = await serve(() => ({ status: 204, body: "" }));
    await authority.resendEmail(request, never);
    await authority.resendEmail({ ...request, kind: "approver" }, never);
    expect(seen.map(({ line, body }) => [line, body])).toEqual([
      [`POST ${orderPath}/resendEmail?${version}`, ""],
      [`POST ${orderPath}/resendRequestEmails?${version}`, '{"name":"a@example.test"}'],
    ]);
  });

  it("asks for nothing without an order, without an address, or by a mail of the history", async () => {
    const { authority, seen, signIns } = await serve(() => ({ status: 204, body: "" }));
    const recipients = [...request.recipients, ...request.recipients];
    const wrong = [
      [{ ...request, mailId: "1" }, "invalid-input"],
      [{ ...request, kind: "approver", recipients: [] }, "invalid-input"],
      [{ ...request, kind: "approver", recipients }, "invalid-input"],
      [{ ...request, caOrderId: caOrderIdSchema.parse("7") }, "not-found"],
      [{ ...request, caOrderId: caOrderIdSchema.parse("a/b/c") }, "not-found"],
    ] as const;
    for (const [one, kind] of wrong)
      await expect(authority.resendEmail(one, never)).rejects.toMatchObject({ kind });
    expect([seen, signIns]).toEqual([[], []]);
  });

  it.each([
    ["an order", 200, issued],
    ["an order behind an error", 400, issued],
    ["half an order", 200, JSON.stringify(issued).slice(0, -3)],
    ["an order without a status", 200, { ...issued, properties: { ...issued.properties, status: 7 } }],
    ["a list of what is none", 200, { value: [{ ...issued, id: "x" }] }],
  ])(
    "lets no certificate into an order, a list or an error, whatever becomes of %s",
    async (_, status, body) => {
      const { authority } = await serve(() => ({ status, body }));
      const calls = [
        authority.getOrder(caOrderId, never),
        authority.listOrders(all, never),
        authority.mailHistory?.(caOrderId, never),
        authority.resendEmail(request, never),
        authority.download?.({ caOrderId, caCertificateId: null }, never),
      ];
      for (const call of calls) {
        const result = await Promise.resolve(call).catch((error: unknown) => error);
        expect(everything(result)).not.toContain("rawdata");
        expect(everything(result)).not.toContain(rawData.slice(0, 30));
      }
    },
  );

  it("throws nothing but CaError and shows no secret, whatever an answer holds behind a good sign-in", async () => {
    // The common promise spoils signing in as well, and comes seldom further.
    const properties = { ...issued.properties, csr: "x", contact: { email: "a@a.test" } };
    const whole = { ...issued, properties, value: [issued], nextLink: null };
    const history = [{ properties: { emailId: "1", timeStamp: "2026-11-01T00:00:00Z" } }];
    const place = fc.tuple(fc.nat(30), fc.jsonValue({ maxDepth: 2 }));
    const statuses = fc.constantFrom(200, 200, 200, 204, 400, 404, 409, 500);
    let served = { status: 200, body: "" };
    const { authority } = await serve(() => served);
    const calls = [
      () => authority.getOrder(caOrderId, never),
      () => authority.listOrders(all, never),
      () => authority.mailHistory?.(caOrderId, never),
      () => authority.resendEmail(request, never),
      () => authority.download?.({ caOrderId, caCertificateId: null }, never),
    ];
    const spoiled = fc.asyncProperty(statuses, fc.boolean(), place, async (status, isList, [at, by]) => {
      let index = 0;
      const replace = (_: string, value: unknown) => (index++ === at ? by : value);
      served = { status, body: JSON.stringify(isList ? history : whole, replace) ?? "" };
      for (const call of calls) {
        const result = await Promise.resolve(call()).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toBeInstanceOf(CaError);
        for (const secret of ["SECRET~1", token, "rawdata"]) expect(everything(result)).not.toContain(secret);
      }
    });
    await fc.assert(spoiled, { numRuns: 100 });
  });

  it("hands out certificates as PEM, whether they come as DER or as PEM", async () => {
    await using world = await startSimulated("azure-app-service");
    const { rootCertificatePem: root, intermediateCertificatePem: intermediate } = world.simulator;
    const der = new X509Certificate(root).raw.toString("base64");
    const { authority } = await serve(() => ({
      status: 200,
      body: orderOf("name", {
        signedCertificate: { ...certificate, rawData: der },
        intermediate: { rawData: intermediate },
      }),
    }));
    const files = (await authority.download?.({ caOrderId, caCertificateId: "0A" }, never)) ?? [];
    const read = files.map(({ name, bytes }) => [name, new X509Certificate(bytes).fingerprint256]);
    expect(read).toEqual([
      ["certificate.crt", new X509Certificate(root).fingerprint256],
      ["intermediate.crt", new X509Certificate(intermediate).fingerprint256],
    ]);
    const other = authority.download?.({ caOrderId, caCertificateId: "0B" }, never);
    await expect(other).rejects.toMatchObject({ kind: "not-found" });
  });

  it("says of an order that has no certificate yet what its status is", async () => {
    const { authority } = await serve(() => ({
      status: 200,
      body: orderOf("name", { status: "Pendingissuance", signedCertificate: null }),
    }));
    const none = authority.download?.({ caOrderId, caCertificateId: null }, never);
    await expect(none).rejects.toMatchObject({ kind: "state-conflict", caMessage: "Pendingissuance" });
  });

  it("keeps the CSR out of what it hands on", async () => {
    await using world = await startAzure();
    const placed = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
    const order = await world.authority.getOrder(placed.caOrderId, never);
    expect(order.csrSpkiSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(order)).not.toContain("CERTIFICATE REQUEST");
    const { recipients } = await requestFor(world, placed.caOrderId);
    expect(recipients).toEqual(["hostmaster@example.test"]);
  });
});

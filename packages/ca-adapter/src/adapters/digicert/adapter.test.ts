import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type CaResend, caOrderIdSchema, emailAddressSchema } from "@sealpost/domain";
import { describe, expect, it, onTestFinished } from "vitest";
import { startSimulated } from "../../conformance/simulated.test-world.ts";
import { caConformance } from "../../conformance/suite.ts";
import { never, outcomeOf, requestFor } from "../../conformance/world.ts";
import { openCertificateAuthority } from "../../index.ts";

caConformance({
  adapter: "digicert",
  start: () => startSimulated("digicert"),
  unsupported: { "mail-history": "The service keeps no list of mails." },
  differs: {
    "empty-200": {
      as: "accepted",
      why: "Any 2xx without a body is the service's acceptance (204 is documented).",
    },
    false: {
      as: "outcome-unknown",
      why: "The service answers nothing or an object; a bare false is nobody's word.",
    },
  },
  noRetryAfter: "The service documents no Retry-After; its windows are rolling.",
});

interface Served {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Seen {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A service of the test's own making. Resolves to an account at it, and to what it was asked. */
async function serve(answer: (line: string) => Served) {
  const seen: Seen[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const body = Buffer.concat(await incoming.toArray()).toString("utf8");
    const line = `${incoming.method} ${decodeURIComponent(incoming.url ?? "").replaceAll("+", " ")}`;
    seen.push({ line, headers: incoming.headers, body });
    const served = answer(line);
    const text = typeof served.body === "string" ? served.body : JSON.stringify(served.body);
    outgoing.writeHead(served.status, { "content-type": "application/json", ...served.headers }).end(text);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/services/v2`;
  const credential = { apiKey: "KEY" };
  return {
    seen,
    authority: openCertificateAuthority({ adapter: "digicert", baseUrl, settings: {}, credential }),
  };
}

const caOrderId = caOrderIdSchema.parse("7");
const request: CaResend = {
  caOrderId,
  caCertificateId: "9",
  mailId: null,
  kind: "fulfillment",
  recipients: [emailAddressSchema.parse("a@example.test")],
};
const all = { cursor: null, changedSince: null };
const errors = (code: string, message = "Words") => ({ errors: [{ code, message }] });

describe("digicert, beyond the common promises", () => {
  it.each([
    [401, errors("access_denied|invalid_api_key"), "unauthorized", "unauthorized"],
    [401, "no", "unauthorized", "unauthorized"],
    [403, errors("access_denied|missing_permission"), "forbidden", "forbidden"],
    [403, errors("access_denied", "Your IP address is not allowed"), "ip-not-allowed", "ip-not-allowed"],
    [403, "<html>blocked</html>", "forbidden", "forbidden"],
    [404, errors("not_found|order"), "not-found", "not-found"],
    [404, errors("not_found"), "not-found", "not-found"],
    [404, errors("not_found|route"), "unexpected-response", "invalid-input"],
    [404, "<html>nothing here</html>", "unexpected-response", "outcome-unknown"],
    [400, errors("bad_request_format"), "invalid-input", "invalid-input"],
    [400, errors("invalid_emails"), "invalid-input", "invalid-input"],
    [400, errors("ambiguous_product"), "state-conflict", "state-conflict"],
    [400, { errors: { code: "caa_check_failed|a", message: "Words" } }, "state-conflict", "state-conflict"],
    [400, { error: { code: "invalid_id", message: "Words" } }, "invalid-input", "invalid-input"],
    [400, errors("request_limit_exceeded"), "rate-limited", "rate-limited"],
    [406, "", "unexpected-response", "outcome-unknown"],
    [429, errors("request_limit_exceeded"), "rate-limited", "rate-limited"],
    [429, "<html>slow down</html>", "rate-limited", "rate-limited"],
    [500, errors("internal_error"), "unavailable", "outcome-unknown"],
    [503, "<html>maintenance</html>", "unavailable", "outcome-unknown"],
    [200, errors("not_found|order"), "unexpected-response", "outcome-unknown"],
    [302, "", "unexpected-response", "outcome-unknown"],
  ] as const)(
    "meets %i %j with %s in a reading and %s in a resend",
    async (status, body, reading, changing) => {
      const { authority, seen } = await serve(() => ({ status, body }));
      const read = await outcomeOf(authority.getOrder(caOrderId, never));
      const asked = await outcomeOf(authority.resendEmail(request, never));
      expect([read, asked]).toMatchObject([{ kind: reading }, { kind: changing }]);
      expect(seen).toHaveLength(2);
      if (typeof body === "object" && status !== 200)
        expect(asked).toMatchObject({ caMessage: expect.stringMatching(/^(Words|Your IP)/) });
    },
  );

  it("honours a Retry-After should there be one", async () => {
    const headers = { "retry-after": "30" };
    const { authority } = await serve(() => ({
      status: 429,
      body: errors("request_limit_exceeded"),
      headers,
    }));
    await expect(authority.resendEmail(request, never)).rejects.toMatchObject({ retryAfterS: 30 });
  });

  it("asks for a mail with the certificate's number, the addresses, the form and the words, in one call", async () => {
    const { authority, seen } = await serve(() => ({ status: 204, body: "" }));
    await authority.resendEmail({ ...request, format: "link", message: "Hello" }, never);
    await authority.resendEmail({ ...request, kind: "approver", recipients: [] }, never);
    expect(seen.map(({ line }) => line)).toEqual([
      "PUT /services/v2/certificate/9/sendemail",
      "PUT /services/v2/order/certificate/7/resend-emails",
    ]);
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({
      emails: ["a@example.test"],
      certificate_collect_format: "downloadlink",
      custom_message: "Hello",
    });
    expect(JSON.parse(seen[1]?.body ?? "")).toEqual({});
    for (const { headers } of seen)
      expect(headers).toMatchObject({ "x-dc-devkey": "KEY", "content-length": /./, "user-agent": /./ });
  });

  it("asks for nothing without an address, or by a mail the service does not number", async () => {
    const { authority, seen } = await serve(() => ({ status: 204, body: "" }));
    const wrong = [
      { ...request, recipients: [] },
      { ...request, mailId: "1" },
      { ...request, kind: "approver", format: "link" },
    ] as const;
    for (const one of wrong)
      await expect(authority.resendEmail(one, never)).rejects.toMatchObject({ kind: "invalid-input" });
    expect(seen).toEqual([]);
  });

  it("calls a mail provably unasked when its certificate's number could not be read", async () => {
    const { authority, seen } = await serve(() => ({ status: 200, body: "<html>Please sign in</html>" }));
    const unnumbered = authority.resendEmail({ ...request, caCertificateId: null }, never);
    await expect(unnumbered).rejects.toMatchObject({ kind: "unavailable" });
    expect(seen.map(({ line }) => line)).toEqual(["GET /services/v2/order/certificate/7"]);
  });

  it("lists by growing number, a thousand at a time, and takes a missing list for an empty one", async () => {
    const { authority, seen } = await serve(() => ({ status: 200, body: { page: { total: 0 } } }));
    expect(await authority.listOrders(all, never)).toEqual({ orders: [], next: null, total: 0 });
    expect(seen.map(({ line }) => line)).toEqual([
      "GET /services/v2/order/certificate?sort=order_id&limit=1000&offset=0",
    ]);
  });

  it("reads the whole list where the service cannot tell what changed, or it was too long ago", async () => {
    const { authority, seen } = await serve((line) =>
      line.includes("status-changes")
        ? { status: 404, body: errors("not_found|route") }
        : { status: 200, body: { orders: [{ id: 7, status: "pending" }], page: { total: 1 } } },
    );
    for (const days of [1, 30]) {
      const changedSince = new Date(Date.now() - days * 86_400_000);
      const page = await authority.listOrders({ cursor: null, changedSince }, never);
      expect(page.orders.map((order) => order.status)).toEqual(["validating"]);
    }
    expect(seen.map(({ line }) => line.includes("status-changes"))).toEqual([true, false, false]);
  });

  it("reads what changed order by order, twenty to a page, and leaves out what has gone", async () => {
    const ids = Array.from({ length: 25 }, (_, index) => index + 1);
    const { authority } = await serve((line) => {
      if (line.includes("status-changes"))
        return {
          status: 200,
          body: { orders: ids.map((id) => ({ order_id: id, certificate_id: 1, status: "x" })) },
        };
      const id = Number(/(\d+)$/.exec(line)?.[1]);
      return id === 3
        ? { status: 404, body: errors("not_found|order") }
        : { status: 200, body: { id, status: "issued" } };
    });
    const first = await authority.listOrders({ cursor: null, changedSince: new Date() }, never);
    const second = await authority.listOrders({ cursor: first.next, changedSince: new Date() }, never);
    expect([first.orders.length, second.orders.length, second.next]).toEqual([19, 5, null]);
  });

  it.each([
    [403, errors("access_denied|missing_permission")],
    [400, errors("ambiguous_product")],
    [400, errors("bad_request_format")],
    [200, "<html>Please sign in</html>"],
  ])(
    "reads the whole list where it answers %i %j to one that changed, and so loses none",
    async (status, body) => {
      const ids = Array.from({ length: 25 }, (_, index) => index + 1);
      const changes = ids.map((id) => ({ order_id: id, certificate_id: 1, status: "x" }));
      const rows = ids.map((id) => ({ id, status: "issued" }));
      const { authority } = await serve((line) => {
        if (line.includes("status-changes")) return { status: 200, body: { orders: changes } };
        if (line.includes("sort=")) return { status: 200, body: { orders: rows, page: { total: 25 } } };
        const id = Number(/(\d+)$/.exec(line)?.[1]);
        return id === 22 ? { status, body } : { status: 200, body: { id, status: "issued" } };
      });
      const changedSince = new Date();
      const first = await authority.listOrders({ cursor: null, changedSince }, never);
      expect(first.orders).toHaveLength(20);
      const second = await authority.listOrders({ cursor: first.next, changedSince }, never);
      expect([second.orders.map(({ caOrderId }) => Number(caOrderId)), second.next]).toEqual([ids, null]);
    },
  );

  it.each([
    [401, "unauthorized"],
    [429, "rate-limited"],
    [503, "unavailable"],
  ])("reads no whole list where it answers %i to one that changed", async (status, kind) => {
    const { authority, seen } = await serve((line) =>
      line.includes("status-changes")
        ? { status: 200, body: { orders: [{ order_id: 7, certificate_id: 1, status: "x" }] } }
        : { status, body: "" },
    );
    const listed = authority.listOrders({ cursor: null, changedSince: new Date() }, never);
    await expect(listed).rejects.toMatchObject({ kind });
    expect(seen.slice(1).map(({ line }) => line)).toEqual(["GET /services/v2/order/certificate/7"]);
  });

  it("tells of every certificate a reissue made, and mails and hands out the one that was named", async () => {
    await using world = await startSimulated("digicert");
    const placed = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
    const number = Number(placed.caOrderId);
    const { control } = world.simulator;
    await control.reissue(number);
    const old = (await control.order(number))?.certificatePem ?? "";
    await control.reissue(number);
    const { issuances } = await world.authority.getOrder(placed.caOrderId, never);
    expect(issuances).toHaveLength(2);
    const earlier = String(Number(issuances[0]?.caCertificateId) - 1);
    const named = { ...(await requestFor(world, placed.caOrderId)), caCertificateId: earlier };
    await world.authority.resendEmail({ ...named, format: "plaintext" }, never);
    const files = (await world.authority.download?.(named, never)) ?? [];
    for (const text of [(await world.mails())[0]?.raw, Buffer.from(files[0]?.bytes ?? []).toString()])
      expect(new X509Certificate(text ?? "").fingerprint256).toBe(new X509Certificate(old).fingerprint256);
  });

  it("says of a key restricted to reading that it is, and hands on the service's words when a mail is refused", async () => {
    await using world = await startSimulated("digicert");
    const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
    const { baseUrl, readOnlyCredential } = world.simulator.account("digicert");
    const credential = readOnlyCredential ?? {};
    const authority = openCertificateAuthority({ adapter: "digicert", baseUrl, settings: {}, credential });
    expect(await authority.probe(never)).toMatchObject({ isReadOnly: true });
    expect((await authority.listOrders(all, never)).orders).toHaveLength(1);
    await expect(authority.resendEmail(await requestFor(world, caOrderId), never)).rejects.toMatchObject({
      kind: "forbidden",
      caMessage: "You do not have permission to perform this action.",
    });
    expect(await world.mails()).toEqual([]);
  });

  it("keeps the CSR out of what it hands on", async () => {
    await using world = await startSimulated("digicert");
    const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
    const order = await world.authority.getOrder(caOrderId, never);
    expect(order.csrSpkiSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(order)).not.toContain("CERTIFICATE REQUEST");
  });
});

import { once } from "node:events";
import { createServer } from "node:http";
import { type CaResend, caOrderIdSchema, emailAddressSchema } from "@sealpost/domain";
import { describe, expect, it, onTestFinished } from "vitest";
import { startSimulated } from "../../conformance/simulated.test-world.ts";
import { caConformance } from "../../conformance/suite.ts";
import { never, outcomeOf } from "../../conformance/world.ts";
import { openCertificateAuthority } from "../../index.ts";

caConformance({
  adapter: "godaddy",
  start: () => startSimulated("godaddy"),
  unsupported: {
    "choose-format": "A mail that was sent is repeated as it was.",
    "add-message": "A mail that was sent is repeated as it was.",
    "incremental-list": "The list cannot be asked for by what changed.",
  },
  callsPerResend: { calls: 2, why: "A mail is repeated by its number, which only the history tells." },
  differs: {
    "empty-200": {
      as: "accepted",
      why: "Any 2xx without a body is the service's acceptance (204 is described).",
    },
    false: {
      as: "outcome-unknown",
      why: "The service answers nothing or an object; a bare false is nobody's word.",
    },
  },
});

interface Served {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const entry = (id: number, templateType: string, recipients = "ana@example.test") => ({
  id,
  accountId: 1,
  templateType,
  fromType: "x@example.test",
  recipients,
  body: "-----BEGIN SECRET-----",
  dateEntered: `2026-11-2${id}T10:00:00Z`,
  subject: "A mail",
});
const history = [
  entry(1, "DomainControlEmail"),
  entry(2, "CertificateIssued"),
  entry(3, "CertificateIssued"),
];

/** A service of the test's own making. Resolves to an account at it, and to what it was asked. */
async function serve(answer: (line: string) => Served) {
  const seen: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const line = `${incoming.method} ${incoming.url}`;
    seen.push(line);
    const { status, body, headers = {} } = answer(line);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    outgoing.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  const settings = { customerId: "customer" };
  const credential = { key: "KEY", secret: "SECRET" };
  return { seen, authority: openCertificateAuthority({ adapter: "godaddy", baseUrl, settings, credential }) };
}

/** Tells the history, and answers the mail with this. */
const mailing = (mailed: Served, told: unknown = history) =>
  serve((line) => (line.startsWith("GET") ? { status: 200, body: told } : mailed));

const caOrderId = caOrderIdSchema.parse("7");
const request: CaResend = {
  caOrderId,
  caCertificateId: null,
  mailId: null,
  kind: "fulfillment",
  recipients: [emailAddressSchema.parse("ana@example.test")],
};
const accepted = { status: 204, body: "" };
const fault = (code: string, more = {}) => ({ code, message: "Words", ...more });
const last = (seen: readonly string[]) => seen.at(-1);

describe("godaddy, beyond the common promises", () => {
  it.each([
    [401, fault("UNABLE_TO_AUTHENTICATE"), "unauthorized", "unauthorized"],
    [403, fault("ACCESS_DENIED"), "forbidden", "forbidden"],
    [403, "<html>blocked</html>", "forbidden", "forbidden"],
    [404, fault("NOT_FOUND"), "not-found", "not-found"],
    [404, "<html>nothing here</html>", "unexpected-response", "outcome-unknown"],
    [409, fault("INVALID_STATE"), "state-conflict", "state-conflict"],
    [400, fault("INVALID_BODY"), "invalid-input", "invalid-input"],
    [422, fault("INVALID_BODY"), "invalid-input", "invalid-input"],
    [429, fault("TOO_MANY_REQUESTS", { retryAfterSec: 7 }), "rate-limited", "rate-limited"],
    [500, fault("ERROR"), "unavailable", "outcome-unknown"],
    [503, "<html>maintenance</html>", "unavailable", "outcome-unknown"],
    [302, "", "unexpected-response", "outcome-unknown"],
  ] as const)(
    "meets %i %j with %s in a reading and %s in a resend",
    async (status, body, reading, changing) => {
      const { authority } = await mailing({ status, body });
      const read = await serve(() => ({ status, body }));
      const outcomes = [
        await outcomeOf(read.authority.getOrder(caOrderId, never)),
        await outcomeOf(authority.resendEmail(request, never)),
      ];
      expect(outcomes).toMatchObject([{ kind: reading }, { kind: changing }]);
      if (typeof body === "object")
        expect(outcomes).toMatchObject([{ caMessage: "Words" }, { caMessage: "Words" }]);
      if (status === 429) expect(outcomes).toMatchObject([{ retryAfterS: 7 }, { retryAfterS: 7 }]);
    },
  );

  it("repeats the newest mail of the kind, to where it went", async () => {
    const { authority, seen } = await mailing(accepted);
    await authority.resendEmail(request, never);
    expect(last(seen)).toBe("POST /v1/certificates/7/email/3/resend");
    await authority.resendEmail({ ...request, kind: "approver" }, never);
    expect(last(seen)).toBe("POST /v1/certificates/7/email/1/resend");
    await authority.resendEmail({ ...request, mailId: "2" }, never);
    expect(last(seen)).toBe("POST /v1/certificates/7/email/2/resend");
  });

  it("mails another address by a path of its own, in which it is written as an address must be", async () => {
    const { authority, seen } = await mailing(accepted);
    const recipients = [emailAddressSchema.parse("o'neil+ssl/x@else.test")];
    await authority.resendEmail({ ...request, recipients }, never);
    expect(last(seen)).toBe("POST /v1/certificates/7/email/3/resend/o'neil%2Bssl%2Fx%40else.test");
    expect(seen.every((line) => !line.includes("/email/resend"))).toBe(true);
  });

  it("asks nothing for two recipients at once, and nothing more where there is no mail to repeat", async () => {
    const { authority, seen } = await mailing(accepted, [entry(1, "DomainControlEmail")]);
    const two = [...request.recipients, emailAddressSchema.parse("b@example.test")];
    const refused = authority.resendEmail({ ...request, recipients: two }, never);
    await expect(refused).rejects.toMatchObject({ kind: "invalid-input" });
    expect(seen).toEqual([]);
    await expect(authority.resendEmail(request, never)).rejects.toMatchObject({ kind: "state-conflict" });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ["an object", history[2], ["3"]],
    ["a list", history, ["3", "2", "1"]],
    ["a list by name", { history }, ["3", "2", "1"]],
  ])("reads a history that is %s, without what the mails say", async (_, body, ids) => {
    const { authority } = await serve(() => ({ status: 200, body }));
    const mails = (await authority.mailHistory?.(caOrderId, never)) ?? [];
    expect(mails.map(({ mailId }) => mailId)).toEqual(ids);
    expect(JSON.stringify(mails)).not.toContain("SECRET");
  });

  it("takes 409 for a history without mails", async () => {
    const { authority } = await serve(() => ({ status: 409, body: fault("NO_HISTORY") }));
    expect(await authority.mailHistory?.(caOrderId, never)).toEqual([]);
  });

  it("goes nowhere the list's answer points to", async () => {
    const stranger = await serve(() => ({ status: 200, body: { certificates: [] } }));
    const row = { certificateId: "a", status: "ISSUED" };
    const pagination = { total: 2, next: `${new URL("http://127.0.0.1:9").origin}/next` };
    const { authority, seen } = await serve(() => ({
      status: 200,
      body: { certificates: [row], pagination },
    }));
    const { next } = await authority.listOrders({ cursor: null, changedSince: null }, never);
    await authority.listOrders({ cursor: next, changedSince: null }, never);
    expect(seen.every((line) => line.startsWith("GET /v2/customers/customer/certificates?"))).toBe(true);
    expect(stranger.seen).toEqual([]);
  });
});

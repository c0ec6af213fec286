import { once } from "node:events";
import { createServer } from "node:http";
import { type CaResend, caOrderIdSchema, emailAddressSchema } from "@sealpost/domain";
import { describe, expect, it, onTestFinished } from "vitest";
import { startSimulated } from "../../conformance/simulated.test-world.ts";
import { caConformance } from "../../conformance/suite.ts";
import { never, outcomeOf, requestFor } from "../../conformance/world.ts";
import { openCertificateAuthority } from "../../index.ts";

caConformance({
  adapter: "namecheap",
  start: () => startSimulated("namecheap"),
  unsupported: {
    "choose-recipient": "The email goes to the administrator of the order; the commands take a number only.",
    "choose-format": "The commands take a number only.",
    "add-message": "The commands take a number only.",
    "mail-history": "The service keeps no list of mails.",
    "incremental-list": "The list cannot be asked for by what changed.",
  },
  listOnly: { orderedAt: "The details name the days of the certificate, not the day of the order." },
  noRetryAfter: "The service names no time; its limits hold by the minute, the hour and the day.",
});

/** A service of the test's own making. Resolves to an account at it, and to what it was asked. */
async function serve(answer: string | ((form: URLSearchParams) => string), status = 200) {
  const seen: { readonly line: string; readonly form: URLSearchParams }[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const form = new URLSearchParams(Buffer.concat(await incoming.toArray()).toString("utf8"));
    seen.push({ line: `${incoming.method} ${incoming.url}`, form });
    const headers = { "content-type": "application/xml; charset=utf-8" };
    outgoing.writeHead(status, headers).end(typeof answer === "string" ? answer : answer(form));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const open = (about: { readonly path?: string; readonly userName?: string } = {}) => {
    const { path = "/", ...others } = about;
    const settings = { apiUser: "desk", clientIp: "192.0.2.7", ...others };
    const credential = { apiKey: "KEY/1" };
    return openCertificateAuthority({
      adapter: "namecheap",
      baseUrl: `${origin}${path}`,
      settings,
      credential,
    });
  };
  return { seen, open, authority: open() };
}

const caOrderId = caOrderIdSchema.parse("7");
const request: CaResend = {
  caOrderId,
  caCertificateId: "7",
  mailId: null,
  kind: "fulfillment",
  recipients: [emailAddressSchema.parse("a@example.test")],
};
const all = { cursor: null, changedSince: null };

/** An answer as the vendor's older samples have it: without a namespace, and without a declaration. */
const said = (status: string, content: string) =>
  `<ApiResponse Status="${status}">${content}<Server>X</Server></ApiResponse>`;
const ok = (response: string) => said("OK", `<Errors /><CommandResponse>${response}</CommandResponse>`);
const failed = (...errors: readonly (readonly [number: string, words: string])[]) =>
  said(
    "ERROR",
    `<Errors>${errors.map(([n, words]) => `<Error Number="${n}">${words}</Error>`).join("")}</Errors>`,
  );
const info = (attributes: string, details = "") =>
  ok(
    `<SSLGetInfoResult ${attributes}><CertificateDetails>${details}</CertificateDetails></SSLGetInfoResult>`,
  );
const mailed = (isSuccess: string) =>
  ok(`<SSLResendFulfillmentEmailResult ID="7" IsSuccess="${isSuccess}" />`);

describe("namecheap, beyond the common promises", () => {
  it.each([
    ["1010101", "unauthorized", "unauthorized"],
    ["1010102", "unauthorized", "unauthorized"],
    ["1010105", "unauthorized", "unauthorized"],
    ["1011102", "unauthorized", "unauthorized"],
    ["1011105", "unauthorized", "unauthorized"],
    ["1016103", "unauthorized", "unauthorized"],
    ["1019103", "unauthorized", "unauthorized"],
    ["1030408", "unauthorized", "unauthorized"],
    ["1011150", "ip-not-allowed", "ip-not-allowed"],
    ["1017101", "forbidden", "forbidden"],
    ["1017103", "forbidden", "forbidden"],
    ["1017105", "forbidden", "forbidden"],
    ["1017150", "forbidden", "forbidden"],
    ["1017410", "forbidden", "forbidden"],
    ["1017411", "forbidden", "forbidden"],
    ["2011294", "not-found", "not-found"],
    ["2011331", "state-conflict", "state-conflict"],
    ["3011295", "state-conflict", "state-conflict"],
    ["3022334", "state-conflict", "state-conflict"],
    ["1010104", "invalid-input", "invalid-input"],
    ["2010294", "invalid-input", "invalid-input"],
    ["4011103", "state-conflict", "state-conflict"],
    ["1050900", "unavailable", "outcome-unknown"],
    ["3050900", "unavailable", "outcome-unknown"],
    ["5050900", "unavailable", "outcome-unknown"],
    ["3999999", "unavailable", "outcome-unknown"],
    ["500000", "unexpected-response", "outcome-unknown"],
    ["9999999", "unexpected-response", "outcome-unknown"],
    ["", "unexpected-response", "outcome-unknown"],
  ])(
    "meets error %s with %s in a reading and %s in a resend, and hands on its words",
    async (number, ...kinds) => {
      const { authority, seen } = await serve(failed([number, "Words of the CA"]));
      const outcomes = [
        await outcomeOf(authority.getOrder(caOrderId, never)),
        await outcomeOf(authority.resendEmail(request, never)),
      ];
      expect(outcomes).toMatchObject(kinds.map((kind) => ({ kind, caMessage: "Words of the CA" })));
      expect(seen).toHaveLength(2);
    },
  );

  it.each([
    ["an error of the limit", failed(["500000", "Too many requests"]), 200, "rate-limited", "rate-limited"],
    ["the bare 405 of the limit", "", 405, "rate-limited", "rate-limited"],
    ["an error behind a 400", failed(["2011294", "No"]), 400, "not-found", "not-found"],
    ["an error behind a 500", failed(["2011294", "No"]), 500, "unavailable", "outcome-unknown"],
    ["a success behind a 403", mailed("true"), 403, "unexpected-response", "outcome-unknown"],
    ["a page behind a 403", "<html>blocked</html>", 403, "unexpected-response", "outcome-unknown"],
    ["an error without any", said("ERROR", "<Errors />"), 200, "unexpected-response", "outcome-unknown"],
    ["a success of something else", ok("<SSLResult />"), 200, "unexpected-response", "outcome-unknown"],
    [
      "a success with an error",
      said("OK", '<Errors><Error Number="0">No</Error></Errors>'),
      200,
      "unexpected-response",
      "outcome-unknown",
    ],
    [
      "another XML",
      '<?xml version="1.0"?><Reply Status="OK" />',
      200,
      "unexpected-response",
      "outcome-unknown",
    ],
  ])("meets %s with what is provable", async (_, body, status, reading, changing) => {
    const { authority } = await serve(body, status);
    const read = await outcomeOf(authority.getOrder(caOrderId, never));
    const asked = await outcomeOf(authority.resendEmail(request, never));
    expect([read, asked]).toMatchObject([{ kind: reading }, { kind: changing }]);
  });

  it.each([
    ["true", "accepted"],
    ["True", "accepted"],
    ["false", { kind: "state-conflict" }],
    ["", { kind: "outcome-unknown" }],
    ["perhaps", { kind: "outcome-unknown" }],
  ])("takes IsSuccess %j for what it says and no more", async (isSuccess, outcome) => {
    const { authority } = await serve(mailed(isSuccess));
    const asked = await outcomeOf(authority.resendEmail(request, never));
    if (typeof outcome === "string") expect(asked).toBe(outcome);
    else expect(asked).toMatchObject(outcome);
  });

  it("goes by the last of several errors, and shows them all", async () => {
    const { authority } = await serve(failed(["2011294", "First &amp; worst."], ["1017101", "Locked."]));
    await expect(authority.getOrder(caOrderId, never)).rejects.toMatchObject({
      kind: "forbidden",
      caMessage: "First & worst. Locked.",
    });
  });

  it("leaves a mail's fate open where any of several errors does", async () => {
    const { authority } = await serve(failed(["5050900", "Unhandled."], ["2011331", "Status."]));
    const asked = authority.resendEmail(request, never);
    await expect(asked).rejects.toMatchObject({ kind: "outcome-unknown", caMessage: "Unhandled. Status." });
    await expect(authority.getOrder(caOrderId, never)).rejects.toMatchObject({ kind: "state-conflict" });
  });

  it("asks by form, so that neither key nor address stands in any URL", async () => {
    const { seen, open } = await serve(ok("<SSLListResult />"));
    await open().probe(never);
    await open({ path: "/xml.response", userName: "client" }).listOrders(all, never);
    expect(seen.map(({ line }) => line)).toEqual(["POST /xml.response", "POST /xml.response"]);
    const who = { ApiUser: "desk", ApiKey: "KEY/1", ClientIp: "192.0.2.7", Command: "namecheap.ssl.getList" };
    expect(seen.map(({ form }) => Object.fromEntries(form))).toEqual([
      { ...who, UserName: "desk", Page: "1", PageSize: "10" },
      { ...who, UserName: "client", ListType: "ALL", SortBy: "PURCHASEDATE", Page: "1", PageSize: "100" },
    ]);
  });

  it("asks for the certificate only when it is to be handed out, and hands out each as a file", async () => {
    const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----`;
    const wrapped = (name: string) =>
      `<Certificate Type="INTERMEDIATE"><Certificate><![CDATA[${pem(name)}]]></Certificate></Certificate>`;
    const { authority, seen } = await serve(
      info(
        'Status="active"',
        `<Certificates CertificateReturned="true"><Certificate><![CDATA[\n${pem("leaf")}\n]]></Certificate>
        <CaCertificates>${wrapped("one")}${wrapped("two")}</CaCertificates></Certificates>`,
      ),
    );
    await authority.getOrder(caOrderId, never);
    const files = await authority.download?.({ caOrderId, caCertificateId: null }, never);
    expect(files?.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([
      ["certificate-7.crt", pem("leaf")],
      ["ca-certificate-1.crt", pem("one")],
      ["ca-certificate-2.crt", pem("two")],
    ]);
    const asked = seen.map(({ form }) => [form.get("Returncertificate"), form.get("Returntype")]);
    expect(asked).toEqual([
      [null, null],
      ["true", "Individual"],
    ]);
  });

  it("says of an order that has no certificate yet what its status is", async () => {
    const { authority } = await serve(
      info('Status="purchased"', '<Certificates CertificateReturned="false" />'),
    );
    const none = authority.download?.({ caOrderId, caCertificateId: null }, never);
    await expect(none).rejects.toMatchObject({ kind: "state-conflict", caMessage: "purchased" });
  });

  it("asks nothing of a certificate that is not the order's own", async () => {
    const { authority, seen } = await serve(mailed("true"));
    const other = { ...request, caCertificateId: "8" };
    for (const call of [authority.resendEmail(other, never), authority.download?.(other, never)])
      await expect(call).rejects.toMatchObject({ kind: "invalid-input" });
    expect(seen).toEqual([]);
  });

  it("reads on by pages of the size the service gives, where it gives less than was asked for", async () => {
    const rows = Array.from({ length: 25 }, (_, at) => `<SSL CertificateID="${at + 1}" Status="active" />`);
    const { authority } = await serve((form) => {
      const page = Number(form.get("Page"));
      const served = rows.slice((page - 1) * 10, page * 10).join("");
      const paging = "<TotalItems>25</TotalItems><PageSize>10</PageSize>";
      return ok(`<SSLListResult>${served}</SSLListResult><Paging>${paging}</Paging>`);
    });
    const numbers: string[] = [];
    for (let cursor: string | null = null, at = 0; at === 0 || cursor !== null; at++) {
      const page = await authority.listOrders({ cursor, changedSince: null }, never);
      numbers.push(...page.orders.map((order) => order.caOrderId));
      expect(page.total).toBe(25);
      cursor = page.next;
    }
    expect(numbers).toEqual(rows.map((_, at) => String(at + 1)));
  });

  it("says in the CA's words which address is not on its list", async () => {
    await using world = await startSimulated("namecheap");
    const { baseUrl, settings, credential } = world.simulator.account("namecheap");
    const authority = openCertificateAuthority({
      adapter: "namecheap",
      baseUrl,
      settings: { ...settings, clientIp: "198.51.100.4" },
      credential,
    });
    await expect(authority.probe(never)).rejects.toMatchObject({
      kind: "ip-not-allowed",
      caMessage: "Invalid request IP: 198.51.100.4",
    });
  });

  it("mails the certificate to the administrator and the request for consent to the approver", async () => {
    await using world = await startSimulated("namecheap");
    const { control } = world.simulator;
    const people = { approverEmail: "hm@a.test", technicalEmail: "admin@a.test" };
    const place = { ca: "namecheap", commonName: "a.test", ...people };
    const issued = await control.placeOrder(place);
    const pending = await control.placeOrder({ ...place, status: "Pending CA Approval" });
    const idOf = ({ id }: { readonly id: number }) => caOrderIdSchema.parse(String(id));
    await world.authority.resendEmail(await requestFor(world, idOf(issued)), never);
    await world.authority.resendEmail(await requestFor(world, idOf(pending), "approver"), never);
    expect((await world.mails()).map(({ to }) => to)).toEqual([["admin@a.test"], ["hm@a.test"]]);
  });

  it("keeps the CSR out of what it hands on", async () => {
    await using world = await startSimulated("namecheap");
    const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
    const order = await world.authority.getOrder(caOrderId, never);
    expect(order.csrSpkiSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(order)).not.toContain("CERTIFICATE REQUEST");
  });
});

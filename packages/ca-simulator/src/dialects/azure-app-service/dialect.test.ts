import { X509Certificate } from "node:crypto";
import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../index.ts";
import { eachIn, objectIn, startForTest } from "../../test-ca.ts";

const accountOf = (simulator: Simulator) => simulator.account("azure-app-service");

/** Asks for a token with the account's own form, changed by what is named. */
async function signIn(simulator: Simulator, about: Readonly<Record<string, string>> = {}): Promise<Response> {
  const { baseUrl, settings, credential } = accountOf(simulator);
  const { tenant = settings.tenantId, ...changed } = about;
  const form = {
    grant_type: "client_credentials",
    client_id: settings.clientId ?? "",
    client_secret: credential.clientSecret ?? "",
    scope: "https://management.azure.com/.default",
    ...changed,
  };
  const url = new URL(`${tenant}/oauth2/v2.0/token`, baseUrl);
  return await fetch(url, { method: "POST", body: new URLSearchParams(form) });
}

async function tokenOf(simulator: Simulator): Promise<string> {
  return String((await objectIn(await signIn(simulator))).access_token);
}

const provider = "providers/Microsoft.CertificateRegistration/certificateOrders";
const version = "?api-version=2022-03-01";

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly query?: string;
}

/** Calls Azure Resource Manager; `path` is taken from the subscription. */
async function call(simulator: Simulator, path: string, asked: Asked = {}): Promise<Response> {
  const { baseUrl, settings } = accountOf(simulator);
  const { method = "GET", body, query = version, token = await tokenOf(simulator) } = asked;
  return await fetch(new URL(`subscriptions/${settings.subscriptionId}/${path}${query}`, baseUrl), {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const place = async (simulator: Simulator, commonName: string, about: object = {}) =>
  await simulator.control.placeOrder({ ca: "azure-app-service", commonName, ...about });
const pathOf = ({ id }: { readonly id: number }) => `resourceGroups/Web-Certificates/${provider}/cert${id}`;
const pending = { status: "Pending CA Approval" } as const;
const coded = (code: string) => ({ error: { code, message: expect.stringMatching(/\w/) } });
const namesIn = (value: unknown) => (Array.isArray(value) ? value.map(({ name }) => name) : []);

describe("Azure's protocol", () => {
  it("gives a token for the account's own secret, and says in the sign-in's words what is wrong", async () => {
    const simulator = await startForTest();
    const given = await signIn(simulator);
    expect([given.status, await given.json()]).toEqual([
      200,
      expect.objectContaining({ token_type: "Bearer", expires_in: 3599, access_token: expect.any(String) }),
    ]);
    for (const [about, status, error] of [
      [{ tenant: "nobody" }, 400, "invalid_request"],
      [{ client_id: "nobody" }, 400, "unauthorized_client"],
      [{ client_secret: "wrong" }, 401, "invalid_client"],
      [{ grant_type: "password" }, 400, "unsupported_grant_type"],
      [{ scope: "" }, 400, "invalid_scope"],
    ] as const) {
      const refused = await signIn(simulator, about);
      const said = { error, error_description: expect.stringMatching(/^AADSTS\d+: /) };
      expect([refused.status, await refused.json()]).toEqual([status, said]);
    }
  });

  it("lets in nobody without a token, or with one that has ended", async () => {
    let now = new Date("2026-11-23T10:00:00Z");
    const simulator = await startForTest({ now: () => now });
    const token = await tokenOf(simulator);
    expect((await call(simulator, provider, { token })).status).toBe(200);
    now = new Date("2026-11-23T10:59:59Z");
    const ended = await call(simulator, provider, { token });
    expect([ended.status, await ended.json()]).toMatchObject([401, coded("ExpiredAuthenticationToken")]);
    const unknown = await call(simulator, provider, { token: "wrong" });
    expect([unknown.status, await unknown.json()]).toMatchObject([401, coded("InvalidAuthenticationToken")]);
  });

  it("answers nothing without api-version, nor what it does not have", async () => {
    const simulator = await startForTest();
    const other = await simulator.control.placeOrder({ commonName: "b.test" });
    const { baseUrl } = accountOf(simulator);
    const token = await tokenOf(simulator);
    const elsewhere = await fetch(new URL(`subscriptions/other/${provider}${version}`, baseUrl), {
      headers: { authorization: `Bearer ${token}` },
    });
    for (const [answer, status, code] of [
      [await call(simulator, provider, { query: "" }), 400, "MissingApiVersionParameter"],
      [await call(simulator, provider, { query: "?api-version=" }), 400, "MissingApiVersionParameter"],
      [await call(simulator, pathOf(other)), 404, "ResourceNotFound"],
      [await call(simulator, `resourceGroups/Other/${provider}/cert1`), 404, "ResourceNotFound"],
      [await call(simulator, "providers/Microsoft.Web/sites"), 404, "InvalidResourceType"],
      [elsewhere, 404, "SubscriptionNotFound"],
    ] as const)
      expect([answer.status, await answer.json()]).toMatchObject([status, coded(code)]);
  });

  it("lists by pages whose links lead on, also past orders that come meanwhile", async () => {
    const simulator = await startForTest();
    await simulator.control.setLargestPage(2);
    const placed = [];
    for (const name of ["a.test", "b.test", "c.test"]) placed.push(await place(simulator, name));
    const first = await objectIn(await call(simulator, provider));
    placed.push(await place(simulator, "d.test"));
    expect(first.nextLink).toContain(`${provider}?api-version=2022-03-01&%24skipToken=`);
    const headers = { authorization: `Bearer ${await tokenOf(simulator)}` };
    const second = await objectIn(await fetch(String(first.nextLink), { headers }));
    expect([...namesIn(first.value), ...namesIn(second.value)]).toEqual(placed.map(({ id }) => `cert${id}`));
    expect(second.nextLink).toBeNull();
  });

  it("tells of an order what the service tells, with its certificates, and of a pending one none", async () => {
    const simulator = await startForTest({ now: () => new Date("2026-11-23T10:00:00Z") });
    const order = await place(simulator, "*.a.test", { approverEmail: "ana@a.test" });
    const waiting = await place(simulator, "b.test", pending);
    const lower = pathOf(order).toLowerCase();
    const told = await objectIn(await call(simulator, lower));
    expect(told).toMatchObject({
      id: expect.stringContaining("/resourceGroups/web-certificates/"),
      name: `cert${order.id}`,
      location: "Global",
      properties: {
        distinguishedName: "CN=*.a.test",
        productType: "StandardDomainValidatedSsl",
        status: "Issued",
        csr: expect.stringContaining("BEGIN CERTIFICATE REQUEST"),
        contact: { email: "ana@a.test" },
        signedCertificate: {
          notBefore: "2026-11-23T10:00:00+00:00",
          notAfter: "2027-06-09T10:00:00+00:00",
          rawData: new X509Certificate(order.certificatePem ?? "").raw.toString("base64"),
        },
        intermediate: { rawData: expect.stringMatching(/^MII/) },
        root: { rawData: expect.stringMatching(/^MII/) },
      },
    });
    const none = await objectIn(await call(simulator, pathOf(waiting)));
    expect(none).toMatchObject({ properties: { status: "Pendingissuance" } });
    expect(none.properties).not.toHaveProperty("signedCertificate");
    await simulator.control.cancelOrder(waiting.id);
    const gone = await objectIn(await call(simulator, pathOf(waiting)));
    expect(gone).toMatchObject({ properties: { status: "Canceled" } });
  });

  it("mails a link and no certificate to the contact, answers with nothing, and remembers when", async () => {
    const simulator = await startForTest({ now: () => new Date("2026-11-23T10:00:00Z") });
    const order = await place(simulator, "*.shop.example.test", { approverEmail: "ana@a.test" });
    const post = async (action: string) =>
      await call(simulator, `${pathOf(order)}/${action}`, { method: "POST" });
    const history = async () => await eachIn(await post("retrieveEmailHistory"), "properties");
    expect(await history()).toMatchObject([{ timeStamp: "2026-11-23T10:00:00+00:00" }]);
    const sent = await post("resendEmail");
    expect([sent.status, await sent.text()]).toEqual([204, ""]);
    const mails = await simulator.control.mails();
    expect(mails.map(({ to }) => to)).toEqual([["ana@a.test"]]);
    const mail = await PostalMime.parse(await simulator.control.rawMail(mails[0]?.mailId ?? ""));
    expect(mail.text).toMatch(/^https:\/\/certificates\.ca\.sandbox\.test\/\S+$/m);
    expect(mail.text).not.toContain("-----BEGIN");
    expect(mail.attachments).toEqual([]);
    expect(await history()).toMatchObject([{ emailId: `${order.id}-1` }, { emailId: `${order.id}-2` }]);
  });

  it("sends each kind of mail only while it makes sense, the request for consent to the address named", async () => {
    const simulator = await startForTest();
    const issued = await place(simulator, "a.test");
    const waiting = await place(simulator, "b.test", pending);
    const ask = async (order: { readonly id: number }, action: string, body?: unknown) =>
      await call(simulator, `${pathOf(order)}/${action}`, { method: "POST", body });
    const named = { name: "admin@b.test" };
    expect((await ask(waiting, "resendRequestEmails", named)).status).toBe(204);
    expect((await simulator.control.mails()).map(({ to }) => to)).toEqual([["admin@b.test"]]);
    for (const [answer, status, code] of [
      [await ask(waiting, "resendEmail"), 409, "Conflict"],
      [await ask(issued, "resendRequestEmails", named), 409, "Conflict"],
      [await ask(waiting, "resendRequestEmails"), 400, "BadRequest"],
      [await ask(waiting, "resendRequestEmails", { name: "nobody" }), 400, "BadRequest"],
      [await ask(issued, "renew"), 404, "InvalidResourceType"],
    ] as const)
      expect([answer.status, await answer.json()]).toMatchObject([status, coded(code)]);
    expect(await simulator.control.mails()).toHaveLength(1);
  });

  it("plays the faults in its own words, of orders and not of signing in", async () => {
    const simulator = await startForTest();
    const order = await place(simulator, "a.test");
    for (const [fault, status, code] of [
      ["refuse", 409, "Conflict"],
      ["rate-limit", 429, "TooManyRequests"],
      ["error-in-200", 200, "InternalServerError"],
      ["unauthorized", 401, "InvalidAuthenticationToken"],
      ["forbidden", 403, "AuthorizationFailed"],
      ["not-found", 404, "ResourceNotFound"],
    ] as const) {
      for (const scope of ["read", "resend"] as const) await simulator.control.setFault(scope, "all", fault);
      for (const answer of [
        await call(simulator, pathOf(order)),
        await call(simulator, `${pathOf(order)}/resendEmail`, { method: "POST" }),
      ]) {
        expect([answer.status, await answer.json()]).toMatchObject([status, coded(code)]);
        expect(answer.headers.get("retry-after")).toBe(status === 429 ? "17" : null);
      }
    }
    expect(await simulator.control.mails()).toEqual([]);
  });

  it("answers slowly when told to, a mail with 204 all the same", async () => {
    const simulator = await startForTest();
    const order = await place(simulator, "a.test");
    for (const scope of ["read", "resend"] as const) await simulator.control.setFault(scope, "all", "slow");
    const [read, sent] = await Promise.all([
      call(simulator, pathOf(order)),
      call(simulator, `${pathOf(order)}/resendEmail`, { method: "POST" }),
    ]);
    expect([read.status, (await objectIn(read)).name, sent.status]).toEqual([200, `cert${order.id}`, 204]);
  });
});

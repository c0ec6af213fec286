import { describe, expect, it } from "vitest";
import { startSimulated } from "../../conformance/simulated.test-world.ts";
import { everything, never, outcomeOf } from "../../conformance/world.ts";
import { openCertificateAuthority } from "../../index.ts";
import { caOrderId, fault, orderOf, request, serve, token } from "./service.test-world.ts";
import { tokenUrl } from "./token.ts";

describe("signing in at Microsoft", () => {
  it.each([
    [400, { error: "invalid_request", error_description: "AADSTS90002: No tenant" }, "unauthorized"],
    [400, { error: "unauthorized_client", error_description: "AADSTS700016: No app" }, "unauthorized"],
    [401, { error: "invalid_client", error_description: "AADSTS7000222: Secret expired" }, "unauthorized"],
    [401, "no", "unauthorized"],
    [400, { error: "temporarily_unavailable" }, "unavailable"],
    [429, { error: "throttled" }, "rate-limited"],
    [500, "", "unavailable"],
    [200, "<html>Please sign in</html>", "unavailable"],
    [200, { access_token: "two words" }, "unavailable"],
    [200, { access_token: `${token}\n`, expires_in: 3599 }, "unavailable"],
    [200, {}, "unavailable"],
    [302, "", "unavailable"],
    [404, "<html>nothing here</html>", "unavailable"],
  ] as const)("calls a mail provably unasked when signing in met %i %j", async (status, body, kind) => {
    const { authority, seen } = await serve(
      () => ({ status: 204, body: "" }),
      () => ({ status, body }),
    );
    const asked = await outcomeOf(authority.resendEmail(request, never));
    expect(asked).toMatchObject({ kind });
    expect(everything(asked)).not.toContain(token);
    expect(seen).toEqual([]);
  });

  it("signs in once for several calls, by form, and sends the token to the service alone", async () => {
    const { authority, seen, signIns } = await serve(() => ({ status: 200, body: orderOf("name") }));
    await authority.getOrder(caOrderId, never);
    await authority.getOrder(caOrderId, never);
    expect(signIns.map(({ line, body }) => [line, Object.fromEntries(new URLSearchParams(body))])).toEqual([
      [
        "POST /t/oauth2/v2.0/token",
        {
          grant_type: "client_credentials",
          client_id: "c",
          client_secret: "SECRET~1",
          scope: "https://management.azure.com/.default",
        },
      ],
    ]);
    expect(signIns[0]?.headers).not.toHaveProperty("authorization");
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${token}`, `Bearer ${token}`]);
  });

  it.each([60, "60", undefined, "soon"])(
    "signs in anew where a token is to end in %j s",
    async (expires_in) => {
      const short = { status: 200, body: { access_token: token, expires_in } };
      const { authority, signIns } = await serve(
        () => ({ status: 200, body: orderOf("name") }),
        () => short,
      );
      await authority.getOrder(caOrderId, never);
      await authority.getOrder(caOrderId, never);
      expect(signIns).toHaveLength(2);
    },
  );

  it("says unauthorized once of a token that is turned away, and signs in anew only for the next call", async () => {
    const answers = [{ status: 401, body: fault("ExpiredAuthenticationToken") }];
    const { authority, seen, signIns } = await serve(
      () => answers.pop() ?? { status: 200, body: orderOf("name") },
    );
    await expect(authority.getOrder(caOrderId, never)).rejects.toMatchObject({ kind: "unauthorized" });
    expect([signIns.length, seen.length]).toEqual([1, 1]);
    await authority.getOrder(caOrderId, never);
    expect([signIns.length, seen.length]).toEqual([2, 2]);
  });

  it("gives the secret to Microsoft for Azure's own address, else to the address of the account alone", () => {
    const home = "https://login.microsoftonline.com/t%2Fx/oauth2/v2.0/token";
    expect(tokenUrl("https://management.azure.com", "t/x").href).toBe(home);
    expect(tokenUrl("https://westeurope.management.azure.com/", "t/x").href).toBe(home);
    for (const other of ["https://evilmanagement.azure.com", "https://management.azure.com.evil.test"])
      expect(tokenUrl(other, "t").href).toBe(`${other}/t/oauth2/v2.0/token`);
    expect(tokenUrl("http://127.0.0.1:9/azure/", "t").href).toBe(
      "http://127.0.0.1:9/azure/t/oauth2/v2.0/token",
    );
  });

  it("shows neither secret nor token, should the service repeat them", async () => {
    const words = `secret SECRET~1 and token ${token}`;
    const { authority } = await serve(() => ({ status: 409, body: fault("Conflict", words) }));
    const asked = await outcomeOf(authority.resendEmail(request, never));
    expect(asked).toMatchObject({ caMessage: "secret [redacted] and token [redacted]" });
  });

  it.each(["tenantId", "clientId", "subscriptionId"])("says unauthorized of another %s", async (field) => {
    await using world = await startSimulated("azure-app-service");
    const { baseUrl, settings, credential } = world.simulator.account("azure-app-service");
    const authority = openCertificateAuthority({
      adapter: "azure-app-service",
      baseUrl,
      settings: { ...settings, [field]: "00000000-0000-0000-0000-000000000000" },
      credential,
    });
    await expect(authority.probe(never)).rejects.toMatchObject({
      kind: "unauthorized",
      caMessage: expect.stringMatching(/\w/),
    });
  });
});

import { expect, it } from "vitest";
import { startProvider } from "./index.ts";

it("is the issuer it says it is, and begins no sign-in without a code challenge", async () => {
  const redirectUri = "http://localhost:3000/callback";
  await using provider = await startProvider({ clientId: "client", clientSecret: "secret", redirectUri });
  const found: unknown = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
  expect(found).toMatchObject({
    issuer: provider.issuer,
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
  });
  const asked = new URLSearchParams({
    client_id: "client",
    response_type: "code",
    scope: "openid",
    redirect_uri: redirectUri,
  });
  const answer = await fetch(`${provider.issuer}/auth?${asked}`, { redirect: "manual" });
  expect(answer.headers.get("location")).toContain("error=invalid_request");
});

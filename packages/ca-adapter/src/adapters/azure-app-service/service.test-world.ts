import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type CaResend, caOrderIdSchema, emailAddressSchema } from "@sealpost/domain";
import { onTestFinished } from "vitest";
import { openCertificateAuthority } from "../../index.ts";

export interface Served {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Seen {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const token = "eyJ0b2tlbg.part-two_3";
export const given: Served = { status: 200, body: { access_token: token, expires_in: 3599 } };

/** A service of the test's own making. Resolves to an account at it, and to what it was asked, tokens apart. */
export async function serve(answer: (line: string) => Served, sayToken: () => Served = () => given) {
  const seen: Seen[] = [];
  const signIns: Seen[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const body = Buffer.concat(await incoming.toArray()).toString("utf8");
    const line = `${incoming.method} ${decodeURIComponent(incoming.url ?? "")}`;
    const isSignIn = line.includes("/oauth2/");
    (isSignIn ? signIns : seen).push({ line, headers: incoming.headers, body });
    const served = isSignIn ? sayToken() : answer(line);
    const text = typeof served.body === "string" ? served.body : JSON.stringify(served.body);
    outgoing.writeHead(served.status, { "content-type": "application/json", ...served.headers }).end(text);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const authority = openCertificateAuthority({
    adapter: "azure-app-service",
    baseUrl: origin,
    settings: { tenantId: "t", subscriptionId: "s", clientId: "c" },
    credential: { clientSecret: "SECRET~1" },
  });
  return { seen, signIns, origin, authority };
}

export const provider = "providers/Microsoft.CertificateRegistration/certificateOrders";
export const caOrderId = caOrderIdSchema.parse("group/name");
export const orderPath = `/subscriptions/s/resourceGroups/group/${provider}/name`;
export const version = "api-version=2022-03-01";
export const request: CaResend = {
  caOrderId,
  caCertificateId: null,
  mailId: null,
  kind: "fulfillment",
  recipients: [emailAddressSchema.parse("a@example.test")],
};
export const all = { cursor: null, changedSince: null };
export const fault = (code: string, message = "Words") => ({ error: { code, message } });
export const orderOf = (name: string, properties: object = {}) => ({
  id: `/subscriptions/s/resourceGroups/group/${provider}/${name}`,
  properties: { status: "Issued", ...properties },
});

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type CaResend, caOrderIdSchema, emailAddressSchema } from "@sealpost/domain";
import { onTestFinished } from "vitest";
import { openCertificateAuthority } from "../../index.ts";

export interface Served {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Seen {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
}

/** A service of the test's own making. Resolves to an account at it, and to what it was asked. */
export async function serve(answer: (line: string) => Served) {
  const seen: Seen[] = [];
  const server = createServer(async (incoming, outgoing) => {
    await incoming.toArray();
    const line = `${incoming.method} ${incoming.url}`;
    seen.push({ line, headers: incoming.headers });
    const { status, body, headers } = answer(line);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    outgoing.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const authority = openCertificateAuthority({
    adapter: "godaddy",
    baseUrl: origin,
    settings: { customerId: "c-1" },
    credential: { apiKey: "KEY", apiSecret: "SECRET" },
  });
  return { origin, seen, authority, lines: () => seen.map(({ line }) => line) };
}

export const caOrderId = caOrderIdSchema.parse("f-7");
export const own = emailAddressSchema.parse("it@example.test");
export const request: CaResend = {
  caOrderId,
  caCertificateId: null,
  mailId: "5",
  kind: "fulfillment",
  recipients: [own],
};
export const all = { cursor: null, changedSince: null };
export const fault = (code: string, more: object = {}) => ({ code, message: "Words", ...more });
export const mail = (id: number, templateType: string, recipients: string, day: number) => ({
  id,
  accountId: 1,
  templateType,
  fromType: "noreply@example.test",
  recipients,
  body: "Confidential",
  dateEntered: `2026-11-0${day}T10:00:00Z`,
  subject: "Words",
});
export const history = [
  mail(3, "DomainControlValidation", "hm@example.test", 1),
  mail(5, "CertificateIssued", "it@example.test", 2),
  mail(8, "CertificateIssued", "it@example.test", 4),
  mail(9, "Renewal", "it@example.test", 5),
];
/** Answers the history, and accepts every mail. */
export const repeating = (line: string): Served =>
  line.startsWith("GET") ? { status: 200, body: history } : { status: 204 };
export const emailPath = "/v1/certificates/f-7/email";

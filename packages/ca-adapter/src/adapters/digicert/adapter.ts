import {
  type CaDownload,
  CaError,
  type CaListRequest,
  type CancelSignal,
  type CaOrder,
  type CaOrderId,
  type CaOrderPage,
  type CaResend,
  type CertificateAuthority,
  type MailFormat,
  type MaterialInput,
  type ResendReceipt,
} from "@sealpost/domain";
import type { CaAdapter, OpenOptions } from "../../ca-adapter.ts";
import { createRateLimiter } from "../../rate-limiter.ts";
import {
  changeDigicert,
  type DigicertClient,
  downloadDigicert,
  readDigicert,
  usualTimeoutMs,
  usualWaitMs,
} from "./client.ts";
import { listOrders } from "./list.ts";
import { digicertManifest } from "./manifest.ts";
import { mapInfo, mapUser } from "./map.ts";
import { type WireCertificate, type WireInfo, wireCertificates, wireInfo, wireUser } from "./wire.ts";

const formats = {
  attachment: "attachment",
  plaintext: "plaintext",
  link: "downloadlink",
} as const satisfies Record<MailFormat, string>;

/** DigiCert CertCentral (Services API v2). */
export const digicert: CaAdapter = { manifest: digicertManifest, open };

function open(options: OpenOptions): CertificateAuthority {
  const { apiKey } = options.credential;
  if (!apiKey) throw new CaError("unauthorized");
  const client: DigicertClient = {
    baseUrl: options.baseUrl,
    apiKey,
    timeoutMs: options.callTimeoutMs ?? usualTimeoutMs,
    pin: options.pin ?? null,
    limiter: options.limiter ?? createRateLimiter(digicertManifest.rateLimits),
  };
  return {
    capabilities: new Set(digicertManifest.capabilities),
    // An order, its reissues and its duplicates.
    timeoutMs: 3 * (client.timeoutMs + usualWaitMs),
    probe: async (signal) => mapUser(await readDigicert(client, { path: "user/me", signal }, wireUser)),
    getOrder: (id, signal) => getOrder(client, id, signal),
    listOrders: (request: CaListRequest, signal): Promise<CaOrderPage> =>
      listOrders(client, (id) => getOrder(client, id, signal), request, signal),
    resendEmail: (resend, signal) => resendEmail(client, resend, signal),
    download: (wanted, signal) => download(client, wanted, signal),
  };
}

function orderPath(id: CaOrderId): string {
  return `order/certificate/${encodeURIComponent(id)}`;
}

async function getOrder(client: DigicertClient, id: CaOrderId, signal: CancelSignal): Promise<CaOrder> {
  const wire = await readDigicert(client, { path: orderPath(id), signal }, wireInfo);
  return mapInfo(wire, await otherCertificates(client, id, wire, signal));
}

/** Reissues and duplicates have lists of their own, asked for only where the order says that there are any. */
async function otherCertificates(
  client: DigicertClient,
  id: CaOrderId,
  wire: WireInfo,
  signal: CancelSignal,
): Promise<readonly WireCertificate[]> {
  const isReissued = wire.requests?.some(({ type }) => type?.includes("reissue")) ?? false;
  const lists = [...(isReissued ? ["reissue"] : []), ...(wire.has_duplicates ? ["duplicate"] : [])];
  const found: WireCertificate[] = [];
  for (const list of lists) {
    const call = { path: `${orderPath(id)}/${list}`, signal };
    found.push(...(await readDigicert(client, call, wireCertificates)).certificates);
  }
  return found;
}

async function resendEmail(
  client: DigicertClient,
  resend: CaResend,
  signal: CancelSignal,
): Promise<ResendReceipt> {
  if (resend.mailId !== null) throw new CaError("invalid-input");
  await (resend.kind === "approver" ? resendApprover : resendFulfillment)(client, resend, signal);
  return { caMessage: null };
}

/** "Resend order DCV emails": goes to the addresses the order has. Others are set by domain, which nobody names here. */
async function resendApprover(client: DigicertClient, resend: CaResend, signal: CancelSignal): Promise<void> {
  if (resend.format !== undefined || resend.message !== undefined) throw new CaError("invalid-input");
  await changeDigicert(client, { path: `${orderPath(resend.caOrderId)}/resend-emails`, signal });
}

/** "Email certificate": to exactly these addresses. */
async function resendFulfillment(
  client: DigicertClient,
  resend: CaResend,
  signal: CancelSignal,
): Promise<void> {
  if (resend.recipients.length === 0) throw new CaError("invalid-input");
  const id = await certificateIdOf(client, resend, signal).catch(nothingLeft);
  const body = {
    emails: resend.recipients,
    certificate_collect_format: formats[resend.format ?? "attachment"],
    ...(resend.message === undefined ? {} : { custom_message: resend.message }),
  };
  await changeDigicert(client, { path: `certificate/${id}/sendemail`, body, signal });
}

/** Mails and files go by the certificate's number, not the order's. */
async function certificateIdOf(
  client: DigicertClient,
  { caOrderId, caCertificateId }: CaDownload,
  signal: CancelSignal,
): Promise<string> {
  if (caCertificateId !== null) return encodeURIComponent(caCertificateId);
  const order = await getOrder(client, caOrderId, signal);
  const [inForce] = order.issuances;
  if (!inForce) throw new CaError("state-conflict", { caMessage: order.vendorStatus });
  return encodeURIComponent(inForce.caCertificateId);
}

/** A reading before the mail was asked for: whatever it met, nothing has left that could be unknown. */
function nothingLeft(error: unknown): never {
  if (!(error instanceof CaError) || error.kind !== "unexpected-response") throw error;
  throw new CaError("unavailable", {
    cause: error,
    ...(error.caMessage ? { caMessage: error.caMessage } : {}),
  });
}

/** "Download certificate by format": leaf and intermediate in one PEM file. */
async function download(
  client: DigicertClient,
  wanted: CaDownload,
  signal: CancelSignal,
): Promise<readonly MaterialInput[]> {
  const id = await certificateIdOf(client, wanted, signal);
  const text = await downloadDigicert(client, {
    path: `certificate/${id}/download/format/pem_noroot`,
    signal,
  });
  return [{ name: `certificate-${id}.pem`, bytes: Buffer.from(text, "utf8") }];
}

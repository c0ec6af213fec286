import { X509Certificate } from "node:crypto";
import {
  type CaDownload,
  CaError,
  type CaListRequest,
  type CaMail,
  type CancelSignal,
  type CaOrder,
  type CaOrderId,
  type CaOrderPage,
  type CaProbe,
  type CaResend,
  type CertificateAuthority,
  type MaterialInput,
  type ResendReceipt,
} from "@sealpost/domain";
import type { CaAdapter, OpenOptions } from "../../ca-adapter.ts";
import { createRateLimiter } from "../../rate-limiter.ts";
import {
  type AzureClient,
  addressOf,
  changeAzure,
  readAzure,
  usualTimeoutMs,
  usualWaitMs,
} from "./client.ts";
import { azureAppServiceManifest } from "./manifest.ts";
import { certificateIdOf, mapMails, mapOrder, mapRow } from "./map.ts";
import { cursorOf, pageAt } from "./paging.ts";
import { keepToken } from "./token.ts";
import { wireFiles, wireList, wireMails, wireOrder } from "./wire.ts";

const orders = ["providers", "Microsoft.CertificateRegistration", "certificateOrders"] as const;

/** Azure App Service certificate orders (Microsoft.CertificateRegistration). */
export const azureAppService: CaAdapter = { manifest: azureAppServiceManifest, open };

function open(options: OpenOptions): CertificateAuthority {
  const { tenantId, subscriptionId, clientId } = options.settings;
  const { clientSecret } = options.credential;
  if (!tenantId || !subscriptionId || !clientId || !clientSecret) throw new CaError("unauthorized");
  const { baseUrl, callTimeoutMs: timeoutMs = usualTimeoutMs, pin = null } = options;
  const client: AzureClient = {
    baseUrl,
    subscriptionId,
    clientSecret,
    tokens: keepToken({ baseUrl, tenantId, clientId, clientSecret, timeoutMs, pin }),
    timeoutMs,
    pin,
    limiter: options.limiter ?? createRateLimiter(azureAppServiceManifest.rateLimits),
  };
  return {
    capabilities: new Set(azureAppServiceManifest.capabilities),
    // A token, and the call.
    timeoutMs: 2 * timeoutMs + usualWaitMs,
    probe: (signal) => probe(client, signal),
    getOrder: (id, signal) => getOrder(client, id, signal),
    listOrders: (request, signal) => listOrders(client, request, signal),
    resendEmail: (resend, signal) => resendEmail(client, resend, signal),
    download: (wanted, signal) => download(client, wanted, signal),
    mailHistory: (id, signal) => mailHistory(client, id, signal),
  };
}

/** The list's first page: there is nothing smaller that shows whether the role reaches the orders. */
async function probe(client: AzureClient, signal: CancelSignal): Promise<CaProbe> {
  await readAzure(client, { method: "GET", url: addressOf(client, ...orders), signal }, wireList);
  return { accountName: null, isReadOnly: null };
}

async function listOrders(
  client: AzureClient,
  { cursor }: CaListRequest,
  signal: CancelSignal,
): Promise<CaOrderPage> {
  const list = addressOf(client, ...orders);
  const call = { method: "GET", url: pageAt(list, cursor), signal } as const;
  const { value, nextLink } = await readAzure(client, call, wireList);
  return { orders: value.map(mapRow), next: cursorOf(nextLink, list, cursor), total: null };
}

/** Of an id that is not `group/name` there is no order. */
function orderUrl(client: AzureClient, id: CaOrderId, ...action: readonly string[]): URL {
  const [group, name, ...rest] = id.split("/");
  if (!group || !name || rest.length > 0) throw new CaError("not-found");
  return addressOf(client, "resourceGroups", group, ...orders, name, ...action);
}

/** Without the certificates, which nobody asked to see. */
async function getOrder(client: AzureClient, id: CaOrderId, signal: CancelSignal): Promise<CaOrder> {
  return mapOrder(await readAzure(client, { method: "GET", url: orderUrl(client, id), signal }, wireOrder));
}

async function resendEmail(
  client: AzureClient,
  resend: CaResend,
  signal: CancelSignal,
): Promise<ResendReceipt> {
  if (resend.format !== undefined || resend.message !== undefined || resend.mailId !== null)
    throw new CaError("invalid-input");
  await (resend.kind === "approver" ? resendApprover : resendFulfillment)(client, resend, signal);
  return { caMessage: null };
}

/** "Resend certificate email": to the contact of the order; `recipients` is what the caller has compared with it. */
async function resendFulfillment(
  client: AzureClient,
  { caOrderId }: CaResend,
  signal: CancelSignal,
): Promise<void> {
  const url = orderUrl(client, caOrderId, "resendEmail");
  await changeAzure(client, { method: "POST", url, signal });
}

/** "Resend domain verification ownership email": to one address, which the description calls its name. */
async function resendApprover(
  client: AzureClient,
  { caOrderId, recipients }: CaResend,
  signal: CancelSignal,
): Promise<void> {
  const [name, ...others] = recipients;
  if (name === undefined || others.length > 0) throw new CaError("invalid-input");
  const url = orderUrl(client, caOrderId, "resendRequestEmails");
  await changeAzure(client, { method: "POST", url, body: { name }, signal });
}

async function mailHistory(
  client: AzureClient,
  id: CaOrderId,
  signal: CancelSignal,
): Promise<readonly CaMail[]> {
  const url = orderUrl(client, id, "retrieveEmailHistory");
  return mapMails(await readAzure(client, { method: "POST", url, signal }, wireMails));
}

/** The certificate in force stands in the order itself; those before it are not kept there. */
async function download(
  client: AzureClient,
  { caOrderId, caCertificateId }: CaDownload,
  signal: CancelSignal,
): Promise<readonly MaterialInput[]> {
  const call = { method: "GET", url: orderUrl(client, caOrderId), signal } as const;
  const { properties } = await readAzure(client, call, wireFiles);
  const { status, signedCertificate, intermediate } = properties;
  if (!signedCertificate?.rawData) throw new CaError("state-conflict", { caMessage: status });
  if (caCertificateId !== null && caCertificateId !== certificateIdOf(signedCertificate))
    throw new CaError("not-found");
  const leaf = { name: "certificate.crt", bytes: pemBytes(signedCertificate.rawData) };
  if (!intermediate?.rawData) return [leaf];
  return [leaf, { name: "intermediate.crt", bytes: pemBytes(intermediate.rawData) }];
}

/** The description calls it raw: base64 of DER, where PEM would do as well. */
function pemBytes(rawData: string): Uint8Array {
  const isPem = rawData.includes("-----BEGIN CERTIFICATE-----");
  try {
    const certificate = new X509Certificate(isPem ? rawData : Buffer.from(rawData, "base64"));
    return Buffer.from(certificate.toString(), "utf8");
  } catch {
    // Without the cause, which could repeat what was read.
    throw new CaError("unexpected-response");
  }
}

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
  sameAddresses,
} from "@sealpost/domain";
import type { CaAdapter, OpenOptions } from "../../ca-adapter.ts";
import { createRateLimiter } from "../../rate-limiter.ts";
import { changeGodaddy, type GodaddyClient, readGodaddy, usualTimeoutMs, usualWaitMs } from "./client.ts";
import { godaddyManifest } from "./manifest.ts";
import { mapDetail, mapHistory, mapRow, mapStatus, newestOf } from "./map.ts";
import { offsetOf, pageSize, readCursor, stepOn, top, writeCursor } from "./paging.ts";
import { wireDetail, wireDownload, wireHistory, wireList } from "./wire.ts";

/** GoDaddy's Certificates API: orders in version 2, which has the request; mails and files in version 1, which alone has them. */
export const godaddy: CaAdapter = { manifest: godaddyManifest, open };

function open(options: OpenOptions): CertificateAuthority {
  const { customerId } = options.settings;
  const { apiKey, apiSecret } = options.credential;
  if (!customerId || !apiKey || !apiSecret) throw new CaError("unauthorized");
  const client: GodaddyClient = {
    baseUrl: options.baseUrl,
    customerId,
    apiKey,
    apiSecret,
    timeoutMs: options.callTimeoutMs ?? usualTimeoutMs,
    pin: options.pin ?? null,
    limiter: options.limiter ?? createRateLimiter(godaddyManifest.rateLimits),
  };
  return {
    capabilities: new Set(godaddyManifest.capabilities),
    // An order and its history, or the history and a mail.
    timeoutMs: 2 * (client.timeoutMs + usualWaitMs),
    probe: (signal) => probe(client, signal),
    getOrder: (id, signal) => getOrder(client, id, signal),
    listOrders: (request, signal) => listOrders(client, request, signal),
    resendEmail: (resend, signal) => resendEmail(client, resend, signal),
    download: (wanted, signal) => download(client, wanted, signal),
    mailHistory: (id, signal) => mailHistory(client, id, signal),
  };
}

function listPath({ customerId }: GodaddyClient): string {
  return `v2/customers/${encodeURIComponent(customerId)}/certificates`;
}

/** Where mails and files of a certificate are. */
function certificatePath(id: CaOrderId): string {
  return `v1/certificates/${encodeURIComponent(id)}`;
}

/** The shortest list there is: it also proves that the key may see this customer. */
async function probe(client: GodaddyClient, signal: CancelSignal): Promise<CaProbe> {
  await readGodaddy(client, { path: listPath(client), query: { offset: "0", limit: "1" }, signal }, wireList);
  return { accountName: null, isReadOnly: null };
}

async function listOrders(
  client: GodaddyClient,
  { cursor }: CaListRequest,
  signal: CancelSignal,
): Promise<CaOrderPage> {
  const place = cursor === null ? top : readCursor(cursor);
  const query = { offset: String(offsetOf(place)), limit: String(pageSize) };
  const call = { path: listPath(client), query, signal };
  const { certificates, pagination } = await readGodaddy(client, call, wireList);
  const total = pagination?.total ?? null;
  const ids = certificates.map(({ certificateId }) => certificateId);
  const { freshIds, next } = stepOn(place, ids, total);
  const fresh = certificates.filter(({ certificateId }) => freshIds.has(certificateId));
  return { orders: fresh.map(mapRow), next: next && writeCursor(next), total };
}

/** While the domain's consent is awaited, the history tells who was asked for it; the order itself does not. */
async function getOrder(client: GodaddyClient, id: CaOrderId, signal: CancelSignal): Promise<CaOrder> {
  const path = `${listPath(client)}/${encodeURIComponent(id)}`;
  const wire = await readGodaddy(client, { path, signal }, wireDetail);
  const isAwaited = mapStatus(wire.status) === "validating";
  return mapDetail(wire, isAwaited ? await mailHistory(client, id, signal) : []);
}

/** Newest first. The service answers 409 where there is none. */
async function mailHistory(
  client: GodaddyClient,
  id: CaOrderId,
  signal: CancelSignal,
): Promise<readonly CaMail[]> {
  const call = { path: `${certificatePath(id)}/email/history`, signal, isConfidential: true };
  try {
    return mapHistory(await readGodaddy(client, call, wireHistory));
  } catch (error) {
    if (error instanceof CaError && error.kind === "state-conflict") return [];
    throw error;
  }
}

/**
 * Repeats one mail: to the addresses it went to, or to one other, which the order is not told. The call that would add
 * an address to the order and mail everything to it is never made.
 */
async function resendEmail(
  client: GodaddyClient,
  resend: CaResend,
  signal: CancelSignal,
): Promise<ResendReceipt> {
  const { mailId, recipients, format, message } = resend;
  // A number: anything else would lead to another call, that one among them.
  const isNumbered = mailId === null || /^\d{1,20}$/.test(mailId);
  if (format !== undefined || message !== undefined || !isNumbered) throw new CaError("invalid-input");
  // Where a mail went that is only named by its number, nobody knows.
  const { mailId: id, recipients: usual } =
    mailId === null ? await usualMail(client, resend, signal).catch(nothingLeft) : { mailId, recipients: [] };
  const [to, ...others] = sameAddresses(usual, recipients) ? [] : recipients;
  if (others.length > 0) throw new CaError("invalid-input");
  const path = `${certificatePath(resend.caOrderId)}/email/${id}/resend`;
  await changeGodaddy(client, { path: to ? `${path}/${encodeURIComponent(to)}` : path, signal });
  return { caMessage: null };
}

/** The newest mail of this kind. */
async function usualMail(
  client: GodaddyClient,
  { caOrderId, kind }: CaResend,
  signal: CancelSignal,
): Promise<CaMail> {
  const mail = newestOf(await mailHistory(client, caOrderId, signal), kind);
  if (mail === null) throw new CaError("no-earlier-email");
  return mail;
}

/** A reading before the mail was asked for: whatever it met, nothing has left that could be unknown. */
function nothingLeft(error: unknown): never {
  if (!(error instanceof CaError) || error.kind !== "unexpected-response") throw error;
  throw new CaError("unavailable", {
    cause: error,
    ...(error.caMessage ? { caMessage: error.caMessage } : {}),
  });
}

/** The service hands out what is in force, and leaf, intermediate and cross certificate each by itself. */
async function download(
  client: GodaddyClient,
  { caOrderId }: CaDownload,
  signal: CancelSignal,
): Promise<readonly MaterialInput[]> {
  const call = { path: `${certificatePath(caOrderId)}/download`, signal, isConfidential: true };
  const { pems } = await readGodaddy(client, call, wireDownload);
  const files = [
    [`certificate-${caOrderId}.pem`, pems.certificate],
    ["intermediate.pem", pems.intermediate],
    ["cross.pem", pems.cross],
  ] as const;
  return files.flatMap(([name, pem]) => (pem ? [{ name, bytes: Buffer.from(pem, "utf8") }] : []));
}

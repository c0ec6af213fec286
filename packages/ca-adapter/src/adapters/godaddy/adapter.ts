import {
  type CaDownload,
  CaError,
  type CaListRequest,
  type CaMail,
  type CancelSignal,
  type CaOrder,
  type CaOrderId,
  type CaOrderPage,
  type CaResend,
  type CertificateAuthority,
  type MaterialInput,
  type ResendReceipt,
  sameAddress,
} from "@sealpost/domain";
import type { CaAdapter, OpenOptions } from "../../ca-adapter.ts";
import { createRateLimiter } from "../../rate-limiter.ts";
import { changeGodaddy, type GodaddyClient, readGodaddy, usualTimeoutMs } from "./client.ts";
import { godaddyManifest } from "./manifest.ts";
import { mapDetail, mapHistory, mapRow } from "./map.ts";
import { readCursor, stepOn, top, writeCursor } from "./paging.ts";
import { wireCertificate, wireDownload, wireHistory, wireList } from "./wire.ts";

const pageSize = 50;

/** GoDaddy's Certificates API, versions 1 and 2. */
export const godaddy: CaAdapter = { manifest: godaddyManifest, open };

function open(options: OpenOptions): CertificateAuthority {
  const { customerId } = options.settings;
  const { key, secret } = options.credential;
  if (!customerId || !key || !secret) throw new CaError("unauthorized");
  const client: GodaddyClient = {
    baseUrl: options.baseUrl,
    customerId,
    key,
    secret,
    timeoutMs: options.callTimeoutMs ?? usualTimeoutMs,
    limiter: options.limiter ?? createRateLimiter(godaddyManifest.rateLimits),
  };
  return {
    capabilities: new Set(godaddyManifest.capabilities),
    // The history, and the mail.
    timeoutMs: 2 * client.timeoutMs,
    async probe(signal) {
      await readGodaddy(client, { path: listPath(client), query: { limit: "1" }, signal }, wireList);
      return { accountName: customerId, isReadOnly: null };
    },
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

function orderPath(id: CaOrderId): string {
  return `v1/certificates/${encodeURIComponent(id)}`;
}

/** By place alone: where the answer says the next page is (`pagination.next`) is never gone to. */
async function listOrders(
  client: GodaddyClient,
  { cursor }: CaListRequest,
  signal: CancelSignal,
): Promise<CaOrderPage> {
  const place = cursor === null ? top : readCursor(cursor);
  const query = { offset: String(place.offset), limit: String(pageSize) };
  const { certificates, pagination } = await readGodaddy(
    client,
    { path: listPath(client), query, signal },
    wireList,
  );
  const total = pagination?.total ?? null;
  const ids = certificates.map(({ certificateId }) => certificateId);
  const { freshIds, next } = stepOn(place, ids, total);
  const fresh = certificates.filter(({ certificateId }) => freshIds.has(certificateId));
  return { orders: fresh.map(mapRow), next: next && writeCursor(next), total };
}

/** Version 2 tells the CSR, whose key's hash is kept. */
async function getOrder(client: GodaddyClient, id: CaOrderId, signal: CancelSignal): Promise<CaOrder> {
  const call = { path: `${listPath(client)}/${encodeURIComponent(id)}`, signal };
  return mapDetail(await readGodaddy(client, call, wireCertificate));
}

/** 409 says that nothing was mailed yet. */
async function mailHistory(
  client: GodaddyClient,
  id: CaOrderId,
  signal: CancelSignal,
): Promise<readonly CaMail[]> {
  const call = { path: `${orderPath(id)}/email/history`, signal };
  try {
    return mapHistory(await readGodaddy(client, call, wireHistory));
  } catch (error) {
    if (error instanceof CaError && error.kind === "state-conflict") return [];
    throw error;
  }
}

/**
 * A mail that was sent is repeated, to where it went or to one other address. To mail the order's requests to another
 * address for good is another call, which changes the order, and is not made here.
 */
async function resendEmail(
  client: GodaddyClient,
  resend: CaResend,
  signal: CancelSignal,
): Promise<ResendReceipt> {
  const [recipient, ...others] = resend.recipients;
  if (resend.format !== undefined || resend.message !== undefined || others.length > 0)
    throw new CaError("invalid-input");
  const mail = await mailToRepeat(client, resend, signal).catch(nothingLeft);
  const isElsewhere =
    recipient !== undefined && !mail.recipients.some((known) => sameAddress(known, recipient));
  const to = isElsewhere ? `/${encodeURIComponent(recipient)}` : "";
  const path = `${orderPath(resend.caOrderId)}/email/${encodeURIComponent(mail.mailId)}/resend${to}`;
  await changeGodaddy(client, { path, signal });
  return { caMessage: null };
}

async function mailToRepeat(
  client: GodaddyClient,
  { caOrderId, mailId, kind }: CaResend,
  signal: CancelSignal,
): Promise<Pick<CaMail, "mailId" | "recipients">> {
  const history = await mailHistory(client, caOrderId, signal);
  const wanted = history.find((mail) => (mailId === null ? mail.kind === kind : mail.mailId === mailId));
  if (!wanted)
    throw new CaError("state-conflict", { caMessage: `${history.length} emails, none of this kind` });
  return wanted;
}

/** A reading before the mail was asked for: whatever it met, nothing has left that could be unknown. */
function nothingLeft(error: unknown): never {
  if (!(error instanceof CaError) || error.kind !== "unexpected-response") throw error;
  throw new CaError("unavailable", {
    cause: error,
    ...(error.caMessage ? { caMessage: error.caMessage } : {}),
  });
}

async function download(
  client: GodaddyClient,
  { caOrderId }: CaDownload,
  signal: CancelSignal,
): Promise<readonly MaterialInput[]> {
  const call = { path: `${orderPath(caOrderId)}/download`, signal };
  const { pems } = await readGodaddy(client, call, wireDownload);
  const files = [
    ["certificate.crt", pems.certificate],
    ["intermediate.crt", pems.intermediate],
    ["cross.crt", pems.cross],
  ] as const;
  return files.flatMap(([name, pem]) => (pem ? [{ name, bytes: Buffer.from(pem, "utf8") }] : []));
}

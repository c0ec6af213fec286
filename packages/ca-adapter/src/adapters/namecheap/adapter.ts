import {
  type CaDownload,
  CaError,
  type CaListRequest,
  type CancelSignal,
  type CaOrder,
  type CaOrderId,
  type CaOrderPage,
  type CaProbe,
  type CaResend,
  type CertificateAuthority,
  type EmailKind,
  type MaterialInput,
  type ResendReceipt,
} from "@sealpost/domain";
import type { CaAdapter, OpenOptions } from "../../ca-adapter.ts";
import { createRateLimiter } from "../../rate-limiter.ts";
import { callNamecheap, type NamecheapClient, usualTimeoutMs, usualWaitMs } from "./client.ts";
import { namecheapManifest } from "./manifest.ts";
import { mapInfo, mapRow } from "./map.ts";
import { largestPage, readCursor, stepOn, top, writeCursor } from "./paging.ts";
import { wireInfo, wireList, wireMailed } from "./wire.ts";

const mailCommands = {
  fulfillment: "resendfulfillmentemail",
  approver: "resendApproverEmail",
} as const satisfies Record<EmailKind, string>;

/** Namecheap's XML API. */
export const namecheap: CaAdapter = { manifest: namecheapManifest, open };

function open(options: OpenOptions): CertificateAuthority {
  const { apiUser, clientIp, userName = apiUser } = options.settings;
  const { apiKey } = options.credential;
  if (!apiUser || !userName || !clientIp || !apiKey) throw new CaError("unauthorized");
  const client: NamecheapClient = {
    baseUrl: options.baseUrl,
    apiUser,
    apiKey,
    userName,
    clientIp,
    timeoutMs: options.callTimeoutMs ?? usualTimeoutMs,
    pin: options.pin ?? null,
    limiter: options.limiter ?? createRateLimiter(namecheapManifest.rateLimits),
  };
  return {
    capabilities: new Set(namecheapManifest.capabilities),
    timeoutMs: client.timeoutMs + usualWaitMs,
    probe: (signal) => probe(client, signal),
    getOrder: (id, signal) => getOrder(client, id, signal),
    listOrders: (request, signal) => listOrders(client, request, signal),
    resendEmail: (resend, signal) => resendEmail(client, resend, signal),
    download: (wanted, signal) => download(client, wanted, signal),
  };
}

/** The shortest list there is. */
async function probe(client: NamecheapClient, signal: CancelSignal): Promise<CaProbe> {
  const call = { command: "getList", parameters: { Page: "1", PageSize: "10" }, signal } as const;
  await callNamecheap(client, call, "reading", wireList);
  return { accountName: client.userName, isReadOnly: null };
}

async function listOrders(
  client: NamecheapClient,
  { cursor }: CaListRequest,
  signal: CancelSignal,
): Promise<CaOrderPage> {
  const place = cursor === null ? top : readCursor(cursor);
  const parameters = {
    ListType: "ALL",
    SortBy: "PURCHASEDATE",
    Page: String(place.page),
    PageSize: String(largestPage),
  };
  const call = { command: "getList", parameters, signal } as const;
  const { SSLListResult, Paging } = await callNamecheap(client, call, "reading", wireList);
  const rows = SSLListResult.SSL;
  const total = Paging?.TotalItems ?? null;
  const { isTaken, next } = stepOn(place, { rows: rows.length, size: Paging?.PageSize ?? null, total });
  return { orders: isTaken ? rows.map(mapRow) : [], next: next && writeCursor(next), total };
}

/** Without the certificate, which nobody asked to see. */
async function getOrder(client: NamecheapClient, id: CaOrderId, signal: CancelSignal): Promise<CaOrder> {
  const call = { command: "getInfo", parameters: { CertificateID: id }, signal } as const;
  return mapInfo(id, await callNamecheap(client, call, "reading", wireInfo));
}

/** The service mails to the order's own address and to no other; `recipients` is what the caller has compared with it. */
async function resendEmail(
  client: NamecheapClient,
  resend: CaResend,
  signal: CancelSignal,
): Promise<ResendReceipt> {
  if (resend.format !== undefined || resend.message !== undefined || resend.mailId !== null)
    throw new CaError("invalid-input");
  const parameters = { CertificateID: certificateIdOf(resend) };
  const call = { command: mailCommands[resend.kind], parameters, signal };
  const isSuccess = await callNamecheap(client, call, "changing", wireMailed[resend.kind]);
  if (isSuccess === "true") return { caMessage: null };
  const caMessage = `IsSuccess="${isSuccess}"`;
  throw new CaError(isSuccess === "false" ? "state-conflict" : "outcome-unknown", { caMessage });
}

/** Order and certificate have one number. */
function certificateIdOf({ caOrderId, caCertificateId }: CaDownload): CaOrderId {
  if (caCertificateId !== null && caCertificateId !== caOrderId) throw new CaError("invalid-input");
  return caOrderId;
}

async function download(
  client: NamecheapClient,
  wanted: CaDownload,
  signal: CancelSignal,
): Promise<readonly MaterialInput[]> {
  const id = certificateIdOf(wanted);
  const parameters = { CertificateID: id, Returncertificate: "true", Returntype: "Individual" };
  const info = await callNamecheap(client, { command: "getInfo", parameters, signal }, "reading", wireInfo);
  const certificates = info.CertificateDetails?.Certificates;
  if (!certificates) throw new CaError("state-conflict", { caMessage: info["@Status"] });
  const others = certificates.CaCertificates?.Certificate ?? [];
  return [
    { name: `certificate-${id}.crt`, bytes: Buffer.from(certificates.Certificate, "utf8") },
    ...others.map(({ Certificate }, at) => ({
      name: `ca-certificate-${at + 1}.crt`,
      bytes: Buffer.from(Certificate, "utf8"),
    })),
  ];
}

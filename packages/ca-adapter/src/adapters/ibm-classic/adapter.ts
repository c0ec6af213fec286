import {
  CaError,
  type CancelSignal,
  type CaOrder,
  type CaOrderId,
  type CaOrderPage,
  type CaResend,
  type CertificateAuthority,
  type EmailKind,
  type ResendReceipt,
} from "@sealpost/domain";
import { z } from "zod";
import type { CaAdapter, OpenOptions } from "../../ca-adapter.ts";
import { callIbm, type IbmClientOptions, usualTimeoutMs } from "./client.ts";
import { ibmClassicManifest } from "./manifest.ts";
import { mapOrder } from "./map.ts";
import { wireAccount, wireOrder, wireOrders, wireStatuses } from "./wire.ts";

const request = "SoftLayer_Security_Certificate_Request";
const listed =
  "id,commonName,approverEmailAddress,createDate,effectiveDate,expirationDate,statusId,status[id,name],orderItem[description]";
/** The CSR is asked for one order at a time: its key's hash and names are taken, then it is dropped. */
const detailed = `${listed},certificateSigningRequest`;

const emailTypes = {
  fulfillment: "FulfillmentEmail",
  approver: "ApproverEmail",
} as const satisfies Record<EmailKind, string>;

/** IBM Cloud classic infrastructure (SLDN reference). */
export const ibmClassic: CaAdapter = { manifest: ibmClassicManifest, open };

/** One instance per use; it remembers the account's number. */
function open(options: OpenOptions): CertificateAuthority {
  const { baseUrl, settings, credential, callTimeoutMs, pin = null } = options;
  const { username } = settings;
  const { apiKey } = credential;
  if (!username || !apiKey) throw new CaError("unauthorized");
  const timeoutMs = callTimeoutMs ?? usualTimeoutMs;
  const client: IbmClientOptions = { baseUrl, username, apiKey, timeoutMs, pin };
  return {
    capabilities: new Set(ibmClassicManifest.capabilities),
    // An order, and the names of the statuses.
    timeoutMs: 2 * timeoutMs,
    probe: async (signal) => {
      const account = await readAccount(client, signal);
      return { accountName: account.companyName ?? String(account.id), isReadOnly: null };
    },
    getOrder: (id, signal) => getOrder(client, id, signal),
    listOrders: (_, signal) => listOrders(client, signal),
    resendEmail: (resend, signal) => resendEmail(client, resend, signal),
  };
}

async function readAccount(client: IbmClientOptions, signal: CancelSignal) {
  const call = { path: "SoftLayer_Account/getObject", objectMask: "mask[id,companyName]", signal };
  return await callIbm(client, call, "reading", wireAccount);
}

async function getOrder(client: IbmClientOptions, id: CaOrderId, signal: CancelSignal): Promise<CaOrder> {
  const call = {
    path: `${request}/${encodeURIComponent(id)}/getObject`,
    objectMask: `mask[${detailed}]`,
    signal,
  };
  const wire = await callIbm(client, call, "reading", wireOrder);
  return mapOrder(wire, true, await statusNames(client, [wire], signal));
}

/** The list cannot be paged: the service's own metadata calls it not limitable. */
async function listOrders(client: IbmClientOptions, signal: CancelSignal): Promise<CaOrderPage> {
  const account = await readAccount(client, signal);
  const path = `${request}/getSslCertificateRequests`;
  const call = { path, objectMask: `mask[${listed}]`, parameters: [account.id], signal };
  const wires = await callIbm(client, call, "reading", wireOrders);
  const names = await statusNames(client, wires, signal);
  const each = new Map(wires.map((wire) => [wire.id, wire]));
  const orders = [...each.values()].map((wire) => mapOrder(wire, false, names));
  return { orders, next: null, total: orders.length };
}

/** Asked for only when some row lacks its status by name. */
async function statusNames(
  client: IbmClientOptions,
  wires: readonly z.infer<typeof wireOrder>[],
  signal: CancelSignal,
): Promise<ReadonlyMap<number, string>> {
  if (wires.every((wire) => wire.status?.name)) return new Map();
  const call = { path: `${request}_Status/getSslRequestStatuses`, signal };
  const statuses = await callIbm(client, call, "reading", wireStatuses);
  return new Map(statuses.map(({ id, name }) => [id, name]));
}

/** The service mails to the order's own address and to no other; `recipients` is what the caller has compared with it. */
async function resendEmail(
  client: IbmClientOptions,
  resend: CaResend,
  signal: CancelSignal,
): Promise<ResendReceipt> {
  if (resend.format !== undefined || resend.message !== undefined || resend.mailId !== null)
    throw new CaError("invalid-input");
  const path = `${request}/${encodeURIComponent(resend.caOrderId)}/resendEmail`;
  const call = { path, parameters: [emailTypes[resend.kind]], signal };
  const isAccepted = await callIbm(client, call, "changing", z.boolean());
  if (!isAccepted) throw new CaError("state-conflict", { caMessage: "false" });
  return { caMessage: null };
}

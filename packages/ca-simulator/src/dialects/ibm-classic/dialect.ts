import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CertificateDesk } from "../../certificate-desk.ts";
import type { Fault } from "../../faults.ts";
import { type Handler, sendJson } from "../../listener.ts";
import { fulfillmentMail } from "../../mails.ts";
import { type BookOrder, statusNames } from "../../order-book.ts";
import { type Answer, drip, type FaultWords, isAfterMail, playFault } from "../../play-fault.ts";
import type { Dialect, DialectWorld } from "../dialect.ts";
import { type IbmCall, readCall, requestService } from "./call.ts";
import { IbmError, notFound, unknownMethod } from "./error.ts";
import { filtered } from "./filter.ts";
import { masked } from "./mask.ts";
import { ibmOrder, statusIds } from "./order.ts";
import { ibmSeed } from "./seed.ts";

const ca = "ibm-classic";
export const accountId = 118_204;

/** IBM Cloud classic's REST protocol (SLDN "REST"), as far as listing, details, statuses and resending need it. */
export const ibmClassic: Dialect = {
  ca,
  path: "/rest/v3.1/",
  products: {
    dv: "PositiveSSL",
    ov: "GeoTrust True BusinessID",
    ev: "GeoTrust True BusinessID with EV",
  },
  seed: ibmSeed,
  newSecrets: () => ({ username: `${accountId}_desk`, apiKey: randomBytes(32).toString("hex") }),
  account: ({ username = "", apiKey = "" }) => ({ settings: { username }, credential: { apiKey } }),
  fulfillmentMail: async (order, { intermediatePem }, how) =>
    await fulfillmentMail(order, intermediatePem, how),
  handler(world): Handler {
    return async (incoming, outgoing, url) => await answerCall(world, incoming, outgoing, url);
  },
};

async function answerCall(
  world: DialectWorld,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  url: URL,
): Promise<void> {
  const { desk } = world;
  const entry = {
    at: world.now().toISOString(),
    method: incoming.method ?? "",
    path: url.pathname,
    orderId: null as number | null,
    status: null as number | null,
  };
  outgoing.on("finish", () => {
    entry.status = outgoing.statusCode;
  });
  try {
    const call = await readCall(incoming, url);
    entry.orderId = call.service === requestService ? call.id : null;
    desk.noteCall(entry);
    if (!isAuthorized(world, incoming)) throw new IbmError(401, "Access Denied. ");
    await desk.turnClock();
    const fault = call.service === requestService ? faultFor(desk, call) : null;
    if (fault !== null && fault !== "slow") {
      if (isAfterMail(fault)) await mailAnyway(desk, call);
      return playFault(fault, outgoing, faultWords(call));
    }
    const { value, headers } = await perform(world, call);
    if (fault === "slow") await drip(outgoing, value, headers);
    else sendJson(outgoing, 200, value, headers);
  } catch (error) {
    if (outgoing.headersSent) return void outgoing.destroy();
    if (!(error instanceof IbmError)) return sendJson(outgoing, 500, { error: "Internal Error" });
    const { status, body } = spoken(error);
    sendJson(outgoing, status, body);
  }
}

function spoken({ status, message, code }: IbmError): Answer {
  return { status, body: { error: message, ...(code ? { code } : {}) } };
}

function faultWords(call: IbmCall): FaultWords {
  const limited = new IbmError(429, "Too many requests.", "SoftLayer_Exception_WebService_RateLimitExceeded");
  return {
    refuse: spoken(new IbmError(500, "The CA does not send this email at the moment.")),
    "rate-limit": { ...spoken(limited), headers: { "retry-after": "2" } },
    "error-in-200": { ...spoken(new IbmError(200, "Internal Error")) },
    unauthorized: spoken(new IbmError(401, "Access Denied. ")),
    forbidden: spoken(new IbmError(403, "Access Denied. ")),
    "not-found": spoken(notFound(call.id ?? call.args[0])),
  };
}

async function mailAnyway(desk: CertificateDesk, call: IbmCall): Promise<void> {
  const found = call.id === null ? null : desk.find(call.id, ca);
  if (!found || call.method !== "resendEmail") return;
  await desk.send(found, call.args[0] === "ApproverEmail" ? "approver" : "fulfillment");
}

function faultFor(desk: CertificateDesk, { method, id }: IbmCall): Fault | null {
  return desk.faults.of(method === "resendEmail" ? "resend" : "read", id);
}

/** Basic with the account's user, Basic with the literal user `apikey`, or Bearer. */
function isAuthorized({ secrets: credential }: DialectWorld, incoming: IncomingMessage): boolean {
  const [scheme = "", value = ""] = (incoming.headers.authorization ?? "").split(" ");
  if (scheme.toLowerCase() === "bearer") return value === credential.apiKey;
  if (scheme.toLowerCase() !== "basic") return false;
  const [user, ...key] = Buffer.from(value, "base64").toString("utf8").split(":");
  return (user === credential.username || user === "apikey") && key.join(":") === credential.apiKey;
}

async function perform(
  world: DialectWorld,
  call: IbmCall,
): Promise<{ value: unknown; headers?: Record<string, string> }> {
  if (call.service === "SoftLayer_Account" && call.method === "getObject") {
    if (call.id !== null && call.id !== accountId) throw notFound(call.id);
    const account = { id: accountId, companyName: "Sandbox account", email: "desk@sandbox.test" };
    return { value: masked(account, call.query.get("objectMask")) };
  }
  if (call.service === `${requestService}_Status`) return { value: statuses(call) };
  if (call.service !== requestService) throw new IbmError(404, "Service does not exist", null);
  if (call.id === null) return await performStatic(world, call);
  return { value: await performOnOrder(world, call, order(world, call.id)) };
}

function statuses(call: IbmCall): unknown {
  const all = statusNames.map((name) => ({ id: statusIds[name], name, description: `${name}.` }));
  if (call.method === "getSslRequestStatuses") return all;
  const found = all.find((status) => status.id === call.id);
  if (call.method !== "getObject" || !found) throw notFound(call.id);
  return found;
}

async function performStatic(world: DialectWorld, { method, args, query }: IbmCall) {
  switch (method) {
    case "getSslCertificateRequests": {
      if (Number(args[0]) !== accountId) throw notFound(args[0]);
      const all = world.desk.ordersOf(ca).map((one) => ibmOrder(one, accountId));
      const found = filtered(all, query.get("objectFilter"));
      // Not limitable, says the service's own metadata: the whole list, whatever resultLimit asks.
      const value = found.map((one) => masked(one, query.get("objectMask")));
      return { value, headers: { "SoftLayer-Total-Items": String(value.length) } };
    }
    case "getAdministratorEmailPrefixes":
      return { value: ["admin", "administrator", "hostmaster", "postmaster", "webmaster"] };
    case "getAdministratorEmailDomains": {
      const labels = String(args[0] ?? "")
        .replace(/^\*\./, "")
        .split(".");
      return { value: labels.slice(0, -1).map((_, index) => labels.slice(index).join(".")) };
    }
    default:
      throw unknownMethod(method);
  }
}

async function performOnOrder(
  world: DialectWorld,
  { method, args, query }: IbmCall,
  found: BookOrder,
): Promise<unknown> {
  const { desk } = world;
  const whole = ibmOrder(found, accountId);
  switch (method) {
    case "getObject":
      return masked(whole, query.get("objectMask"));
    case "getStatus":
      return whole.status;
    case "getOrder":
      return whole.order;
    case "getOrderItem":
      return whole.orderItem;
    case "getAccount":
      return whole.account;
    case "resendEmail":
      return await resendEmail(desk, found, args[0]);
    case "cancelSslOrder":
      // What the service says here is published nowhere; the sentence is ours.
      await desk.cancel(found.id).catch(() => {
        throw new IbmError(500, "Only a pending order can be cancelled.");
      });
      return true;
    default:
      throw unknownMethod(method);
  }
}

async function resendEmail(desk: CertificateDesk, found: BookOrder, type: unknown): Promise<boolean> {
  if (type !== "FulfillmentEmail" && type !== "ApproverEmail") {
    throw new IbmError(
      500,
      "The email type must be ApproverEmail or FulfillmentEmail.",
      "SoftLayer_Exception_InvalidValue",
    );
  }
  const kind = type === "ApproverEmail" ? "approver" : "fulfillment";
  if (!desk.canSend(found, kind))
    throw new IbmError(500, `An order in status ${found.status} has no such email.`);
  await desk.send(found, kind);
  return true;
}

function order({ desk }: DialectWorld, id: number): BookOrder {
  const found = desk.find(id, ca);
  if (!found) throw notFound(id);
  return found;
}

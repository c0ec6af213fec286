import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { CertificateDesk } from "../certificate-desk.ts";
import type { Fault } from "../faults.ts";
import { readBody, sendJson } from "../listener.ts";
import { type BookOrder, statusIds, statusNames } from "../order-book.ts";
import { matchesFilter } from "./ibm-filter.ts";
import { masked } from "./ibm-mask.ts";
import { ibmOrder } from "./ibm-order.ts";

export interface IbmOptions {
  readonly desk: CertificateDesk;
  readonly accountId: number;
  readonly credential: { readonly username: string; readonly apiKey: string };
  readonly now: () => Date;
}

const basePath = /^\/rest\/v3(?:\.1)?\/(?:rest\/)?(.*)$/;
const request = "SoftLayer_Security_Certificate_Request";

/** Ends a call early with IBM's error body (SLDN "exceptions"); `code` is left out where the service leaves it out. */
class IbmError extends Error {
  readonly status: number;
  readonly code: string | null;

  constructor(status: number, text: string, code: string | null = "SoftLayer_Exception_Public") {
    super(text);
    this.status = status;
    this.code = code;
  }
}

interface Call {
  readonly service: string;
  readonly id: number | null;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly query: URLSearchParams;
}

/** IBM Cloud classic's REST protocol (SLDN "REST"), as far as listing, details, statuses and resending need it. */
export function ibmClassic(options: IbmOptions): RequestListener {
  return (incoming, outgoing) => {
    void answerCall(options, incoming, outgoing);
  };
}

async function answerCall(
  options: IbmOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { desk } = options;
  const url = new URL(incoming.url ?? "/", "http://localhost");
  const entry = {
    at: options.now().toISOString(),
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
    entry.orderId = call.service === request ? call.id : null;
    desk.noteCall(entry);
    if (!isAuthorized(options, incoming)) throw new IbmError(401, "Access Denied. ");
    await desk.advance();
    if (await playedFault(desk, call, outgoing)) return;
    const { value, headers } = await perform(options, call);
    sendJson(outgoing, 200, value, headers);
  } catch (error) {
    if (outgoing.headersSent) return void outgoing.destroy();
    if (!(error instanceof IbmError)) return sendJson(outgoing, 500, { error: "Internal Error" });
    sendJson(outgoing, error.status, { error: error.message, ...(error.code ? { code: error.code } : {}) });
  }
}

/** Both spellings: the method in the path, or the HTTP verb's default; arguments in the body or as path segments. */
async function readCall(incoming: IncomingMessage, url: URL): Promise<Call> {
  const rest = basePath.exec(url.pathname)?.[1];
  if (rest === undefined) throw new IbmError(404, "Service does not exist", null);
  const [service = "", ...parts] = rest
    .replace(/\.(json|txt)$/, "")
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const id = /^\d+$/.test(parts[0] ?? "") ? Number(parts.shift()) : null;
  const defaults: Record<string, string> = {
    GET: "getObject",
    POST: "createObject",
    PUT: "editObject",
    DELETE: "deleteObject",
  };
  const method = parts.shift() ?? defaults[incoming.method ?? "GET"] ?? "getObject";
  const args = incoming.method === "POST" ? await readParameters(incoming) : [];
  return { service, id, method, args: args.length > 0 ? args : parts, query: url.searchParams };
}

async function readParameters(incoming: IncomingMessage): Promise<readonly unknown[]> {
  const text = (await readBody(incoming)).toString("utf8");
  if (text.trim() === "") return [];
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && "parameters" in body && Array.isArray(body.parameters))
      return body.parameters;
  } catch {
    // Falls through to the service's own complaint.
  }
  throw new IbmError(400, "Bad request", "SoftLayer_Exception_WebService_BadRequest");
}

/** Basic with the account's user, Basic with the literal user `apikey`, or Bearer. */
function isAuthorized({ credential }: IbmOptions, incoming: IncomingMessage): boolean {
  const [scheme = "", value = ""] = (incoming.headers.authorization ?? "").split(" ");
  if (scheme.toLowerCase() === "bearer") return value === credential.apiKey;
  if (scheme.toLowerCase() !== "basic") return false;
  const [user, ...key] = Buffer.from(value, "base64").toString("utf8").split(":");
  return (user === credential.username || user === "apikey") && key.join(":") === credential.apiKey;
}

async function perform(
  options: IbmOptions,
  call: Call,
): Promise<{ value: unknown; headers?: Record<string, string> }> {
  if (call.service === "SoftLayer_Account" && call.method === "getObject") {
    const account = { id: options.accountId, companyName: "Sandbox account", email: "desk@sandbox.test" };
    return { value: masked(account, call.query.get("objectMask")) };
  }
  if (call.service === `${request}_Status`) return { value: statuses(call) };
  if (call.service !== request) throw new IbmError(404, "Service does not exist", null);
  if (call.id === null) return await performStatic(options, call);
  return { value: await performOnOrder(options, call, order(options, call.id)) };
}

function statuses(call: Call): unknown {
  const all = statusNames.map((name) => ({ id: statusIds[name], name, description: `${name}.` }));
  if (call.method === "getSslRequestStatuses") return all;
  const found = all.find((status) => status.id === call.id);
  if (call.method !== "getObject" || !found) throw notFound(call.id);
  return found;
}

async function performStatic(options: IbmOptions, { method, args, query }: Call) {
  switch (method) {
    case "getSslCertificateRequests": {
      if (Number(args[0]) !== options.accountId) throw notFound(args[0]);
      const filter = query.get("objectFilter");
      const found = options.desk.orders
        .map((one) => ibmOrder(one, options.accountId))
        .filter((one) => matchesFilter(one, filter));
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
  options: IbmOptions,
  { method, args, query }: Call,
  found: BookOrder,
): Promise<unknown> {
  const { desk, accountId } = options;
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
      if (found.status !== "Pending CA Approval")
        throw new IbmError(500, "Only a pending order can be cancelled.");
      await desk.setStatus(found.id, "Canceled");
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

function order({ desk }: IbmOptions, id: number): BookOrder {
  const found = desk.find(id);
  if (!found) throw notFound(id);
  return found;
}

function notFound(id: unknown): IbmError {
  return new IbmError(404, `Unable to find object with id of '${id}'.`, "SoftLayer_Exception_ObjectNotFound");
}

function unknownMethod(method: string): IbmError {
  return new IbmError(500, `Function ("${method}") is not a valid method for this service.`);
}

/** Plays the fault switched on for this call, if there is one. Resolves to whether the call has been dealt with. */
async function playedFault(desk: CertificateDesk, call: Call, outgoing: ServerResponse): Promise<boolean> {
  if (call.service !== request) return false;
  const scope = call.method === "resendEmail" ? "resend" : "read";
  const fault = desk.faults.of(scope, call.id);
  if (fault === null) return false;
  const found = call.id === null ? null : desk.find(call.id);
  const isAfter = fault === "no-answer-after-mail" || fault === "hang-after-mail";
  if (found && scope === "resend" && isAfter)
    await desk.send(found, call.args[0] === "ApproverEmail" ? "approver" : "fulfillment");
  await play(fault, outgoing);
  return fault !== "slow";
}

async function play(fault: Fault, outgoing: ServerResponse): Promise<void> {
  const raw = (status: number, type: string, body: string) =>
    void outgoing.writeHead(status, { "content-type": type }).end(body);
  switch (fault) {
    case "refuse":
      throw new IbmError(500, "The CA does not send this email at the moment.");
    case "http-500":
      return raw(500, "text/plain", "upstream failure");
    case "http-503":
      return raw(503, "text/html", "<html><body>maintenance</body></html>");
    case "html":
      return raw(200, "text/html", "<html><body>Please sign in</body></html>");
    case "garbage":
      return raw(200, "application/json", '{"id": 12, "status": ');
    case "half-answer":
      outgoing.writeHead(200, { "content-type": "application/json", "content-length": "400" });
      outgoing.write("tr");
      return void setImmediate(() => outgoing.destroy());
    case "slow":
      // Long enough to be seen, short enough to be waited for.
      return await new Promise((resolve) => setTimeout(resolve, 1500));
    case "no-answer-before-mail":
    case "no-answer-after-mail":
      return void outgoing.destroy();
    case "hang-before-mail":
    case "hang-after-mail":
      return;
    case "rate-limit":
      outgoing.setHeader("retry-after", "2");
      throw new IbmError(429, "Too many requests.", "SoftLayer_Exception_WebService_RateLimitExceeded");
    case "empty-200":
      return void outgoing.writeHead(200, { "content-type": "application/json" }).end();
    case "error-in-200":
      return sendJson(outgoing, 200, { error: "Internal Error", code: "SoftLayer_Exception_Public" });
    case "false":
      return sendJson(outgoing, 200, false);
    case "unauthorized":
      throw new IbmError(401, "Access Denied. ");
    case "forbidden":
      throw new IbmError(403, "Access Denied. ");
    case "not-found":
      throw notFound("0");
  }
}

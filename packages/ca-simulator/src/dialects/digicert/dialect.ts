import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { CallCounter } from "../../call-counter.ts";
import type { CertificateDesk } from "../../certificate-desk.ts";
import { type Handler, readBody } from "../../listener.ts";
import { type BookOrder, certificateIdOf, type JournalMail } from "../../order-book.ts";
import { type Answer, drip, type FaultWords, isAfterMail, playFault } from "../../play-fault.ts";
import type { Dialect, DialectWorld } from "../dialect.ts";
import { readApproverMail, readCertificateMail } from "./body.ts";
import {
  badRequest,
  DigicertError,
  missingPermission,
  notFound,
  overLimit,
  spokenError,
  wrongKey,
} from "./error.ts";
import { hasChanged, listed, pageOf, usualLargestPage } from "./list.ts";
import { digicertMail } from "./mail.ts";
import { listRow, orderInfo, reissues } from "./order.ts";
import { digicertSeed } from "./seed.ts";

const ca = "digicert";
const path = "/services/v2/";
const accountId = 501_377;
/** "Rate limits", Services API: per key. */
const limits = [
  { calls: 100, perMs: 5_000 },
  { calls: 1000, perMs: 180_000 },
];

interface Call {
  readonly method: string;
  /** Behind the base path, without empty parts. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly order: BookOrder | null;
  readonly body: string;
  readonly isReadOnly: boolean;
}

/** DigiCert CertCentral's Services API v2, as far as listing, details, mails and downloads need it. */
export const digicert: Dialect = {
  ca,
  path,
  products: { dv: "GeoTrust DV SSL", ov: "Standard SSL", ev: "EV SSL Plus" },
  isInWholeDays: true,
  seed: digicertSeed,
  // The second one is restricted to GET ("View Only").
  newSecrets: () => ({ apiKey: newKey(), readOnlyKey: newKey() }),
  account: ({ apiKey = "" }) => ({ settings: {}, credential: { apiKey } }),
  readOnlyCredential: ({ readOnlyKey = "" }) => ({ apiKey: readOnlyKey }),
  fulfillmentMail: digicertMail,
  recipients: (order) => [order.approverEmail, order.technicalEmail],
  handler(world): Handler {
    const counter = new CallCounter(limits);
    return async (incoming, outgoing, url) => await answerCall(world, counter, incoming, outgoing, url);
  },
};

function newKey(): string {
  return randomBytes(32).toString("hex").toUpperCase();
}

async function answerCall(
  world: DialectWorld,
  counter: CallCounter,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  url: URL,
): Promise<void> {
  const { desk } = world;
  const call = await readCall(world, incoming, url);
  const entry = {
    at: world.now().toISOString(),
    method: call.method,
    path: url.pathname,
    orderId: call.order?.id ?? null,
    status: null as number | null,
  };
  outgoing.on("finish", () => {
    entry.status = outgoing.statusCode;
  });
  desk.noteCall(entry);
  try {
    admit(world, counter, incoming);
    await desk.turnClock();
    const scope = call.method === "GET" ? "read" : "resend";
    const fault = desk.faults.of(scope, entry.orderId);
    if (fault !== null && fault !== "slow") {
      if (isAfterMail(fault)) await perform(world, call);
      return await playFault(fault, outgoing, faultWords());
    }
    const answer = await perform(world, call);
    if (fault === "slow") await drip(outgoing, answer.body ?? {}, answer.headers);
    else send(outgoing, answer);
  } catch (error) {
    if (outgoing.headersSent) return void outgoing.destroy();
    if (error instanceof DigicertError) return send(outgoing, spokenError(error));
    send(outgoing, spokenError(new DigicertError(500, "internal_error", "Internal error")));
  }
}

async function readCall({ desk, secrets }: DialectWorld, incoming: IncomingMessage, url: URL): Promise<Call> {
  const parts = url.pathname
    .slice(path.length)
    .split("/")
    .filter((part) => part !== "");
  const [area, second, third] = parts;
  const isOrder = area === "order" && second === "certificate";
  const number = Number(isOrder ? third : second);
  const orderId = isOrder ? number : Math.floor(number / 100);
  const order = Number.isInteger(orderId) ? desk.find(orderId, ca) : null;
  const body = incoming.method === "PUT" ? (await readBody(incoming)).toString("utf8") : "";
  const isReadOnly = incoming.headers["x-dc-devkey"] === secrets.readOnlyKey;
  return { method: incoming.method ?? "GET", parts, query: url.searchParams, order, body, isReadOnly };
}

/** Who asks, how often, and for what. */
function admit({ secrets, now }: DialectWorld, counter: CallCounter, incoming: IncomingMessage): void {
  const key = String(incoming.headers["x-dc-devkey"] ?? "");
  if (key !== secrets.apiKey && key !== secrets.readOnlyKey) throw wrongKey();
  if (!counter.isWithin(key, now().getTime())) throw overLimit();
  if (key === secrets.readOnlyKey && incoming.method !== "GET") throw missingPermission();
}

async function perform(world: DialectWorld, call: Call): Promise<Answer> {
  const [area, second, third, ...rest] = call.parts;
  const route = `${call.method} ${area}`;
  if (route === "GET user" && second === "me") return ok(whoAmI(call));
  if (area === "order" && second === "certificate") {
    if (third === undefined) return ok(list(world, call.query));
    if (third === "status-changes") return ok(changes(world, call.query));
    if (!call.order) throw notFound("order");
    return await performOnOrder(world, call, call.order, rest.join("/"));
  }
  if (area === "certificate") {
    const pem = call.order && pemOf(call.order, Number(second));
    if (!call.order || pem === null) throw notFound("certificate");
    return await performOnCertificate(world, call, call.order, pem);
  }
  throw notFound("route");
}

function whoAmI({ isReadOnly }: Call) {
  return {
    id: 153_208,
    username: "order.desk",
    account_id: accountId,
    first_name: "Order",
    last_name: "Desk",
    email: "desk@sandbox.test",
    container: { id: 14, name: "Sandbox division" },
    access_roles: [isReadOnly ? { id: 102, name: "View Only" } : { id: 1, name: "Administrator" }],
  };
}

function list({ desk, now, largestPage }: DialectWorld, query: URLSearchParams) {
  const { offset, limit } = pageOf(query, largestPage() ?? usualLargestPage);
  const all = listed(desk.ordersOf(ca), query);
  const rows = all.slice(offset, offset + limit).map((order) => listRow(order, now()));
  return { orders: rows, page: { total: all.length, limit, offset } };
}

function changes({ desk }: DialectWorld, query: URLSearchParams) {
  const range = query.get("filters[status_last_updated]");
  const orders = desk
    .ordersOf(ca)
    .filter((order) => hasChanged(order, range))
    .map((order) => ({
      order_id: order.id,
      certificate_id: certificateIdOf(order),
      status: listRow(order, new Date(0)).status,
    }));
  return { orders };
}

async function performOnOrder(
  { desk, now }: DialectWorld,
  call: Call,
  order: BookOrder,
  what: string,
): Promise<Answer> {
  if (call.method === "GET" && what === "") return ok(orderInfo(order, now()));
  if (call.method === "GET" && what === "reissue") return ok({ certificates: reissues(order, now()) });
  if (call.method === "GET" && what === "duplicate") return ok({ certificates: [] });
  if (call.method === "PUT" && what === "resend-emails") {
    need(desk, order, "approver");
    const to = readApproverMail(call.body);
    await desk.send(order, "approver", to === null ? {} : { to });
    return { status: 204, body: undefined };
  }
  throw notFound("route");
}

async function performOnCertificate(
  { desk }: DialectWorld,
  call: Call,
  order: BookOrder,
  certificatePem: string,
): Promise<Answer> {
  const what = call.parts.slice(2).join("/");
  if (call.method === "PUT" && what === "sendemail") {
    need(desk, order, "fulfillment");
    await desk.send(order, "fulfillment", { ...readCertificateMail(call.body), certificatePem });
    return { status: 204, body: undefined };
  }
  const format = /^download\/format\/(\w+)$/.exec(what)?.[1];
  if (call.method !== "GET" || format === undefined) throw notFound("route");
  const parts = { pem_nointermediate: 1, pem_noroot: 2, pem_all: 3 }[format];
  if (parts === undefined) throw badRequest("invalid_format", "This format is not served here.");
  const pems = [certificatePem, desk.intermediatePem, desk.rootPem].slice(0, parts);
  const body = pems.join("").replace(/\r?\n/g, "\r\n");
  return { status: 200, body, headers: { "content-type": "application/x-pem-file" } };
}

/** What the service says here is published nowhere; code and sentence are ours. */
function need(desk: CertificateDesk, order: BookOrder, kind: JournalMail["kind"]): void {
  if (!desk.canSend(order, kind))
    throw badRequest("order_state|no_email", `There is no such email for an order in this state.`);
}

function pemOf(order: BookOrder, certificateId: number): string | null {
  if (certificateIdOf(order) === certificateId) return order.certificatePem;
  return order.earlier.find((one) => one.certificateId === certificateId)?.certificatePem ?? null;
}

function faultWords(): FaultWords {
  const said = (status: number, code: string, text: string) =>
    spokenError(new DigicertError(status, code, text));
  return {
    refuse: said(400, "order_state|no_email", "The CA does not send this email at the moment."),
    "rate-limit": spokenError(overLimit()),
    "error-in-200": said(200, "internal_error", "Internal error"),
    unauthorized: spokenError(wrongKey()),
    forbidden: spokenError(missingPermission()),
    "not-found": spokenError(notFound("order")),
  };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** Text goes out as it is, nothing as no body at all, the rest as JSON. */
function send(outgoing: ServerResponse, { status, body, headers = {} }: Answer): void {
  if (body === undefined) return void outgoing.writeHead(status, headers).end();
  const type = { "content-type": "application/json" };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  outgoing.writeHead(status, { ...type, ...headers }).end(text);
}

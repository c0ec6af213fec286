import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CertificateDesk } from "../../certificate-desk.ts";
import type { Handler } from "../../listener.ts";
import type { BookOrder } from "../../order-book.ts";
import { type Answer, drip, type FaultWords, isAfterMail, playFault } from "../../play-fault.ts";
import type { Dialect, DialectWorld } from "../dialect.ts";
import {
  accessDenied,
  GodaddyError,
  notFound,
  overLimit,
  spokenError,
  wrongKey,
  wrongState,
} from "./error.ts";
import { historyOf, told } from "./history.ts";
import { godaddyMail } from "./mail.ts";
import { details, idOf, listed, uuidOf } from "./order.ts";
import { godaddySeed } from "./seed.ts";

const ca = "godaddy";
const path = "/godaddy/";
/** The vendor's largest page is described nowhere. */
const usualLargestPage = 100;

interface Call {
  readonly method: string;
  /** Behind the base path, decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly order: BookOrder | null;
}

/** GoDaddy's Certificates API, versions 1 and 2, as far as listing, details, mails and downloads need it. */
export const godaddy: Dialect = {
  ca,
  path,
  products: { dv: "DV_SSL", ov: "OV_SSL", ev: "EV_SSL" },
  seed: godaddySeed,
  newSecrets: () => ({
    customerId: randomUUID(),
    key: randomBytes(18).toString("base64url"),
    secret: randomBytes(16).toString("base64url"),
  }),
  account: ({ customerId = "", key = "", secret = "" }) => ({
    settings: { customerId },
    credential: { key, secret },
  }),
  fulfillmentMail: godaddyMail,
  recipients: (order) => [order.technicalEmail],
  numberOf: uuidOf,
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
  const call = readCall(world, incoming, url);
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
    admit(world, incoming, call);
    await desk.turnClock();
    const fault = desk.faults.of(call.method === "GET" ? "read" : "resend", entry.orderId);
    if (fault !== null && fault !== "slow") {
      if (isAfterMail(fault)) await perform(world, call);
      return await playFault(fault, outgoing, faultWords());
    }
    const answer = await perform(world, call);
    if (fault === "slow" && answer.body !== undefined) await drip(outgoing, answer.body);
    else send(outgoing, answer);
  } catch (error) {
    if (outgoing.headersSent) return void outgoing.destroy();
    const isSpoken = error instanceof GodaddyError;
    send(outgoing, spokenError(isSpoken ? error : new GodaddyError(500, "INTERNAL_ERROR", "Internal error")));
  }
}

function readCall({ desk }: DialectWorld, incoming: IncomingMessage, url: URL): Call {
  const parts = url.pathname
    .slice(path.length)
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const id = idOf(parts.find((part) => idOf(part) !== null) ?? "");
  const order = id === null ? null : desk.find(id, ca);
  return { method: incoming.method ?? "GET", parts, query: url.searchParams, order };
}

/** Who asks, and for whom. */
function admit({ secrets }: DialectWorld, incoming: IncomingMessage, { parts }: Call): void {
  if (incoming.headers.authorization !== `sso-key ${secrets.key}:${secrets.secret}`) throw wrongKey();
  const [version, area, customerId] = parts;
  if (version === "v2" && area === "customers" && customerId !== secrets.customerId) throw accessDenied();
}

async function perform(world: DialectWorld, call: Call): Promise<Answer> {
  const [version, ...rest] = call.parts;
  if (version === "v2" && rest[0] === "customers" && rest[2] === "certificates") {
    if (rest[3] === undefined) return ok(list(world, call.query));
    return ok(details(needOrder(call)));
  }
  if (version !== "v1" || rest[0] !== "certificates") throw notFound("route");
  return await performOnOrder(world, call, needOrder(call), rest.slice(2));
}

function list({ desk, largestPage }: DialectWorld, query: URLSearchParams) {
  const number = (name: string, otherwise: number) =>
    /^\d{1,9}$/.test(query.get(name) ?? "") ? Number(query.get(name)) : otherwise;
  const limit = Math.min(number("limit", 50), largestPage() ?? usualLargestPage);
  const offset = number("offset", 0);
  // The newest first, so that new orders move the others down.
  const all = [...desk.ordersOf(ca)].sort((a, b) => b.id - a.id);
  return {
    certificates: all.slice(offset, offset + limit).map(listed),
    pagination: { total: all.length, next: "https://elsewhere.sandbox.test/next" },
  };
}

async function performOnOrder(
  { desk }: DialectWorld,
  { method }: Call,
  order: BookOrder,
  rest: readonly string[],
): Promise<Answer> {
  const history = historyOf(order, desk.journal().mails);
  const [area, mailId, verb, address] = rest;
  if (method === "GET" && area === undefined) return ok(details(order));
  if (method === "GET" && area === "download") return ok(download(desk, order));
  if (area !== "email") throw notFound("route");
  if (method === "GET" && mailId === "history") {
    if (history.length === 0) throw wrongState("Email history not found");
    // The description has one object, though its words say all.
    const [first] = history;
    return ok(history.length === 1 && first ? told(first) : history.map(told));
  }
  if (method !== "POST") throw notFound("route");
  if (mailId === "resend") return ok(history.map(told).at(-1));
  const mail = history.find(({ id }) => String(id) === mailId);
  if (!mail || verb !== "resend") throw wrongState("Email ID not found");
  if (!desk.canSend(order, mail.kind)) throw wrongState("Certificate state does not allow this email");
  await desk.send(order, mail.kind, { to: [address ?? mail.recipients] });
  return { status: 204, body: undefined };
}

function download(desk: CertificateDesk, order: BookOrder) {
  if (order.certificatePem === null) throw wrongState("Certificate state does not allow download");
  return {
    pems: { certificate: order.certificatePem, intermediate: desk.intermediatePem, root: desk.rootPem },
    serialNumber: String(order.id),
  };
}

function needOrder({ order }: Call): BookOrder {
  if (!order) throw notFound("certificate");
  return order;
}

function faultWords(): FaultWords {
  return {
    refuse: spokenError(wrongState("The CA does not send this email at the moment")),
    "rate-limit": spokenError(overLimit()),
    "error-in-200": { status: 200, body: { code: "INTERNAL_ERROR", message: "Internal error" } },
    unauthorized: spokenError(wrongKey()),
    forbidden: spokenError(accessDenied()),
    "not-found": spokenError(notFound("certificate")),
  };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** Nothing goes out without a body and without a type for one. */
function send(outgoing: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) return void outgoing.writeHead(status).end();
  outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

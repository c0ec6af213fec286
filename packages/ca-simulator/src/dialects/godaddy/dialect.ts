import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Handler } from "../../listener.ts";
import type { BookOrder } from "../../order-book.ts";
import { type Answer, drip, type FaultWords, isAfterMail, playFault } from "../../play-fault.ts";
import type { Dialect, DialectWorld } from "../dialect.ts";
import {
  conflict,
  GodaddyError,
  invalid,
  noAccess,
  noSuchMail,
  notFound,
  overLimit,
  spokenError,
  wrongKey,
} from "./error.ts";
import { type HistoryMail, historyOf, spokenHistory, spokenMail } from "./history.ts";
import { godaddyMail } from "./mail.ts";
import { detailV1, detailV2, listRow, numberOf, serialOf, uuidOf } from "./order.ts";
import { godaddySeed } from "./seed.ts";

const ca = "godaddy";
const path = "/godaddy/";
/** A page without a limit; the vendor names no largest one. */
const usualPage = 50;
const usualLargestPage = 1000;

interface Call {
  readonly method: string;
  /** Behind the base path, decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly order: BookOrder | null;
}

/** GoDaddy's Certificates API, as far as listing, details, mails and downloads need it. */
export const godaddy: Dialect = {
  ca,
  path,
  products: { dv: "DV_SSL", ov: "OV_SSL", ev: "EV_SSL" },
  seed: godaddySeed,
  newSecrets: () => ({
    customerId: randomUUID(),
    apiKey: randomBytes(16).toString("hex"),
    apiSecret: randomBytes(16).toString("hex"),
  }),
  account: ({ customerId = "", apiKey = "", apiSecret = "" }) => ({
    settings: { customerId },
    credential: { apiKey, apiSecret },
  }),
  fulfillmentMail: async (order, _, how) => await godaddyMail(order, how),
  // The order's contact, not whom the domain's consent is asked of.
  recipients: (order) => [order.technicalEmail],
  numberOf: uuidOf,
  handler: (world): Handler => {
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
    send(outgoing, spokenError(isSpoken ? error : new GodaddyError(500, "ERROR_INTERNAL", "Internal error")));
  }
}

function readCall({ desk }: DialectWorld, incoming: IncomingMessage, url: URL): Call {
  const parts = url.pathname
    .slice(path.length)
    .split("/")
    .filter((part) => part !== "")
    .map(decoded);
  const id = parts[parts[1] === "customers" ? 4 : 2] ?? "";
  const order = desk.find(numberOf(id), ca);
  return { method: incoming.method ?? "GET", parts, query: url.searchParams, order };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Who asks: `sso-key key:secret`. And for whom: a customer who is another's business is nobody's. */
function admit({ secrets }: DialectWorld, { headers }: IncomingMessage, { parts }: Call): void {
  const [, key, secret] = /^sso-key ([^:]*):(.*)$/i.exec(headers.authorization ?? "") ?? [];
  if (key !== secrets.apiKey || secret !== secrets.apiSecret) throw wrongKey();
  if (parts[1] === "customers" && parts[2] !== secrets.customerId) throw noAccess();
}

async function perform(world: DialectWorld, call: Call): Promise<Answer> {
  const [version, area, ...rest] = call.parts;
  const isOfCustomer = version === "v2" && area === "customers" && rest[1] === "certificates";
  if (call.method === "GET" && isOfCustomer && rest.length === 2) return ok(list(world, call.query));
  const isOfCertificate = version === "v1" && area === "certificates";
  if (!isOfCustomer && !isOfCertificate) throw notFound("path");
  if (call.order === null) throw notFound("certificate");
  if (isOfCustomer) {
    if (call.method !== "GET" || rest.length !== 3) throw notFound("path");
    return ok(detailV2(call.order, world.now()));
  }
  return await performOnCertificate(world, call, call.order, rest.slice(1));
}

/** Newest first, for which there is no word of the vendor's; what is added moves all others, which is the harder case. */
function list({ desk, now, largestPage }: DialectWorld, query: URLSearchParams) {
  const number = (name: string, usual: number) => {
    const value = Number(query.get(name) ?? usual);
    if (!Number.isInteger(value) || value < 0) throw invalid(`The ${name} is not a number`);
    return value;
  };
  const offset = number("offset", 0);
  const limit = Math.min(number("limit", usualPage), largestPage() ?? usualLargestPage);
  const all = desk.ordersOf(ca).toSorted((a, b) => b.id - a.id);
  const rows = all.slice(offset, offset + limit).map((order) => listRow(order, now()));
  // The links lead to where the service says it is, not to where it was asked.
  const link = (at: number) => `https://api.ca.sandbox.test/v2/certificates?offset=${at}&limit=${limit}`;
  const pagination = { first: link(0), next: link(offset + limit), total: all.length };
  return { certificates: rows, pagination };
}

async function performOnCertificate(
  { desk, now }: DialectWorld,
  call: Call,
  order: BookOrder,
  what: readonly string[],
): Promise<Answer> {
  const [first, second, third, address] = what;
  if (call.method === "GET" && what.length === 0) return ok(detailV1(order, now()));
  if (call.method === "GET" && first === "download") return ok(download(desk, order));
  if (first !== "email") throw notFound("path");
  const mails = historyOf(
    order,
    desk.journal().mails.filter(({ orderId }) => orderId === order.id),
  );
  if (call.method === "GET" && second === "history") {
    if (mails.length === 0) throw conflict("EMAIL_HISTORY_NOT_FOUND", "Email history not found");
    return ok(spokenHistory(order, mails));
  }
  if (call.method !== "POST") throw notFound("path");
  if (second === "resend" && third !== undefined) return await mailAlternate(desk, order, mails, third);
  if (third !== "resend" || what.length > 4) throw notFound("path");
  const mail = mails.find(({ id }) => String(id) === second);
  if (!mail) throw noSuchMail();
  await repeat(desk, order, mail, address ?? mail.to);
  return { status: 204, body: undefined };
}

async function repeat(
  desk: DialectWorld["desk"],
  order: BookOrder,
  { kind }: HistoryMail,
  to: string,
): Promise<void> {
  if (!isAddress(to)) throw invalid("The email address is not valid");
  if (!desk.canSend(order, kind))
    throw conflict("INVALID_STATE", "Certificate state does not allow this email to be sent");
  await desk.send(order, kind, { to: [to] });
}

/** "Add alternate email address": the order keeps it, and the mails for the domain's consent go to it once more. */
async function mailAlternate(
  desk: DialectWorld["desk"],
  order: BookOrder,
  mails: readonly HistoryMail[],
  address: string,
): Promise<Answer> {
  const request = mails.find(({ kind }) => kind === "approver");
  if (!request) throw conflict("INVALID_STATE", "Certificate state does not allow this email to be sent");
  await repeat(desk, order, request, address);
  desk.changeApproverEmail(order.id, address);
  return ok(spokenMail(order, { ...request, to: address }));
}

function download(desk: DialectWorld["desk"], order: BookOrder) {
  if (order.certificatePem === null || order.status === "Canceled")
    throw conflict("INVALID_STATE", "Certificate state does not allow download");
  const pems = {
    certificate: order.certificatePem,
    intermediate: desk.intermediatePem,
    root: desk.rootPem,
  };
  return { pems, serialNumber: serialOf(order) };
}

function isAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text);
}

function faultWords(): FaultWords {
  return {
    refuse: spokenError(conflict("INVALID_STATE", "Certificate state does not allow this email to be sent")),
    "rate-limit": spokenError(overLimit()),
    "error-in-200": spokenError(new GodaddyError(200, "ERROR_INTERNAL", "Internal error")),
    unauthorized: spokenError(wrongKey()),
    forbidden: spokenError(noAccess()),
    "not-found": spokenError(notFound("certificate")),
  };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** Nothing goes out as no body at all and without a type, the rest as JSON. */
function send(outgoing: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) return void outgoing.writeHead(status).end();
  outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

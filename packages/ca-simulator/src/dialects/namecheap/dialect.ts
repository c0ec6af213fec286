import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isIPv4 } from "node:net";
import { CallCounter } from "../../call-counter.ts";
import type { CertificateDesk } from "../../certificate-desk.ts";
import type { Handler } from "../../listener.ts";
import { fulfillmentMail } from "../../mails.ts";
import type { BookOrder, JournalMail } from "../../order-book.ts";
import { type Answer, drip, type FaultWords, isAfterMail, playFault } from "../../play-fault.ts";
import type { Dialect, DialectWorld } from "../dialect.ts";
import { type NamecheapCall, needed, readCall } from "./call.ts";
import {
  lockedUser,
  NamecheapError,
  noSuchCertificate,
  spoken,
  spokenError,
  tooManyRequests,
  unknownCommand,
  unknownReturntype,
  wrongIp,
  wrongKey,
  wrongStatus,
  wrongUserName,
  xmlAnswer,
} from "./error.ts";
import { listed, pageOf } from "./list.ts";
import { listRow, orderInfo } from "./order.ts";
import { namecheapSeed } from "./seed.ts";
import { element } from "./xml.ts";

const ca = "namecheap";
/** Where calls come from, as the account's list of allowed addresses has it. */
const clientIp = "127.0.0.1";
/** "API FAQ": per key. */
const limits = [
  { calls: 20, perMs: 60_000 },
  { calls: 700, perMs: 3_600_000 },
  { calls: 8000, perMs: 86_400_000 },
];

const mailCommands = new Map<string, JournalMail["kind"]>([
  ["ssl.resendfulfillmentemail", "fulfillment"],
  ["ssl.resendapproveremail", "approver"],
]);

/** Namecheap's XML API, as far as listing, details, mails and downloads need it. */
export const namecheap: Dialect = {
  ca,
  path: "/namecheap/",
  products: { dv: "Standard SSL", ov: "High Assurance SSL", ev: "EV SSL" },
  isInWholeDays: true,
  seed: namecheapSeed,
  newSecrets: () => ({ apiUser: "sandboxdesk", apiKey: randomBytes(16).toString("hex") }),
  account: ({ apiUser = "", apiKey = "" }) => ({ settings: { apiUser, clientIp }, credential: { apiKey } }),
  fulfillmentMail: async (order, { intermediatePem }, how) =>
    await fulfillmentMail(order, intermediatePem, how),
  // The administrator named at the activation, not the approver.
  recipients: (order) => [order.technicalEmail],
  handler(world): Handler {
    const counter = new CallCounter(limits);
    return async (incoming, outgoing, url) => await answerCall(world, counter, incoming, outgoing, url);
  },
};

async function answerCall(
  world: DialectWorld,
  counter: CallCounter,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  url: URL,
): Promise<void> {
  const { desk } = world;
  const call = await readCall(incoming, url);
  const entry = {
    at: world.now().toISOString(),
    method: incoming.method ?? "",
    path: url.pathname,
    orderId: findOrder(desk, call)?.id ?? null,
    status: null as number | null,
  };
  outgoing.on("finish", () => {
    entry.status = outgoing.statusCode;
  });
  desk.noteCall(entry);
  if (url.pathname !== "/namecheap/xml.response") return void outgoing.writeHead(404).end();
  // So the vendor's own Go SDK has met the limit: a bare 405, before anything is looked at.
  if (!counter.isWithin(call.parameters.get("apikey") ?? "", world.now().getTime()))
    return void outgoing.writeHead(405).end();
  try {
    admit(world, call);
    await desk.turnClock();
    const fault = desk.faults.of(mailCommands.has(call.command) ? "resend" : "read", entry.orderId);
    if (fault !== null && fault !== "slow") {
      if (isAfterMail(fault)) await perform(world, call);
      return await playFault(fault, outgoing, faultWords(call, entry.orderId ?? ""));
    }
    const answer = await perform(world, call);
    if (fault === "slow") await drip(outgoing, answer.body, answer.headers);
    else send(outgoing, answer);
  } catch (error) {
    if (outgoing.headersSent) return void outgoing.destroy();
    const isSpoken = error instanceof NamecheapError;
    send(outgoing, spokenError(isSpoken ? error : new NamecheapError("5050900", "Unhandled exceptions")));
  }
}

/** Who asks, from where, for whom. */
function admit({ secrets }: DialectWorld, call: NamecheapCall): void {
  const apiUser = needed(call, "apiuser");
  const apiKey = needed(call, "apikey");
  const userName = needed(call, "username");
  const ip = needed(call, "clientip");
  needed(call, "command");
  if (!isIPv4(ip)) throw new NamecheapError("1011105", "Parameter ClientIP is invalid");
  if (apiUser !== secrets.apiUser || apiKey !== secrets.apiKey) throw wrongKey();
  if (userName !== apiUser) throw wrongUserName();
  if (ip !== clientIp) throw wrongIp(ip);
}

async function perform(world: DialectWorld, call: NamecheapCall): Promise<Answer> {
  if (call.command === "ssl.getlist") return spoken("namecheap.ssl.getList", list(world, call));
  if (call.command === "ssl.getinfo") return spoken("namecheap.ssl.getInfo", [info(world, call)]);
  const kind = mailCommands.get(call.command);
  if (kind === undefined) throw unknownCommand(call.command);
  const order = needOrder(world.desk, call);
  if (!world.desk.canSend(order, kind)) throw wrongStatus();
  await world.desk.send(order, kind);
  return mailed(kind, order.id, true);
}

function list({ desk, now, largestPage }: DialectWorld, { parameters }: NamecheapCall): readonly string[] {
  const { page, size } = pageOf(parameters, largestPage());
  const all = listed(desk.ordersOf(ca), parameters);
  const rows = all.slice((page - 1) * size, page * size).map((order) => listRow(order, now()));
  const paging = { TotalItems: all.length, CurrentPage: page, PageSize: size };
  return [
    element("SSLListResult", {}, rows),
    element(
      "Paging",
      {},
      Object.entries(paging).map(([name, value]) => element(name, {}, [String(value)])),
    ),
  ];
}

function info({ desk }: DialectWorld, call: NamecheapCall): string {
  const isWanted = call.parameters.get("returncertificate")?.toLowerCase() === "true";
  const type = call.parameters.get("returntype")?.toLowerCase();
  if (isWanted && type !== "individual") throw unknownReturntype();
  const { intermediatePem } = desk;
  return orderInfo(needOrder(desk, call), isWanted ? { intermediatePem } : null);
}

function mailed(kind: JournalMail["kind"], orderId: number | string, isSuccess: boolean): Answer {
  const [command, result] =
    kind === "fulfillment"
      ? ["resendFulfillmentEmail", "SSLResendFulfillmentEmailResult"]
      : ["resendApproverEmail", "SSLResendApproverEmailResult"];
  return spoken(`namecheap.ssl.${command}`, [element(result, { ID: orderId, IsSuccess: isSuccess })]);
}

function findOrder(desk: CertificateDesk, { parameters }: NamecheapCall): BookOrder | null {
  const id = parameters.get("certificateid") ?? "";
  return /^\d{1,10}$/.test(id) ? desk.find(Number(id), ca) : null;
}

function needOrder(desk: CertificateDesk, call: NamecheapCall): BookOrder {
  needed(call, "certificateid");
  const found = findOrder(desk, call);
  if (!found) throw noSuchCertificate();
  return found;
}

function faultWords({ command }: NamecheapCall, orderId: number | string): FaultWords {
  const refused = new NamecheapError("3022334", "Failed to resend fulfillment email");
  return {
    refuse: spokenError(refused),
    "rate-limit": spokenError(tooManyRequests()),
    // An error under a success, which is neither.
    "error-in-200": xmlAnswer("OK", [
      element("Errors", {}, [element("Error", { Number: 0 }, ["Internal error"])]),
    ]),
    unauthorized: spokenError(wrongKey()),
    forbidden: spokenError(lockedUser()),
    "not-found": spokenError(noSuchCertificate()),
    false: mailed(mailCommands.get(command) ?? "fulfillment", orderId, false),
  };
}

function send(outgoing: ServerResponse, { status, body, headers }: Answer): void {
  outgoing.writeHead(status, headers).end(body);
}

import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { CertificateDesk } from "../../certificate-desk.ts";
import { type Handler, readBody } from "../../listener.ts";
import type { BookOrder, JournalMail } from "../../order-book.ts";
import { type Answer, drip, type FaultWords, isAfterMail, playFault } from "../../play-fault.ts";
import type { Dialect, DialectWorld } from "../dialect.ts";
import {
  AzureError,
  missingApiVersion,
  noOrder,
  noRoute,
  noSubscription,
  noSuchMail,
  SignInError,
  spokenError,
  spokenRefusal,
  throttled,
  unauthorizedClient,
  wrongToken,
} from "./error.ts";
import { azureMail } from "./mail.ts";
import { azureOrder, emailHistory, numberIn, numberOf, resourceGroup, subscriptionId } from "./order.ts";
import { azureAppServiceSeed } from "./seed.ts";
import { admit, clientId, giveToken, type Tokens, tenantId } from "./token.ts";

const ca = "azure-app-service";
const path = "/azure/";
/** The size of a page is documented nowhere; this one is ours. */
const usualLargestPage = 50;
/** As long as an answer in drops takes. */
const slowMs = 1500;

interface Call {
  readonly method: string;
  /** The resource group and the name of one order, as the caller wrote them; null: all of the subscription. */
  readonly group: string | null;
  readonly order: BookOrder | null;
  /** What is done with the order; empty: it is read. */
  readonly action: string;
  readonly url: URL;
  readonly body: string;
}

/** Microsoft's sign-in and Azure Resource Manager, as far as listing, details, mails and history need them. */
export const azureAppService: Dialect = {
  ca,
  path,
  products: {
    dv: "StandardDomainValidatedSsl",
    ov: "StandardDomainValidatedSsl",
    ev: "StandardDomainValidatedSsl",
  },
  seed: azureAppServiceSeed,
  newSecrets: () => ({ clientSecret: randomBytes(30).toString("base64url") }),
  account: ({ clientSecret = "" }) => ({
    settings: { tenantId, subscriptionId, clientId },
    credential: { clientSecret },
  }),
  fulfillmentMail: azureMail,
  numberOf,
  handler(world): Handler {
    const tokens: Tokens = new Map();
    return async (incoming, outgoing, url) => await answerCall(world, tokens, incoming, outgoing, url);
  },
};

async function answerCall(
  world: DialectWorld,
  tokens: Tokens,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  url: URL,
): Promise<void> {
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
  world.desk.noteCall(entry);
  try {
    const tenant = /^\/azure\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(url.pathname)?.[1];
    // Faults are those of orders: signing in has none.
    if (tenant !== undefined) return send(outgoing, await giveToken(world, tokens, tenant, incoming));
    const call = await readCall(world, incoming, url);
    entry.orderId = call.order?.id ?? null;
    admit(world, tokens, incoming);
    await world.desk.turnClock();
    await answerOrPlay(world, call, outgoing);
  } catch (error) {
    if (outgoing.headersSent) return void outgoing.destroy();
    if (error instanceof SignInError) return send(outgoing, spokenRefusal(error));
    const isSpoken = error instanceof AzureError;
    send(outgoing, spokenError(isSpoken ? error : new AzureError(500, "InternalServerError", "Error")));
  }
}

async function answerOrPlay(world: DialectWorld, call: Call, outgoing: ServerResponse): Promise<void> {
  const isMail = call.action.toLowerCase().startsWith("resend");
  const fault = world.desk.faults.of(isMail ? "resend" : "read", call.order?.id ?? null);
  if (fault !== null && fault !== "slow") {
    if (isAfterMail(fault)) await perform(world, call);
    return await playFault(fault, outgoing, faultWords());
  }
  const answer = await perform(world, call);
  if (fault === "slow" && answer.body !== undefined) return await drip(outgoing, answer.body, answer.headers);
  if (fault === "slow") await wait(slowMs);
  send(outgoing, answer);
}

/** Reads a path of Azure Resource Manager, whose words may be written in any case. */
async function readCall({ desk }: DialectWorld, incoming: IncomingMessage, url: URL): Promise<Call> {
  const pattern =
    /^\/azure\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?\/providers\/Microsoft\.CertificateRegistration\/certificateOrders(?:\/([^/]+)(?:\/(\w+))?)?$/i;
  const found = pattern.exec(url.pathname);
  const [, subscription, group = null, name, action = ""] = found ?? [];
  const body = incoming.method === "POST" ? (await readBody(incoming)).toString("utf8") : "";
  if (!found || (group === null) !== (name === undefined)) throw noRoute();
  if (!url.searchParams.get("api-version")) throw missingApiVersion();
  if (subscription?.toLowerCase() !== subscriptionId) throw noSubscription();
  const isOurs = group?.toLowerCase() === resourceGroup.toLowerCase();
  const number = isOurs ? numberIn(name ?? "") : null;
  const order = number === null ? null : desk.find(number, ca);
  return { method: incoming.method ?? "", group, order, action, url, body };
}

async function perform(world: DialectWorld, call: Call): Promise<Answer> {
  const { desk } = world;
  const { method, group, order, action } = call;
  if (group === null) return list(world, call);
  if (!order) throw noOrder();
  switch (`${method} ${action.toLowerCase()}`) {
    case "GET ":
      return { status: 200, body: azureOrder(order, desk, group) };
    case "POST resendemail":
      return await mail(desk, order, "fulfillment", [order.approverEmail]);
    case "POST resendrequestemails":
      return await mail(desk, order, "approver", [readName(call.body)]);
    case "POST retrieveemailhistory":
      return { status: 200, body: emailHistory(order, desk.journal().mails) };
    default:
      throw noRoute();
  }
}

/** By growing number, after the one a link names: orders that come meanwhile come at the end. */
function list({ desk, largestPage }: DialectWorld, { method, url }: Call): Answer {
  if (method !== "GET") throw noRoute();
  const after = Number(url.searchParams.get("$skipToken") ?? 0);
  const size = largestPage() ?? usualLargestPage;
  const left = desk
    .ordersOf(ca)
    .filter(({ id }) => id > after)
    .toSorted((a, b) => a.id - b.id);
  const page = left.slice(0, size);
  const value = page.map((order) => azureOrder(order, desk));
  const last = page.at(-1);
  if (left.length === page.length || !last) return { status: 200, body: { value, nextLink: null } };
  const next = new URL(url);
  next.searchParams.set("$skipToken", String(last.id));
  return { status: 200, body: { value, nextLink: next.href } };
}

async function mail(
  desk: CertificateDesk,
  order: BookOrder,
  kind: JournalMail["kind"],
  to: readonly string[],
): Promise<Answer> {
  if (!desk.canSend(order, kind)) throw noSuchMail();
  await desk.send(order, kind, { to });
  return { status: 204, body: undefined };
}

/** "NameIdentifier", which here is an address. */
function readName(text: string): string {
  const name = /^\s*\{\s*"name"\s*:\s*"([^\s@"]+@[^\s@"]+)"\s*\}\s*$/i.exec(text)?.[1];
  if (name === undefined) throw new AzureError(400, "BadRequest", "The parameter name is not valid.");
  return name;
}

function faultWords(): FaultWords {
  const said = (status: number, code: string, text: string) =>
    spokenError(new AzureError(status, code, text));
  return {
    refuse: said(409, "Conflict", "The CA does not send this email at the moment."),
    "rate-limit": spokenError(throttled()),
    "error-in-200": said(200, "InternalServerError", "Internal error"),
    unauthorized: spokenError(wrongToken()),
    forbidden: spokenError(unauthorizedClient()),
    "not-found": spokenError(noOrder()),
  };
}

/** Nothing goes out as no body at all, the rest as JSON. */
function send(outgoing: ServerResponse, { status, body, headers = {} }: Answer): void {
  if (body === undefined) return void outgoing.writeHead(status, headers).end();
  const type = { "content-type": "application/json; charset=utf-8" };
  outgoing.writeHead(status, { ...type, ...headers }).end(JSON.stringify(body));
}

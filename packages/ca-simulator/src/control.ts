import type { IncomingMessage, ServerResponse } from "node:http";
import type { CertificateDesk } from "./certificate-desk.ts";
import type { Fault, FaultScope } from "./faults.ts";
import { type Handler, readBody, sendJson } from "./listener.ts";
import type { Mailbox, MailFacts } from "./mailbox.ts";
import type { NewOrder } from "./new-order.ts";
import type { BookOrder, Journal, StatusName } from "./order-book.ts";

/** What tests may do to the CA and see of it. The same over HTTP as in the process. */
export interface Control {
  placeOrder(input: NewOrder): Promise<BookOrder>;
  order(id: number): Promise<BookOrder | null>;
  orders(): Promise<readonly BookOrder[]>;
  setStatus(id: number, status: StatusName): Promise<void>;
  /** Moves an order on at once: pending becomes Approved (issued, and its mail is sent), Approved becomes Complete. */
  advance(id: number): Promise<void>;
  cancelOrder(id: number): Promise<void>;
  changeApproverEmail(id: number, address: string): Promise<void>;
  /** Shows this word in place of the CA's own for the status; null: its own again. */
  setVendorStatus(id: number, word: string | null): Promise<void>;
  /** The most orders a page of a list holds, where the CA has pages; null: as many as there. */
  setLargestPage(orders: number | null): Promise<void>;
  /** Hands mails to this mail server from now on; null: to the sandbox's own mailbox again. */
  setMailServer(server: MailServerChoice | null): Promise<void>;
  reissue(id: number): Promise<void>;
  setFault(scope: FaultScope, id: number | "all", fault: Fault | null): Promise<void>;
  clearFaults(): Promise<void>;
  journal(): Promise<Journal>;
  /** In the order of arrival. */
  mails(): Promise<readonly MailFacts[]>;
  rawMail(mailId: string): Promise<Uint8Array>;
  /** The private key made with the order, as PKCS#8 PEM; null where the request came from elsewhere. */
  keyOf(id: number): Promise<string | null>;
}

/** A mail server on this machine. */
export interface MailServerChoice {
  readonly port: number;
  /** Who is told of a mail that cannot be delivered; the CA's own sender without. */
  readonly returnTo?: string;
}

/** What the control turns while everything runs. */
export interface Knobs {
  largestPage: number | null;
  mailServer: MailServerChoice | null;
}

export function controlOf(desk: CertificateDesk, mailbox: Mailbox, knobs: Knobs): Control {
  return {
    placeOrder: async (input) => await desk.place(input),
    order: async (id) => desk.find(id),
    orders: async () => desk.orders,
    setStatus: async (id, status) => await desk.setStatus(id, status),
    advance: async (id) => await desk.advance(id),
    cancelOrder: async (id) => await desk.cancel(id),
    changeApproverEmail: async (id, address) => desk.changeApproverEmail(id, address),
    setVendorStatus: async (id, word) => desk.setVendorStatus(id, word),
    setLargestPage: async (orders) => {
      knobs.largestPage = orders;
    },
    setMailServer: async (server) => {
      knobs.mailServer = server;
    },
    reissue: async (id) => await desk.reissue(id),
    setFault: async (scope, id, fault) => desk.faults.set(scope, id, fault),
    clearFaults: async () => desk.faults.clear(),
    journal: async () => desk.journal(),
    mails: async () => mailbox.facts(),
    async rawMail(mailId) {
      const mail = mailbox.find(mailId);
      if (!mail) throw new Error("no such mail");
      return mail.raw;
    },
    async keyOf(id) {
      const order = desk.find(id);
      if (!order) throw new Error(`no order ${id}`);
      return order.privateKeyPem;
    },
  };
}

const tokenHeader = "x-control-token";

/** The control over HTTP: `POST /<name>` with the arguments as a JSON list. */
export function controlListener(control: Control, token: string): Handler {
  return async (request, response) => {
    try {
      await answer(control, token, request, response);
    } catch (error) {
      sendJson(response, 400, { error: error instanceof Error ? error.message : "failed" });
    }
  };
}

async function answer(
  control: Control,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "POST") return sendJson(response, 405, { error: "only POST" });
  if (request.headers[tokenHeader] !== token) return sendJson(response, 403, { error: "no token" });
  const args: unknown = JSON.parse((await readBody(request)).toString("utf8") || "[]");
  if (!Array.isArray(args)) throw new Error("the arguments are not a list");
  sendJson(response, 200, { value: await invoke(control, (request.url ?? "/").slice(1), args) });
}

/** Bytes travel as base64; every other answer is plain JSON. */
async function invoke(control: Control, name: string, args: readonly unknown[]): Promise<unknown> {
  const found = Object.entries(control).find(([known]) => known === name)?.[1];
  if (typeof found !== "function") throw new Error("no such command");
  const value: unknown = await Reflect.apply(found, control, revived(args));
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}

/** Moments arrive as text. */
function revived(args: readonly unknown[]): unknown[] {
  return args.map((arg) => {
    if (typeof arg !== "object" || arg === null) return arg;
    const entries = Object.entries(arg).map(([key, value]) => [
      key,
      /At$/.test(key) ? new Date(String(value)) : value,
    ]);
    return Object.fromEntries(entries);
  });
}

/** The same control from another process. */
export function connectControl(url: string, token: string): Control {
  const call = async (name: string, ...args: unknown[]) => {
    const headers = { [tokenHeader]: token, "content-type": "application/json" };
    const answer = await fetch(new URL(name, url), { method: "POST", headers, body: JSON.stringify(args) });
    const body: unknown = await answer.json();
    if (typeof body !== "object" || body === null) throw new Error("the simulator did not answer");
    if ("error" in body) throw new Error(String(body.error));
    return "value" in body ? body.value : undefined;
  };
  return remote(call);
}

/** Answers come from `controlListener`, which gives them by the same types. */
function remote(call: (name: string, ...args: unknown[]) => Promise<unknown>): Control {
  const through =
    (name: keyof Control) =>
    (...args: unknown[]) =>
      call(name, ...args) as Promise<never>;
  return {
    placeOrder: through("placeOrder"),
    order: through("order"),
    orders: through("orders"),
    setStatus: through("setStatus"),
    advance: through("advance"),
    cancelOrder: through("cancelOrder"),
    changeApproverEmail: through("changeApproverEmail"),
    setVendorStatus: through("setVendorStatus"),
    setLargestPage: through("setLargestPage"),
    setMailServer: through("setMailServer"),
    reissue: through("reissue"),
    setFault: through("setFault"),
    clearFaults: through("clearFaults"),
    journal: through("journal"),
    mails: through("mails"),
    keyOf: through("keyOf"),
    rawMail: async (mailId) => Buffer.from(String(await call("rawMail", mailId)), "base64"),
  };
}

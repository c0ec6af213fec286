import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "./faults.ts";
import { sendJson } from "./listener.ts";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a dialect says what every CA can say. `false`: its own way to answer no; without, a bare JSON false. */
export type FaultWords = Readonly<
  Record<"refuse" | "rate-limit" | "error-in-200" | "unauthorized" | "forbidden" | "not-found", Answer>
> & { readonly false?: Answer };

const htmlType = { "content-type": "text/html" };
const jsonType = { "content-type": "application/json" };

/** Whether the mail leaves although no answer comes. */
export function isAfterMail(fault: Fault): boolean {
  return fault === "no-answer-after-mail" || fault === "hang-after-mail";
}

/** Plays a fault in place of the answer. Sends no mail. */
export function playFault(
  fault: Exclude<Fault, "slow">,
  outgoing: ServerResponse,
  words: FaultWords,
): void | Promise<void> {
  if (typeof fault === "object") {
    if (typeof fault.body !== "string") return sendJson(outgoing, fault.status, fault.body);
    return void outgoing.writeHead(fault.status, { "content-type": "text/plain" }).end(fault.body);
  }
  switch (fault) {
    case "http-500":
      return void outgoing.writeHead(500, { "content-type": "text/plain" }).end("upstream failure");
    case "http-503":
      return void outgoing.writeHead(503, htmlType).end("<html><body>maintenance</body></html>");
    case "html":
      return void outgoing.writeHead(200, htmlType).end("<html><body>Please sign in</body></html>");
    case "garbage":
      return void outgoing.writeHead(200, jsonType).end('{"id": 12, "status": ');
    case "half-answer":
      outgoing.writeHead(200, { ...jsonType, "content-length": "400" }).write("tr");
      return void setImmediate(() => outgoing.destroy());
    case "no-answer-before-mail":
    case "no-answer-after-mail":
      return void outgoing.socket?.resetAndDestroy();
    case "hang-before-mail":
    case "hang-after-mail":
      // Open until the caller has had enough.
      return;
    case "empty-200":
      return void outgoing.writeHead(200, jsonType).end();
    case "false":
      return say(outgoing, words.false ?? { status: 200, body: false });
    case "redirect":
      return void outgoing.writeHead(302, { location: "/elsewhere" }).end();
    case "huge":
      return pour(outgoing, Buffer.alloc(1024 * 1024, "x"), 50);
    case "endless":
      return pour(outgoing, Buffer.from("x"), Number.POSITIVE_INFINITY, 20);
    default:
      return say(outgoing, words[fault]);
  }
}

/** A text goes out as it is, everything else as JSON. */
function say(outgoing: ServerResponse, { status, body, headers }: Answer): void {
  if (typeof body === "string") return void outgoing.writeHead(status, headers).end(body);
  sendJson(outgoing, status, body, headers);
}

/** A JSON string that goes on for so many pieces, or until the caller has had enough. */
async function pour(outgoing: ServerResponse, piece: Buffer, pieces: number, pauseMs = 0): Promise<void> {
  outgoing.writeHead(200, jsonType).write('{"id": "');
  for (let i = 0; i < pieces && !outgoing.destroyed; i++) {
    outgoing.write(piece);
    await wait(pauseMs);
  }
  outgoing.end('"}');
}

const dripMs = 1500;
const longestDrops = 30;

/** The right answer, a text or else JSON, in drops: long enough to be seen, short enough to be waited for. */
export async function drip(
  outgoing: ServerResponse,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const bytes = Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  const drops = Math.min(longestDrops, bytes.length);
  outgoing.writeHead(200, { ...jsonType, ...headers });
  for (let drop = 0; drop < drops && !outgoing.destroyed; drop++) {
    await wait(dripMs / drops);
    const [from, to] = [drop, drop + 1].map((n) => Math.round((bytes.length * n) / drops));
    outgoing.write(bytes.subarray(from, to));
  }
  outgoing.end();
}

import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { CertificateDesk } from "../certificate-desk.ts";
import type { Fault } from "../faults.ts";
import { sendJson } from "../listener.ts";
import type { IbmCall } from "./ibm-call.ts";
import { IbmError, notFound } from "./ibm-error.ts";

const htmlType = { "content-type": "text/html" };
const jsonType = { "content-type": "application/json" };

/** Plays a fault in place of the answer. A mail leaves only where the fault's name says so. */
export async function playFault(
  desk: CertificateDesk,
  fault: Exclude<Fault, "slow">,
  call: IbmCall,
  outgoing: ServerResponse,
): Promise<void> {
  const found = call.id === null ? null : desk.find(call.id);
  if (
    found &&
    call.method === "resendEmail" &&
    (fault === "no-answer-after-mail" || fault === "hang-after-mail")
  )
    await desk.send(found, call.args[0] === "ApproverEmail" ? "approver" : "fulfillment");
  answer(fault, outgoing, call);
}

function answer(fault: Exclude<Fault, "slow">, outgoing: ServerResponse, call: IbmCall): void {
  if (typeof fault === "object") {
    if (typeof fault.body !== "string") return sendJson(outgoing, fault.status, fault.body);
    return void outgoing.writeHead(fault.status, { "content-type": "text/plain" }).end(fault.body);
  }
  switch (fault) {
    case "refuse":
      throw new IbmError(500, "The CA does not send this email at the moment.");
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
    case "rate-limit":
      outgoing.setHeader("retry-after", "2");
      throw new IbmError(429, "Too many requests.", "SoftLayer_Exception_WebService_RateLimitExceeded");
    case "empty-200":
      return void outgoing.writeHead(200, jsonType).end();
    case "error-in-200":
      return sendJson(outgoing, 200, { error: "Internal Error", code: "SoftLayer_Exception_Public" });
    case "false":
      return sendJson(outgoing, 200, false);
    case "unauthorized":
      throw new IbmError(401, "Access Denied. ");
    case "forbidden":
      throw new IbmError(403, "Access Denied. ");
    case "not-found":
      throw notFound(call.id ?? call.args[0]);
  }
}

const dripMs = 1500;
const longestDrops = 30;

/** The right answer, in drops: long enough to be seen, short enough to be waited for. */
export async function drip(
  outgoing: ServerResponse,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(value));
  const drops = Math.min(longestDrops, bytes.length);
  outgoing.writeHead(200, { ...jsonType, ...headers });
  for (let drop = 0; drop < drops && !outgoing.destroyed; drop++) {
    await wait(dripMs / drops);
    const [from, to] = [drop, drop + 1].map((n) => Math.round((bytes.length * n) / drops));
    outgoing.write(bytes.subarray(from, to));
  }
  outgoing.end();
}

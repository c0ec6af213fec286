import type { IncomingMessage } from "node:http";
import { readBody } from "../../listener.ts";
import { IbmError } from "./error.ts";

const basePath = /^\/rest\/v3(?:\.1)?\/(.*)$/;
export const requestService = "SoftLayer_Security_Certificate_Request";

export interface IbmCall {
  readonly service: string;
  readonly id: number | null;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly query: URLSearchParams;
}

/** Both spellings: the method in the path, or the HTTP verb's default; arguments in the body or as path segments. */
export async function readCall(incoming: IncomingMessage, url: URL): Promise<IbmCall> {
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

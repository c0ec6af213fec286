import type { IncomingMessage } from "node:http";
import { type ApiContext, appRouter, refusalOf, type Services, toTrpcError } from "@sealpost/api";
import { refuse } from "@sealpost/domain";
import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape, type TRPCError } from "@trpc/server";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { getHTTPStatusCode } from "@trpc/server/http";
import { logFault } from "./events.ts";
import { answer, longestBodyBytes, type Request, type Route } from "./http.ts";
import type { Logger } from "./logger.ts";

const basePath = "/api/trpc/";
/** Longest JSON of one request; only the import's form is larger. */
const longestJsonBytes = 256 * 1024;
/** Calls in one request; the pages keep to it. */
const mostCalls = 20;

/** The router over HTTP: what only reads by the short way, everything else by the library's. */
export function trpcRoute({ services, log }: { readonly services: Services; readonly log: Logger }): Route {
  const requests = new WeakMap<IncomingMessage, Request>();
  const contextOf = ({ visitor, retryAt, requestId, signal }: Request): ApiContext => {
    if (retryAt) throw toTrpcError(refuse({ code: "too-many-requests", retryAt }));
    const { actor, person, sessionId } = visitor ?? { actor: null, person: null, sessionId: null };
    return { services, actor, person, sessionId, requestId, signal };
  };
  const logIfOurs = (error: TRPCError, path: string | undefined, requestId: string | undefined) => {
    const refusal = refusalOf(error);
    const isOurs = error.code === "INTERNAL_SERVER_ERROR" && refusal === null;
    if (isOurs || refusal?.code === "disk-full")
      logFault(log, path ?? "trpc", error.cause ?? error, requestId);
  };
  const handlerUpTo = (maxBodySize: number) =>
    createHTTPHandler({
      router: appRouter,
      basePath,
      maxBodySize,
      maxBatchSize: mostCalls,
      async createContext({ req }) {
        const request = requests.get(req);
        if (!request) throw new Error("a request that did not come through the front door");
        return contextOf(request);
      },
      onError: ({ error, path, ctx }) => logIfOurs(error, path, ctx?.requestId),
    });
  const handlers = { json: handlerUpTo(longestJsonBytes), form: handlerUpTo(longestBodyBytes) };

  /**
   * The library's way through Fetch's Request and Response, a stream and four abort signals for each call takes longer
   * than a page of orders does. Its wire format (trpc.io, "HTTP RPC Specification") needs none of them.
   */
  const read = async (request: Request, { paths, inputs, isBatch }: Reading) => {
    const ctx = contextOf(request);
    const results = await Promise.all(
      paths.map(async (path, batchIndex) => {
        const input = inputs[batchIndex];
        const call = { router: appRouter, path, type: "query", ctx, signal: request.signal } as const;
        try {
          const data = await callTRPCProcedure({ ...call, batchIndex, getRawInput: async () => input });
          return { result: { data } };
        } catch (cause) {
          const error = getTRPCErrorFromUnknown(cause);
          logIfOurs(error, path, request.requestId);
          return { error: getTRPCErrorShape({ config: appRouter._def._config, ...call, error, input }) };
        }
      }),
    );
    const said = isBatch ? results : results[0];
    answer(request.outgoing, getHTTPStatusCode(isBatch ? results : results.slice(0, 1)), said);
  };

  return async (request) => {
    const { incoming, outgoing, path } = request;
    if (!path.startsWith(basePath)) return "unknown";
    const reading = request.retryAt ? null : readingOf(incoming, path.slice(basePath.length));
    if (reading) {
      await read(request, reading);
      return "answered";
    }
    requests.set(incoming, request);
    const isForm = incoming.headers["content-type"]?.startsWith("multipart/form-data");
    handlers[isForm ? "form" : "json"](incoming, outgoing);
    return "answered";
  };
}

/** One request's calls, which only read. */
interface Reading {
  readonly paths: readonly string[];
  /** By the call's place; a call may have none. */
  readonly inputs: Readonly<Record<number, unknown>>;
  readonly isBatch: boolean;
}

/** Null for anything out of the ordinary; the library says what is wrong with it. */
function readingOf({ method, headers, url = "" }: IncomingMessage, called: string): Reading | null {
  if (method !== "GET" || headers["trpc-accept"] !== undefined) return null;
  const query = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  const isBatch = query.get("batch") === "1";
  const paths = isBatch ? called.split(",") : [called];
  if (paths.length > mostCalls || !paths.every((path) => queries.has(path))) return null;
  const input = query.get("input") ?? "";
  const inputs = input === "" ? {} : parsed(isBatch ? input : `{"0":${input}}`);
  return isInputs(inputs) ? { paths, inputs, isBatch } : null;
}

/** The names of what only reads, or of what changes something. */
export function procedures(type: "query" | "mutation"): readonly string[] {
  return Object.entries<object>(appRouter._def.procedures).flatMap(([path, procedure]) =>
    "_def" in procedure && isTyped(procedure._def) && procedure._def.type === type ? [path] : [],
  );
}

const queries = new Set(procedures("query"));

function isTyped(definition: unknown): definition is { readonly type: unknown } {
  return typeof definition === "object" && definition !== null && "type" in definition;
}

/** Undefined: no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isInputs(value: unknown): value is Readonly<Record<number, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

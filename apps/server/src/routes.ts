import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { appRouter, refusalOf, type Services, toJson, toTrpcError } from "@sealpost/api";
import {
  type Ctx,
  certificateIdSchema,
  ctxFor,
  downloadFromCa,
  exportAudit,
  exportCertificate,
  exportParts,
  orderIdSchema,
  RefusalError,
  refuse,
  systemActor,
  traceForbidden,
} from "@sealpost/domain";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { fromNodeHeaders } from "better-auth/node";
import { z } from "zod";
import type { Auth } from "./auth.ts";
import type { ChangeFeed } from "./change-feed.ts";
import { logFault } from "./events.ts";
import { eventsRoute } from "./events-route.ts";
import {
  type Request as ApiRequest,
  answer,
  answerNothing,
  longestBodyBytes,
  type Route,
  readJson,
  readText,
} from "./http.ts";
import type { Logger } from "./logger.ts";
import type { OneTimeLinks } from "./one-time-links.ts";
import { newPasswordInput, newPersonInput, type People } from "./people.ts";

export interface RouteParts {
  readonly services: Services;
  readonly auth: Auth;
  readonly people: People;
  readonly links: OneTimeLinks;
  readonly feed: ChangeFeed;
  readonly system: () => Promise<SystemView>;
  readonly log: Logger;
}

/** What everybody may know of this console, also before signing in. */
export interface SystemView {
  readonly sandbox: { readonly mailboxUrl: string; readonly keysUrl: string } | null;
  readonly needsSetup: boolean;
}

export function createRoutes(parts: RouteParts): Route[] {
  return [
    patienceRoute,
    trpcRoute(parts),
    authRoute(parts),
    systemRoute(parts),
    setupRoute(parts),
    passwordRoute(parts),
    exportRoute(parts),
    downloadRoute(parts),
    auditExportRoute(parts),
    eventsRoute(parts.feed, parts.people),
  ];
}

/** Longest JSON of one request; only the import's form is larger. */
const longestJsonBytes = 256 * 1024;
/** Calls in one request; the pages keep to it. */
const mostCalls = 20;

function trpcRoute({ services, log }: RouteParts): Route {
  const requests = new WeakMap<IncomingMessage, ApiRequest>();
  const handlerUpTo = (maxBodySize: number) =>
    createHTTPHandler({
      router: appRouter,
      basePath: "/api/trpc/",
      maxBodySize,
      maxBatchSize: mostCalls,
      async createContext({ req }) {
        const { visitor = null, retryAt = null, requestId, signal } = requests.get(req) ?? {};
        if (!requestId || !signal) throw new Error("a request that did not come through the front door");
        if (retryAt) throw toTrpcError(refuse({ code: "too-many-requests", retryAt }));
        return {
          services,
          actor: visitor?.actor ?? null,
          person: visitor?.person ?? null,
          requestId,
          signal,
        };
      },
      onError({ error, path, ctx }) {
        const isOurs = error.code === "INTERNAL_SERVER_ERROR" && refusalOf(error) === null;
        if (isOurs) logFault(log, path ?? "trpc", error.cause ?? error, ctx?.requestId);
      },
    });
  const handlers = { json: handlerUpTo(longestJsonBytes), form: handlerUpTo(longestBodyBytes) };
  return async (request) => {
    const { incoming, outgoing, path } = request;
    if (!path.startsWith("/api/trpc/")) return "unknown";
    requests.set(incoming, request);
    const isForm = incoming.headers["content-type"]?.startsWith("multipart/form-data");
    handlers[isForm ? "form" : "json"](incoming, outgoing);
    return "answered";
  };
}

/** For whoever asks for too much; tRPC says the same in its own form. */
const patienceRoute: Route = async ({ outgoing, path, retryAt, requestId }) => {
  if (retryAt === null || path.startsWith("/api/trpc/")) return "unknown";
  const refusal = toJson({ code: "too-many-requests", retryAt });
  return answered(answer(outgoing, 429, { refusal, code: refusal.code, requestId }));
};

/** Of the auth library only what the pages use; its other endpoints do not exist here. */
const authPaths = [
  "/api/auth/sign-in/email",
  "/api/auth/sign-out",
  "/api/auth/change-password",
  "/api/auth/two-factor/enable",
  "/api/auth/two-factor/disable",
  "/api/auth/two-factor/verify-totp",
  "/api/auth/two-factor/verify-backup-code",
  "/api/auth/two-factor/generate-backup-codes",
  "/api/auth/get-session",
];

/** The library's own way from Node reads bodies of any length, and says faults of its own to the client. */
function authRoute({ auth }: RouteParts): Route {
  return async ({ incoming, outgoing, path, requestId }) => {
    if (!authPaths.includes(path)) return "unknown";
    const { baseURL = "" } = auth.options;
    const body = incoming.method === "POST" ? await readText(incoming) : "";
    if (body === null) return answered(answer(outgoing, 413, { code: "too-large", requestId }));
    if (body !== "" && !isJson(body))
      return answered(answer(outgoing, 400, { code: "invalid-input", requestId }));
    const { method = "GET", url = "" } = incoming;
    const asked = { method, headers: fromNodeHeaders(incoming.headers), ...(body === "" ? {} : { body }) };
    const said = await auth.handler(new Request(`${baseURL}${url}`, asked));
    outgoing.setHeaders(new Headers([...said.headers].filter(([name]) => name !== "set-cookie")));
    const cookies = said.headers.getSetCookie();
    if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
    outgoing.writeHead(said.status);
    return answered(outgoing.end(Buffer.from(await said.arrayBuffer())));
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function systemRoute({ system }: RouteParts): Route {
  return async ({ incoming, outgoing, path }) => {
    if (path !== "/api/system" || incoming.method !== "GET") return "unknown";
    answer(outgoing, 200, await system());
    return "answered";
  };
}

const token = z.object({ token: z.string().max(200) });

/** Makes the first administrator by the one-time link, and signs them in. */
function setupRoute({ auth, people, links }: RouteParts): Route {
  return async ({ incoming, outgoing, path }) => {
    if (path !== "/api/setup" || incoming.method !== "POST") return "unknown";
    const input = newPersonInput.extend(token.shape).safeParse(await readJson(incoming));
    if (!input.success) return refuseInput(outgoing, input.error);
    const { email, password } = input.data;
    const state = await links.spend("setup", input.data.token, async () => {
      await people.create(input.data, "administrator", systemActor);
    });
    if (state !== "valid") return answered(answer(outgoing, 403, { code: state }));
    const signedIn = await auth.api.signInEmail({
      body: { email, password },
      headers: fromNodeHeaders(incoming.headers),
      asResponse: true,
    });
    outgoing.setHeader("set-cookie", signedIn.headers.getSetCookie());
    return answered(answerNothing(outgoing));
  };
}

/** Sets a password by the link of an invitation, or of a reset. */
function passwordRoute({ people, links }: RouteParts): Route {
  const purposes = { "/api/invite": "invite", "/api/reset": "reset" } as const;
  return async ({ incoming, outgoing, path }) => {
    const purpose = Object.entries(purposes).find(([known]) => known === path)?.[1];
    if (!purpose || incoming.method !== "POST") return "unknown";
    const input = newPasswordInput.extend(token.shape).safeParse(await readJson(incoming));
    if (!input.success) return refuseInput(outgoing, input.error);
    const state = await links.spend(purpose, input.data.token, async (personId) => {
      if (personId !== null) await people.setPassword(personId, input.data.password, systemActor);
    });
    return answered(state === "valid" ? answerNothing(outgoing) : answer(outgoing, 403, { code: state }));
  };
}

const exportPath = /^\/api\/certificates\/([\w.:-]+)\/(\w+)$/;
const contentTypes = {
  certificate: "application/x-pem-file",
  key: "application/x-pem-file",
  pem: "application/x-pem-file",
} as const;

/** What was imported, as a file. By POST, so that no link and no prefetch can fetch it. */
function exportRoute({ services }: RouteParts): Route {
  return async ({ incoming, outgoing, path, visitor }) => {
    const match = exportPath.exec(path);
    const part = exportParts.find((known) => known === match?.[2]);
    const id = certificateIdSchema.safeParse(match?.[1]);
    if (!part || !id.success || incoming.method !== "POST") return "unknown";
    if (!visitor) return answered(answer(outgoing, 401, { code: "not-signed-in" }));
    try {
      const file = await exportCertificate(ctxFor(services.ports, visitor.actor), id.data, part);
      const bytes = file.material.reveal();
      outgoing.writeHead(200, {
        "content-type": contentTypes[part],
        "content-length": bytes.length,
        "content-disposition": `attachment; filename="${file.fileName}"`,
      });
      return answered(outgoing.end(bytes));
    } catch (error) {
      return await answerRefusal(
        outgoing,
        error,
        ctxFor(services.ports, visitor.actor),
        "certificates.export",
      );
    }
  };
}

/** The whole audit log, line by line. By POST, as every download. */
function auditExportRoute({ services, people }: RouteParts): Route {
  return async ({ incoming, outgoing, path, signal }) => {
    if (path !== "/api/audit/export" || incoming.method !== "POST") return "unknown";
    const found = await people.ofRequest(fromNodeHeaders(incoming.headers));
    if (!found) return answered(answer(outgoing, 401, { code: "not-signed-in" }));
    const ctx = { ...services.ports, actor: found.actor };
    try {
      const lines = await exportAudit(ctx);
      const day = ctx.clock.now().toISOString().slice(0, 10);
      outgoing.writeHead(200, {
        "content-type": "application/jsonl; charset=utf-8",
        "content-disposition": `attachment; filename="sealpost-audit-${day}.jsonl"`,
      });
      await pipeline(Readable.from(lines), outgoing, { signal });
      return "answered";
    } catch (error) {
      return await answerRefusal(outgoing, error, ctx, "audit.export");
    }
  };
}

const orderDownloadPath = /^\/api\/orders\/([\w.:-]+)\/download$/;

/** What the CA has issued for an order, on its way into the import: one form field per file, kept by nobody. */
function downloadRoute({ services }: RouteParts): Route {
  return async ({ incoming, outgoing, path, signal, visitor }) => {
    const id = orderIdSchema.safeParse(orderDownloadPath.exec(path)?.[1]);
    if (!id.success || incoming.method !== "POST") return "unknown";
    if (!visitor) return answered(answer(outgoing, 401, { code: "not-signed-in" }));
    try {
      const ctx = ctxFor(services.ports, visitor.actor);
      const form = new FormData();
      for (const { name, bytes } of await downloadFromCa(ctx, id.data, signal))
        form.append("file", new Blob([Uint8Array.from(bytes)]), name);
      const whole = new Response(form);
      outgoing.writeHead(200, { "content-type": whole.headers.get("content-type") ?? "" });
      return answered(outgoing.end(Buffer.from(await whole.arrayBuffer())));
    } catch (error) {
      return await answerRefusal(outgoing, error, ctxFor(services.ports, visitor.actor), "orders.download");
    }
  };
}

/** Refusals in the form in which the pages read them, traced as those of the router are; everything else goes on. */
async function answerRefusal(
  outgoing: ApiRequest["outgoing"],
  error: unknown,
  ctx: Ctx,
  what: string,
): Promise<"answered"> {
  if (!(error instanceof RefusalError)) throw error;
  const { refusal } = error;
  if (refusal.code === "forbidden") await traceForbidden(ctx, what, refusal);
  const status = getHTTPStatusCodeFromError(toTrpcError(error));
  return answered(answer(outgoing, status, { refusal: toJson(refusal), code: refusal.code }));
}

function refuseInput(outgoing: ApiRequest["outgoing"], error: z.ZodError): "answered" {
  const issue = error.issues[0];
  const body = {
    code: "invalid-input",
    field: String(issue?.path[0] ?? "form"),
    problem: issue?.code ?? "invalid",
  };
  return answered(answer(outgoing, 400, body));
}

function answered(_: unknown): "answered" {
  return "answered";
}

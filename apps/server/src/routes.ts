import type { IncomingMessage } from "node:http";
import { appRouter, refusalOf, type Services, toJson, toTrpcError } from "@sealpost/api";
import {
  type Ctx,
  certificateIdSchema,
  ctxFor,
  downloadFromCa,
  exportCertificate,
  exportParts,
  orderIdSchema,
  RefusalError,
  systemActor,
  traceForbidden,
} from "@sealpost/domain";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { fromNodeHeaders, toNodeHandler } from "better-auth/node";
import { z } from "zod";
import type { Auth } from "./auth.ts";
import type { ChangeFeed } from "./change-feed.ts";
import { logFault } from "./events.ts";
import { eventsRoute } from "./events-route.ts";
import { answer, answerNothing, type Request, type Route, readJson } from "./http.ts";
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
    trpcRoute(parts),
    authRoute(parts),
    systemRoute(parts),
    setupRoute(parts),
    resetRoute(parts),
    exportRoute(parts),
    downloadRoute(parts),
    eventsRoute(parts.feed, parts.people),
  ];
}

function trpcRoute({ services, people, log }: RouteParts): Route {
  const requestIds = new WeakMap<IncomingMessage, Pick<Request, "requestId" | "signal">>();
  const handler = createHTTPHandler({
    router: appRouter,
    basePath: "/api/trpc/",
    maxBodySize: 12 * 1024 * 1024,
    async createContext({ req }) {
      const found = await people.ofRequest(fromNodeHeaders(req.headers));
      const about = requestIds.get(req) ?? { requestId: "unknown", signal: new AbortController().signal };
      return { services, actor: found?.actor ?? null, person: found?.person ?? null, ...about };
    },
    onError({ error, path, ctx }) {
      const isOurs = error.code === "INTERNAL_SERVER_ERROR" && refusalOf(error) === null;
      if (isOurs) logFault(log, path ?? "trpc", error.cause ?? error, ctx?.requestId);
    },
  });
  return async ({ incoming, outgoing, path, requestId, signal }) => {
    if (!path.startsWith("/api/trpc/")) return "unknown";
    requestIds.set(incoming, { requestId, signal });
    handler(incoming, outgoing);
    return "answered";
  };
}

/** Of the auth library only what the pages use; its other endpoints do not exist here. */
const authPaths = [
  "/api/auth/sign-in/email",
  "/api/auth/sign-out",
  "/api/auth/change-password",
  "/api/auth/get-session",
];

function authRoute({ auth }: RouteParts): Route {
  const handler = toNodeHandler(auth);
  return async ({ incoming, outgoing, path }) => {
    if (!authPaths.includes(path)) return "unknown";
    await handler(incoming, outgoing);
    return "answered";
  };
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

function resetRoute({ people, links }: RouteParts): Route {
  return async ({ incoming, outgoing, path }) => {
    if (path !== "/api/reset" || incoming.method !== "POST") return "unknown";
    const input = newPasswordInput.extend(token.shape).safeParse(await readJson(incoming));
    if (!input.success) return refuseInput(outgoing, input.error);
    const state = await links.spend("reset", input.data.token, async ({ personId }) => {
      await people.setPassword(personId, input.data.password, systemActor);
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
function exportRoute({ services, people }: RouteParts): Route {
  return async ({ incoming, outgoing, path }) => {
    const match = exportPath.exec(path);
    const part = exportParts.find((known) => known === match?.[2]);
    const id = certificateIdSchema.safeParse(match?.[1]);
    if (!part || !id.success || incoming.method !== "POST") return "unknown";
    const found = await people.ofRequest(fromNodeHeaders(incoming.headers));
    if (!found) return answered(answer(outgoing, 401, { code: "not-signed-in" }));
    try {
      const file = await exportCertificate(ctxFor(services.ports, found.actor), id.data, part);
      const bytes = file.material.reveal();
      outgoing.writeHead(200, {
        "content-type": contentTypes[part],
        "content-length": bytes.length,
        "content-disposition": `attachment; filename="${file.fileName}"`,
      });
      return answered(outgoing.end(bytes));
    } catch (error) {
      return await answerRefusal(outgoing, error, ctxFor(services.ports, found.actor), "certificates.export");
    }
  };
}

const orderDownloadPath = /^\/api\/orders\/([\w.:-]+)\/download$/;

/** What the CA has issued for an order, on its way into the import: one form field per file, kept by nobody. */
function downloadRoute({ services, people }: RouteParts): Route {
  return async ({ incoming, outgoing, path, signal }) => {
    const id = orderIdSchema.safeParse(orderDownloadPath.exec(path)?.[1]);
    if (!id.success || incoming.method !== "POST") return "unknown";
    const found = await people.ofRequest(fromNodeHeaders(incoming.headers));
    if (!found) return answered(answer(outgoing, 401, { code: "not-signed-in" }));
    try {
      const ctx = ctxFor(services.ports, found.actor);
      const form = new FormData();
      for (const { name, bytes } of await downloadFromCa(ctx, id.data, signal))
        form.append("file", new Blob([Uint8Array.from(bytes)]), name);
      const whole = new Response(form);
      outgoing.writeHead(200, { "content-type": whole.headers.get("content-type") ?? "" });
      return answered(outgoing.end(Buffer.from(await whole.arrayBuffer())));
    } catch (error) {
      return await answerRefusal(outgoing, error, ctxFor(services.ports, found.actor), "orders.download");
    }
  };
}

/** Refusals in the form in which the pages read them, traced as those of the router are; everything else goes on. */
async function answerRefusal(
  outgoing: Request["outgoing"],
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

function refuseInput(outgoing: Request["outgoing"], error: z.ZodError): "answered" {
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

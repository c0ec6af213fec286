import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { asRefusal, type Services, toJson, toTrpcError } from "@sealpost/api";
import {
  type Ctx,
  certificateIdSchema,
  ctxFor,
  downloadFromCa,
  exportAudit,
  exportCertificate,
  exportParts,
  type MaterialInput,
  mailIdSchema,
  openMail,
  orderIdSchema,
  type Refusal,
  RefusalError,
  systemActor,
  traceForbidden,
} from "@sealpost/domain";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { fromNodeHeaders } from "better-auth/node";
import { z } from "zod";
import type { Auth } from "./auth.ts";
import type { ChangeFeed } from "./change-feed.ts";
import { eventsRoute } from "./events-route.ts";
import { type Request as ApiRequest, answer, answerNothing, type Route, readJson, readText } from "./http.ts";
import type { Logger } from "./logger.ts";
import type { OneTimeLinks } from "./one-time-links.ts";
import { newPasswordInput, newPersonInput, type People } from "./people.ts";
import { trpcRoute } from "./trpc-route.ts";

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
  /** The vault is locked: one looks, and changes nothing. */
  readonly isReadOnly: boolean;
  /** Whether the console's address is one that can have passkeys. */
  readonly offersPasskeys: boolean;
  /** The identity provider at which one may sign in; null: none. */
  readonly provider: { readonly name: string } | null;
}

export function createRoutes(parts: RouteParts): Route[] {
  return [
    patienceRoute,
    trpcRoute(parts),
    ...(parts.services.isReadOnly ? [readOnlyRoute] : []),
    authRoute(parts),
    systemRoute(parts),
    setupRoute(parts),
    passwordRoute(parts),
    exportRoute(parts),
    downloadRoute(parts),
    mailRoute(parts),
    auditExportRoute(parts),
    eventsRoute(parts.feed, parts.people),
  ];
}

/** For whoever asks for too much; tRPC says the same in its own form. */
const patienceRoute: Route = async ({ outgoing, path, retryAt, requestId }) => {
  if (retryAt === null || path.startsWith("/api/trpc/")) return "unknown";
  const refusal = toJson({ code: "too-many-requests", retryAt });
  return answered(answer(outgoing, 429, { refusal, code: refusal.code, requestId }));
};

/** Coming in and going out; everything else that is not merely read is refused, as the router refuses it. */
const pathsOfReadOnly = [
  "/api/auth/sign-in/email",
  "/api/auth/passkey/challenge",
  "/api/auth/sign-in/passkey",
  "/api/auth/sign-out",
];

const readOnlyRoute: Route = async ({ incoming, outgoing, path, requestId }) => {
  if (incoming.method === "GET" || pathsOfReadOnly.includes(path)) return "unknown";
  const refusal = { code: "vault-locked" } as const;
  return answered(answer(outgoing, 503, { refusal, code: refusal.code, requestId }));
};

/** Of the auth library only what the pages use; its other endpoints do not exist here. */
const authPaths = [
  "/api/auth/sign-in/email",
  "/api/auth/sign-in/passkey",
  "/api/auth/passkey/challenge",
  "/api/auth/sign-out",
  "/api/auth/change-password",
  "/api/auth/two-factor/enable",
  "/api/auth/two-factor/disable",
  "/api/auth/two-factor/verify-totp",
  "/api/auth/two-factor/verify-backup-code",
  "/api/auth/two-factor/generate-backup-codes",
  "/api/auth/get-session",
  "/api/auth/oidc/start",
  "/api/auth/oidc/callback",
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
    const own = ["set-cookie", "content-length"];
    outgoing.setHeaders(new Headers([...said.headers].filter(([name]) => !own.includes(name))));
    const cookies = said.headers.getSetCookie();
    if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
    outgoing.writeHead(said.status);
    return answered(outgoing.end(withoutToken(await said.text())));
  };
}

/** The library says a session's token in its answers too; it is for the cookie alone, which no script can read. */
function withoutToken(text: string): string {
  return isJson(text)
    ? JSON.stringify(JSON.parse(text, (name, value) => (name === "token" ? undefined : value)))
    : text;
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
    const state = await links
      .spend("setup", input.data.token, async () => {
        if (!(await people.isEmpty())) return "void";
        await people.create(input.data, "administrator", systemActor);
        return "used";
      })
      .catch(inputRefusal);
    if (typeof state !== "string") return answered(answer(outgoing, 400, state));
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
    const state = await links
      .spend(purpose, input.data.token, async (personId) => {
        if (personId === null) return "void";
        await people.setPassword(personId, input.data.password, systemActor);
        return "used";
      })
      .catch(inputRefusal);
    if (typeof state !== "string") return answered(answer(outgoing, 400, state));
    return answered(state === "valid" ? answerNothing(outgoing) : answer(outgoing, 403, { code: state }));
  };
}

const exportPath = /^\/api\/certificates\/([\w.:-]+)\/(\w+)$/;
/** Asked for where a key leaves the vault. */
const exportReason = z.object({ reason: z.string() });
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
      const { success, data } = exportReason.safeParse(await readJson(incoming));
      const reason = success ? data.reason : null;
      const file = await exportCertificate(ctxFor(services.ports, visitor.actor), id.data, part, reason);
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
    const found = await people.ofRequest(incoming.headers);
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
      return await answerFiles(outgoing, await downloadFromCa(ctx, id.data, signal));
    } catch (error) {
      return await answerRefusal(outgoing, error, ctxFor(services.ports, visitor.actor), "orders.download");
    }
  };
}

const mailPath = /^\/api\/mails\/([\w.:-]+)\/open$/;

/** A mail as it lies in its mailbox, on its way into the import; kept by nobody. */
function mailRoute({ services }: RouteParts): Route {
  return async ({ incoming, outgoing, path, signal, visitor }) => {
    const id = mailIdSchema.safeParse(mailPath.exec(path)?.[1]);
    if (!id.success || incoming.method !== "POST") return "unknown";
    if (!visitor) return answered(answer(outgoing, 401, { code: "not-signed-in" }));
    const ctx = ctxFor(services.ports, visitor.actor);
    try {
      return await answerFiles(outgoing, [await openMail(ctx, id.data, signal)]);
    } catch (error) {
      return await answerRefusal(outgoing, error, ctx, "mails.open");
    }
  };
}

async function answerFiles(
  outgoing: ApiRequest["outgoing"],
  files: readonly MaterialInput[],
): Promise<"answered"> {
  const form = new FormData();
  for (const { name, bytes } of files) form.append("file", new Blob([Uint8Array.from(bytes)]), name);
  const whole = new Response(form);
  outgoing.writeHead(200, { "content-type": whole.headers.get("content-type") ?? "" });
  return answered(outgoing.end(Buffer.from(await whole.arrayBuffer())));
}

/** Refusals in the form in which the pages read them, traced as those of the router are; everything else goes on. */
async function answerRefusal(
  outgoing: ApiRequest["outgoing"],
  error: unknown,
  ctx: Ctx,
  what: string,
): Promise<"answered"> {
  const refused = asRefusal(error);
  if (!refused) throw error;
  const { refusal } = refused;
  if (refusal.code === "forbidden") await traceForbidden(ctx, what, refusal);
  const status = getHTTPStatusCodeFromError(toTrpcError(refused));
  return answered(answer(outgoing, status, { refusal: toJson(refusal), code: refusal.code }));
}

/** What is wrong with a form beyond its shape; everything else goes on. */
function inputRefusal(error: unknown): Extract<Refusal, { code: "invalid-input" }> {
  if (error instanceof RefusalError && error.refusal.code === "invalid-input") return error.refusal;
  throw error;
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

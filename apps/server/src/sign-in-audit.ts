import type { AuditAct } from "@sealpost/domain";
import { createAuthMiddleware, isAPIError } from "better-auth/api";
import type { BetterAuthPlugin } from "better-auth/types";

/** Something that happened at the door. */
export interface SignInEvent {
  readonly act: AuditAct;
  /** Who it is about; an address that was typed counts only when somebody here has it. Null: nobody we know. */
  readonly who: { readonly personId: string } | { readonly email: string } | null;
  readonly outcome: "done" | "refused";
  /** Which of the auth library's endpoints. */
  readonly path: string;
}

/** What an endpoint means; one that is not here and signs somebody in is a sign-in, other ones change how they do. */
const actOfPath: Readonly<Record<string, AuditAct>> = {
  "/sign-in/email": "person.sign-in",
  "/sign-in/passkey": "person.sign-in",
  "/change-password": "person.change-password",
};

/** Asked for by every page, told by the end of the session, or only where a sign-in begins. */
const quietPaths: ReadonlySet<string> = new Set([
  "/get-session",
  "/sign-out",
  "/error",
  "/ok",
  "/passkey/challenge",
  "/oidc/start",
]);

/** Tells every sign-in, every refused one, and every change of how one signs in, before the answer leaves. */
export function signInAudit(
  trace: (event: SignInEvent) => Promise<void>,
  ownerOfPasskey: (credentialId: string) => string | null,
): BetterAuthPlugin {
  const after = createAuthMiddleware(async (ctx) => {
    const { path } = ctx;
    if (ctx.request?.method === "GET" && !ctx.context.newSession) return;
    const { newSession, session, returned } = ctx.context;
    const outcome = isAPIError(returned) && Number(returned.statusCode) >= 400 ? "refused" : "done";
    const act = actOfPath[path] ?? (newSession ? "person.sign-in" : "person.change-sign-in");
    const { email: typed, credentialId }: Readonly<Record<string, unknown>> = { ...ctx.body };
    const owner = typeof credentialId === "string" ? ownerOfPasskey(credentialId) : null;
    const personId = newSession?.user.id ?? session?.user.id ?? owner;
    const who = personId ? { personId } : typeof typed === "string" ? { email: typed } : null;
    await trace({ act, who, outcome, path });
  });
  return {
    id: "sealpost-audit",
    hooks: {
      after: [{ matcher: ({ path }) => path !== undefined && !quietPaths.has(path), handler: after }],
    },
    init: () => ({
      options: {
        databaseHooks: {
          session: {
            delete: {
              after: async ({ userId }) =>
                await trace({
                  act: "person.session-end",
                  who: { personId: userId },
                  outcome: "done",
                  path: "session",
                }),
            },
          },
        },
      },
    }),
  };
}

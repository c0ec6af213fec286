import { ctxFor, refuse, traceForbidden } from "@sealpost/domain";
import { initTRPC, TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import type { ApiContext } from "./context.ts";
import { asRefusal, refusalOf, toTrpcError } from "./errors.ts";
import { toJson } from "./json.ts";

const t = initTRPC.context<ApiContext>().create({
  isDev: false,
  /**
   * What leaves with an error: its class, the refusal's code and facts, the request's id. Never a message of an
   * unknown error, never a stack, never the input.
   */
  errorFormatter({ shape, error, ctx }) {
    const refusal = refusalOf(error) ?? inputRefusal(error.cause);
    return {
      code: shape.code,
      message: refusal?.code ?? "internal",
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        refusal: refusal === null ? null : toJson(refusal),
        requestId: ctx?.requestId ?? null,
      },
    };
  },
});

function inputRefusal(cause: unknown) {
  if (!(cause instanceof ZodError)) return null;
  const issue = cause.issues[0];
  return {
    code: "invalid-input",
    field: issue?.path.join(".") ?? "",
    problem: issue?.code ?? "invalid",
  } as const;
}

/** Maps errors: verbs throw refusals, and nobody else needs a try. What one may not do is traced. */
async function mapped<Result extends { readonly ok: boolean }>(
  ctx: ApiContext,
  path: string,
  result: Result,
): Promise<Result> {
  const refused = "error" in result && result.error instanceof TRPCError && asRefusal(result.error.cause);
  if (!refused) return result;
  const { refusal } = refused;
  if (refusal.code === "forbidden" && ctx.actor && !ctx.services.isReadOnly) {
    await traceForbidden(ctxFor(ctx.services.ports, ctx.actor), path, refusal);
  }
  throw toTrpcError(refused);
}

const open = t.middleware(async ({ ctx, path, next }) => await mapped(ctx, path, await next()));

const signedIn = t.middleware(async ({ ctx, path, type, next }) => {
  const { actor, person, sessionId } = ctx;
  if (!actor || !person || !sessionId) throw toTrpcError(refuse({ code: "not-signed-in" }));
  if (type === "mutation" && ctx.services.isReadOnly) throw toTrpcError(refuse({ code: "vault-locked" }));
  const verb = ctxFor(ctx.services.ports, actor);
  return await mapped(ctx, path, await next({ ctx: { actor, person, sessionId, verb } }));
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
/** Everything but the session query wants a person. */
export const procedure = t.procedure.use(signedIn);
export const openProcedure = t.procedure.use(open);
export { TRPCError };

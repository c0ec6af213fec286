import { ctxFor, RefusalError, refuse, traceForbidden } from "@sealpost/domain";
import { initTRPC, TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import type { ApiContext } from "./context.ts";
import { refusalOf, toTrpcError } from "./errors.ts";
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

/** One middleware maps errors: verbs throw refusals, and nobody else needs a try. What one may not do is traced. */
const mapRefusals = t.middleware(async ({ ctx, path, next }) => {
  const result = await next();
  if (result.ok || !(result.error.cause instanceof RefusalError)) return result;
  const { refusal } = result.error.cause;
  if (refusal.code === "forbidden" && ctx.actor) {
    await traceForbidden(ctxFor(ctx.services.ports, ctx.actor), path, refusal);
  }
  throw toTrpcError(result.error.cause);
});

const signedIn = t.middleware(({ ctx, next }) => {
  if (ctx.actor === null || ctx.person === null) throw toTrpcError(refuse({ code: "not-signed-in" }));
  const verb = ctxFor(ctx.services.ports, ctx.actor);
  return next({ ctx: { ...ctx, actor: ctx.actor, person: ctx.person, verb } });
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
/** Everything but the session query wants a person. */
export const procedure = t.procedure.use(mapRefusals).use(signedIn);
export const openProcedure = t.procedure.use(mapRefusals);
export { TRPCError };

export * from "./context.ts";
export { asRefusal, refusalOf, toTrpcError } from "./errors.ts";
export { longestFileBytes } from "./import-form.ts";
export { toJson } from "./json.ts";
export { type AppRouter, appRouter, createCaller } from "./router.ts";

import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "./router.ts";

export type { AppRouter } from "./router.ts";
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
export type {
  AccountView,
  AuditRowView,
  AuditView,
  CertificateView,
  ImportPlanView,
  MailboxView,
  MatchedOrderView,
  OrderDetailsView,
  OrderRowView,
  PersonView,
  RequestView,
} from "./views.ts";

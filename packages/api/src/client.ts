import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "./router.ts";

export type { AppRouter } from "./router.ts";
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
export type {
  AccountView,
  ArrivalView,
  AuditRowView,
  AuditView,
  CertificateView,
  ImportPlanView,
  MailboxView,
  MailView,
  MatchedOrderView,
  OrderDetailsView,
  OrderRowView,
  PasskeyView,
  PersonView,
  RequestView,
  SessionView,
  UnmatchedMailsView,
  UnmatchedMailView,
} from "./views.ts";

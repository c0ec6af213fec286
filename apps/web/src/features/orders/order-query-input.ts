import type { RouterInputs } from "@sealpost/api/client";
import { attentions } from "@sealpost/domain/policy";
import { isMaterial } from "@/features/shell/is-material";
import { orderStatusGroups } from "./order-filters";

export type OrderListInput = Omit<NonNullable<RouterInputs["orders"]["list"]>, "cursor">;

/** The list's input from the URL, on the server for the first page and in the browser for all others. */
export function readQuery(params: URLSearchParams): OrderListInput {
  const groups = params.getAll("status").flatMap((group) => orderStatusGroups[group] ?? []);
  const days = Number(params.get("expires"));
  const orderIds = params.getAll("order");
  const search = params.get("q") ?? "";
  const types = params.getAll("type").filter((type) => type === "dv" || type === "ov" || type === "ev");
  return {
    sort: params.get("sort") === "expires" ? "expires-oldest-first" : "needs-action-first",
    search: isMaterial(search) ? "" : search,
    orderIds,
    attentions: attentions.filter((attention) => params.getAll("attention").includes(attention)),
    statuses: [...groups],
    caAccountIds: params.getAll("account"),
    adapters: params.getAll("ca"),
    validationTypes: types,
    expiresWithinDays: Number.isInteger(days) && days > 0 ? days : null,
    showLongExpired: params.get("expired") === "show" || orderIds.length > 0,
    limit: 50,
  };
}

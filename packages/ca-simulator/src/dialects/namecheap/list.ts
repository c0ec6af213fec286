import type { BookOrder } from "../../order-book.ts";
import { namecheapStatus } from "./order.ts";

const usualPageSize = 20;
/** Bounds of `PageSize`; what lies beyond is moved to the nearer one. */
const [smallestPageSize, largestPageSize] = [10, 100];

const sortKeys: Readonly<Record<string, (order: BookOrder) => string>> = {
  purchasedate: (order) => order.createdAt,
  ssltype: (order) => order.product,
  expiredatetime: (order) => order.validTo ?? "",
  host_name: (order) => order.commonName,
};

type Parameters = ReadonlyMap<string, string>;

/** What `ListType` and `SearchTerm` leave, in the order of `SortBy`: by number where two are alike. */
export function listed(orders: readonly BookOrder[], parameters: Parameters): readonly BookOrder[] {
  const type = (parameters.get("listtype") ?? "all").toLowerCase();
  const term = (parameters.get("searchterm") ?? "").toLowerCase();
  const sort = (parameters.get("sortby") ?? "purchasedate").toLowerCase();
  const key = sortKeys[sort.replace(/_desc$/, "")] ?? ((order) => order.createdAt);
  const left = orders
    .filter((order) => type === "all" || namecheapStatus(order) === type)
    .filter((order) => order.commonName.toLowerCase().includes(term))
    .toSorted((a, b) => a.id - b.id)
    .toSorted((a, b) => key(a).localeCompare(key(b), "en"));
  return sort.endsWith("_desc") ? left.toReversed() : left;
}

/** `Page` and `PageSize`, within the service's bounds. */
export function pageOf(
  parameters: Parameters,
  most: number | null,
): { readonly page: number; readonly size: number } {
  const number = (name: string, otherwise: number) =>
    /^\d{1,9}$/.test(parameters.get(name) ?? "") ? Number(parameters.get(name)) : otherwise;
  const wanted = Math.min(largestPageSize, Math.max(smallestPageSize, number("pagesize", usualPageSize)));
  return { page: Math.max(1, number("page", 1)), size: Math.min(wanted, most ?? wanted) };
}

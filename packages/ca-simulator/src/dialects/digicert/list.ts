import type { BookOrder } from "../../order-book.ts";
import { digicertStatus } from "./order.ts";

/** The vendor's largest page. */
export const usualLargestPage = 1000;

const filters: Readonly<Record<string, (order: BookOrder, wanted: string) => boolean>> = {
  id: (order, wanted) => String(order.id) === wanted,
  status: (order, wanted) => digicertStatus(order) === wanted,
  common_name: (order, wanted) => order.commonName === wanted,
  domain_name: (order, wanted) => [order.commonName, ...order.dnsNames].includes(wanted),
  search: (order, wanted) => `${order.commonName} ${order.approverEmail}`.includes(wanted),
  valid_till: (order, wanted) => compareDay(order.validTo, wanted),
  date_created: (order, wanted) => compareDay(order.createdAt, wanted),
};

const sortKeys: Readonly<Record<string, (order: BookOrder) => number | string>> = {
  order_id: (order) => order.id,
  common_name: (order) => order.commonName,
  date_created: (order) => order.createdAt,
  valid_till: (order) => order.validTo ?? "",
  status: digicertStatus,
};

/** The orders a query of "List orders" leaves, in the order it asks for: newest first unless it says otherwise. */
export function listed(orders: readonly BookOrder[], query: URLSearchParams): readonly BookOrder[] {
  const wishes = [...query].flatMap(([name, value]) => {
    const filter = filters[/^filters\[(\w+)\]$/.exec(name)?.[1] ?? ""];
    return filter ? [{ filter, value }] : [];
  });
  const left = orders.filter((order) => wishes.every(({ filter, value }) => filter(order, value)));
  const sorts = (query.get("sort") ?? "").split(",").filter((name) => name.replace("-", "") in sortKeys);
  return left.sort((a, b) => inOrder(a, b, sorts.length === 0 ? ["-order_id"] : sorts));
}

/** `offset` and `limit`, within the vendor's bounds. */
export function pageOf(
  query: URLSearchParams,
  most: number,
): { readonly offset: number; readonly limit: number } {
  const number = (name: string, otherwise: number) =>
    /^\d{1,9}$/.test(query.get(name) ?? "") ? Number(query.get(name)) : otherwise;
  return { offset: number("offset", 0), limit: Math.min(number("limit", usualLargestPage), most) };
}

/** Whether an order's status changed within `from...to`, days inclusive. */
export function hasChanged(order: BookOrder, range: string | null): boolean {
  const [from = "", to = "9999"] = (range ?? "").split("...");
  const day = order.modifiedAt.slice(0, 10);
  return day >= from.slice(0, 10) && day <= to.slice(0, 10);
}

/** A day with `<` or `>` before it, a range `from...to`, or a day. */
function compareDay(iso: string | null, wanted: string): boolean {
  if (iso === null) return false;
  const day = iso.slice(0, 10);
  if (wanted.startsWith(">")) return day > wanted.slice(1);
  if (wanted.startsWith("<")) return day < wanted.slice(1);
  const [from = "", to = from] = wanted.split("...");
  return day >= from && day <= to;
}

function inOrder(a: BookOrder, b: BookOrder, sorts: readonly string[]): number {
  for (const sort of sorts) {
    const key = sortKeys[sort.replace("-", "")];
    const [left, right] = [key?.(a) ?? 0, key?.(b) ?? 0];
    if (left !== right) return (left < right ? -1 : 1) * (sort.startsWith("-") ? -1 : 1);
  }
  return 0;
}

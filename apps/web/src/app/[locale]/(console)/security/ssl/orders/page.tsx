import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { readQuery } from "@/features/orders/order-query-input";
import { OrdersPage } from "@/features/orders/orders-page";
import { signedIn } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("orders"))("title") };
}

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams))
    for (const one of [value ?? []].flat()) params.append(name, one);
  const { api } = await signedIn();
  const [page, counts, accounts] = await Promise.all([
    api.orders.list.query(readQuery(params)),
    api.orders.counts.query(),
    api.accounts.list.query(),
  ]);
  return <OrdersPage initial={{ page, counts, accounts, search: params.toString() }} />;
}

import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { readQuery } from "@/features/orders/order-query-input";
import { OrdersPage } from "@/features/orders/orders-page";
import { readFirst, signedIn } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("orders"))("title") };
}

interface PageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function Page({ searchParams }: PageProps) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams))
    for (const one of [value ?? []].flat()) params.append(name, one);
  // The first steps too, whether they are wanted or not: asked for later they would come into a page that stands.
  const [page, counts, accounts, arrivals, steps] = await readFirst((api) =>
    Promise.all([
      api.orders.list.query(readQuery(params)),
      api.orders.counts.query(),
      api.accounts.list.query(),
      api.mails.arrivals.query(),
      api.orders.firstSteps.query(),
    ]),
  );
  const { person } = await signedIn();
  const firstSteps = person.preferences.showsFirstSteps ? steps : null;
  return <OrdersPage initial={{ page, counts, accounts, arrivals, firstSteps, search: params.toString() }} />;
}

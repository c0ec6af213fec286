import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ImportPage } from "@/features/import/import-page";
import { orNull } from "@/trpc/or-null";
import { signedIn } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("import"))("title") };
}

export default async function Page({ searchParams }: { searchParams: Promise<{ order?: string }> }) {
  const { order: orderId } = await searchParams;
  const order = orderId ? await orNull((await signedIn()).api.orders.get.query({ orderId })) : null;
  return <ImportPage orderId={order?.orderId ?? null} orderName={order?.commonName ?? null} />;
}

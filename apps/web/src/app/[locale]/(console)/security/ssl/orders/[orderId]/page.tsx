import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { OrderPage } from "@/features/orders/order-page";
import { orNull } from "@/trpc/or-null";
import { readFirst } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("order"))("title") };
}

export default async function Page({ params }: { params: Promise<{ orderId: string }> }) {
  const { orderId } = await params;
  const order = await orNull(readFirst((api) => api.orders.get.query({ orderId })));
  if (!order) notFound();
  return <OrderPage initial={order} readAt={Date.now()} />;
}

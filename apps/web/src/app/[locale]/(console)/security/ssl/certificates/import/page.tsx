import { downloadRefusal } from "@sealpost/domain/policy";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { type ImportMail, type ImportOrder, ImportPage } from "@/features/import/import-page";
import { orNull } from "@/trpc/or-null";
import { readFirst, signedIn } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("import"))("title") };
}

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ order?: string; from?: string; mail?: string }>;
}) {
  const { order: orderId, from, mail: mailId } = await searchParams;
  return (
    <ImportPage
      order={orderId ? await orderFor(orderId) : null}
      mail={mailId ? await mailFor(mailId) : null}
      startsWithDownload={from === "ca"}
    />
  );
}

async function mailFor(mailId: string): Promise<ImportMail | null> {
  return await orNull(readFirst((api) => api.mails.get.query({ mailId })));
}

async function orderFor(orderId: string): Promise<ImportOrder | null> {
  const order = await orNull(readFirst((api) => api.orders.get.query({ orderId })));
  if (!order) return null;
  const { account, status, commonName } = order;
  const { person } = await signedIn();
  const mayImport = person.rights.includes("certificates:import");
  const facts = { mayImport, capabilities: account.capabilities, accountState: account.state, status };
  return { orderId, commonName, downloadFrom: downloadRefusal(facts) === null ? account.label : null };
}

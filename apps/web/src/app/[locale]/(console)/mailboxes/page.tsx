import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { MailboxesPage } from "@/features/mailboxes/mailboxes-page";
import { signedIn } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("mailboxes"))("title") };
}

export default async function Page() {
  return <MailboxesPage initial={await (await signedIn()).api.mailboxes.list.query()} />;
}

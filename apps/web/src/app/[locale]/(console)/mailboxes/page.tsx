import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { MailboxesPage } from "@/features/mailboxes/mailboxes-page";
import { readFirst } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("mailboxes"))("title") };
}

export default async function Page() {
  const [mailboxes, unmatched] = await readFirst((api) =>
    Promise.all([api.mailboxes.list.query(), api.mails.unmatched.query()]),
  );
  return <MailboxesPage initial={mailboxes} unmatched={unmatched} />;
}

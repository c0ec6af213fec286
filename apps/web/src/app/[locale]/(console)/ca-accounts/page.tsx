import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AccountsPage } from "@/features/accounts/accounts-page";
import { readFirst } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("accounts"))("title") };
}

export default async function Page() {
  return <AccountsPage initial={await readFirst((api) => api.accounts.list.query())} />;
}

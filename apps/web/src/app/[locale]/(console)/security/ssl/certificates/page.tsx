import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CertificatesPage } from "@/features/certificates/certificates-page";
import { readFirst } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("certificates"))("title") };
}

export default async function Page({ searchParams }: { searchParams: Promise<{ q?: string }> }) {
  const { q: search = "" } = await searchParams;
  const initial = await readFirst((api) => api.certificates.list.query({ search }));
  return <CertificatesPage initial={initial} search={search} />;
}

import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { CertificatePage } from "@/features/certificates/certificate-page";
import { orNull } from "@/trpc/or-null";
import { readFirst } from "@/trpc/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("certificate"))("title") };
}

export default async function Page({ params }: { params: Promise<{ certificateId: string }> }) {
  const { certificateId } = await params;
  const certificate = await orNull(readFirst((api) => api.certificates.get.query({ certificateId })));
  if (!certificate) notFound();
  return <CertificatePage initial={certificate} />;
}

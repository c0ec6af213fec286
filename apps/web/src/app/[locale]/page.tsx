import { redirect } from "@/i18n/navigation";

export default async function Home({ params }: { params: Promise<{ locale: "en" | "de" }> }) {
  const { locale } = await params;
  redirect({ href: "/security/ssl/orders", locale });
}

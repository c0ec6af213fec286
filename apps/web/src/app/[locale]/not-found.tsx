import { useTranslations } from "next-intl";
import { buttonClass } from "@/components/button";
import { Link } from "@/i18n/navigation";

export default function NotFound() {
  const t = useTranslations("notFound");
  return (
    <main className="mx-auto max-w-[60ch] px-4 py-16">
      <h1 className="text-page font-semibold">{t("title")}</h1>
      <p className="mt-1 mb-4 text-ink-2">{t("text")}</p>
      <Link href="/security/ssl/orders" className={buttonClass("secondary")}>
        {t("toOrders")}
      </Link>
    </main>
  );
}

import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Link } from "@/i18n/navigation";

export function Breadcrumb({
  steps,
  here,
}: {
  readonly steps: readonly (readonly [label: string, href: string])[];
  readonly here: ReactNode;
}) {
  const t = useTranslations("shell");
  return (
    <nav aria-label={t("breadcrumb")} className="flex min-w-0 items-center gap-1.5 pt-3 text-meta text-ink-3">
      {steps.map(([label, href]) => (
        <span key={href} className="inline-flex shrink-0 items-center gap-1.5">
          <Link href={href} className="hover:underline">
            {label}
          </Link>
          <ChevronRight aria-hidden className="size-3" />
        </span>
      ))}
      <span aria-current="page" className="truncate">
        {here}
      </span>
    </nav>
  );
}

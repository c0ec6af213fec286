import { LockKeyhole } from "lucide-react";
import { useTranslations } from "next-intl";

/** The vault is locked: what can still be done, and by whom it can be mended. */
export function ReadOnlyNotice({ isSignedIn }: { readonly isSignedIn: boolean }) {
  const t = useTranslations("readOnly");
  return (
    <aside aria-label={t("label")} className="border-b bg-warn-soft text-meta">
      <div className="flex min-h-7 items-start gap-2 px-4 py-1">
        <LockKeyhole aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
        <p>
          <b className="mr-1 font-semibold">{t("label")}</b> {t(isSignedIn ? "text" : "entrance")}{" "}
          {t("operator")}
        </p>
      </div>
    </aside>
  );
}

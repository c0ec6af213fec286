import { useLocale, useTranslations } from "next-intl";

/** Always on top, one line: nothing here is real. The airmail edge stands nowhere else. */
export function SandboxRibbon({
  mailboxUrl,
  keysUrl,
}: {
  readonly mailboxUrl: string;
  readonly keysUrl: string;
}) {
  const t = useTranslations("sandbox");
  const locale = useLocale();
  const link = "whitespace-nowrap underline underline-offset-2";
  return (
    <aside aria-label={t("label")} className="border-b bg-surface text-meta">
      <div aria-hidden className="airmail h-1" />
      <div className="flex min-h-7 flex-wrap items-center gap-x-4 px-4 py-1 max-md:gap-x-3">
        <p className="min-w-fit flex-1 md:min-w-0 md:truncate">
          <b className="mr-2 font-semibold">{t("label")}</b>
          <span className="text-ink-2 max-md:sr-only">{t("text")}</span>
        </p>
        <a className={link} href={`${mailboxUrl}?lang=${locale}`} target="_blank" rel="noreferrer">
          {t("mailbox")}
        </a>
        <a className={link} href={`${keysUrl}?lang=${locale}`} target="_blank" rel="noreferrer">
          {t("keys")}
        </a>
      </div>
    </aside>
  );
}

"use client";

import type { ImportPlanView } from "@sealpost/api/client";
import { type FindingWords, findingWords } from "@sealpost/domain/policy";
import { OctagonAlert, SquareCheck, TriangleAlert } from "lucide-react";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import { useId } from "react";
import { Sheet, SheetHead } from "@/components/sheet";
import { useTimeZone } from "@/components/use-time";
import { FindingMore } from "./finding-more";
import { SourcePath } from "./source-path";

type FindingView = ImportPlanView["findings"][number];
type Severity = FindingView["severity"];

const icons = { blocked: OctagonAlert, warning: TriangleAlert, fixed: SquareCheck } as const;
const tones: Record<Severity, string> = { blocked: "text-bad", warning: "text-warn", fixed: "text-ok" };

/** Everything that was found, blocked first: what we saw, and the one thing to do. */
export function FindingsList({ findings }: { readonly findings: readonly FindingView[] }) {
  const t = useTranslations("import");
  return (
    <Sheet className="overflow-hidden">
      <SheetHead title={t("findings")} aside={<Counts findings={findings} />} />
      {findings.length === 0 && <p className="px-4 py-3 text-ink-2">{t("noFindings")}</p>}
      <ul className="divide-y">
        {findings.map((found) => (
          <FindingItem key={`${found.id}${JSON.stringify(found.params)}`} found={found} />
        ))}
      </ul>
    </Sheet>
  );
}

function Counts({ findings }: { readonly findings: readonly FindingView[] }) {
  const t = useTranslations("import");
  return (
    <span className="flex gap-3 text-meta">
      {(["fixed", "warning", "blocked"] as const).map((severity) => {
        const count = findings.filter((found) => found.severity === severity).length;
        const Icon = icons[severity];
        return (
          <span key={severity} className="inline-flex items-center gap-1.5 text-ink-2">
            <Icon aria-hidden className={`size-3.5 ${count > 0 ? tones[severity] : "text-ink-3"}`} />
            {t(`count.${severity}`, { count })}
          </span>
        );
      })}
    </span>
  );
}

function FindingItem({ found }: { readonly found: FindingView }) {
  const t = useTranslations("import");
  const say = useFindingWords();
  const Icon = icons[found.severity];
  const { what, todo } = say(found);
  const id = useId();
  return (
    <li
      data-finding={found.id}
      className={`flex items-start gap-3 px-4 py-2.5 ${found.severity === "blocked" ? "bg-bad-soft" : ""}`}
    >
      <Icon aria-hidden className={`mt-1 size-4 shrink-0 ${tones[found.severity]}`} />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <p id={id} className={found.severity === "fixed" ? "text-ink-2" : ""}>
          <b className="font-semibold text-ink">{t(`level.${found.severity}`)}</b> {what}{" "}
          {found.severity !== "fixed" && todo}
          {found.source && found.severity !== "fixed" && (
            <span className="block text-meta text-ink-3">
              <SourcePath path={found.source.path} />
            </span>
          )}
        </p>
        <FindingMore id={found.id} describedBy={id} />
      </div>
      <code className="mt-0.5 shrink-0 font-mono text-code text-ink-3 max-md:hidden">{found.id}</code>
    </li>
  );
}

/** The sentence of a finding in the person's language. */
function useFindingWords(): (found: FindingView) => FindingWords {
  const locale = useLocale();
  const format = useFormatter();
  const timeZone = useTimeZone();
  const day = { day: "numeric", month: "short", year: "numeric", timeZone } as const;
  const sayDate = (iso: string) => format.dateTime(new Date(iso), day);
  return (found) => findingWords(found, locale === "de" ? "de" : "en", sayDate);
}

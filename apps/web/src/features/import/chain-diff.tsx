"use client";

import type { ImportPlanView } from "@sealpost/api/client";
import { Check, GitCommitVertical, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { HostName } from "@/components/host-name";
import { Moment } from "@/components/moment";
import { Sheet, SheetHead } from "@/components/sheet";

type Facts = ImportPlanView["facts"];
type Entry = Facts["chain"][number];

const marks: Record<Entry["mark"], readonly [sign: string, tone: string]> = {
  kept: ["=", "bg-sunken text-ink-2"],
  moved: ["↕", "bg-info-soft text-info"],
  added: ["+", "bg-ok-soft text-ok"],
  "left-out": ["−", "bg-bad-soft text-bad"],
};

/** What came, compared with what will be stored, in the order that will be stored. Mark and word, never one alone. */
export function ChainDiff({
  facts,
  isReading,
  onTake,
}: {
  readonly facts: Facts;
  readonly isReading: boolean;
  /** Another of the certificates that came is the one meant. */
  readonly onTake: (fingerprintSha256: string) => void;
}) {
  const t = useTranslations("import.chain");
  const isComplete = facts.chainState === "complete";
  const state = facts.chainState && (
    <span className={`inline-flex items-center gap-1.5 ${isComplete ? "text-ok" : "text-warn"}`}>
      {isComplete ? (
        <Check aria-hidden className="size-4" />
      ) : (
        <TriangleAlert aria-hidden className="size-4" />
      )}
      {t(`state.${facts.chainState}`)}
    </span>
  );
  return (
    <Sheet className="overflow-hidden">
      <SheetHead icon={<GitCommitVertical aria-hidden />} title={t("title")} note={t("note")} aside={state} />
      <ol className="divide-y">
        {facts.chain.map((entry, index) => {
          const [sign, tone] = marks[entry.mark];
          const isOut = entry.mark === "left-out";
          const name = entry.certificate.commonName ?? entry.certificate.subject;
          return (
            <li
              key={`${entry.certificate.fingerprintSha256} ${entry.receivedAt ?? entry.origin}`}
              className="grid grid-cols-[20px_16px_minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2 max-md:grid-cols-[20px_16px_minmax(0,1fr)]"
            >
              <span aria-hidden className={`grid size-5 place-items-center rounded-mark text-meta ${tone}`}>
                {sign}
              </span>
              <span className="text-ink-3" data-numbers>
                {isOut ? "–" : index + 1}
              </span>
              <span
                className={`min-w-0 [overflow-wrap:anywhere] ${isOut ? "text-ink-3 line-through" : "font-medium"}`}
              >
                <HostName name={name} />
              </span>
              <span className="text-meta text-ink-3 max-md:col-start-3">
                {words(entry, index, t)} · {t("until")} <Moment at={entry.certificate.validTo} as="day" />
                {entry.reason === "other-leaf" && (
                  <Button
                    className="ml-2 max-md:mt-1 max-md:ml-0 max-md:flex"
                    isOff={isReading}
                    onClick={() => onTake(entry.certificate.fingerprintSha256)}
                  >
                    {t("take")}
                  </Button>
                )}
              </span>
            </li>
          );
        })}
        {facts.missingIssuer && (
          <li className="grid grid-cols-[20px_16px_minmax(0,1fr)] items-center gap-x-3 px-4 py-2 text-warn">
            <span aria-hidden className="grid size-5 place-items-center rounded-mark bg-warn-soft text-meta">
              ?
            </span>
            <span />
            <span className="[overflow-wrap:anywhere]">{t("missing", { name: facts.missingIssuer })}</span>
          </li>
        )}
      </ol>
    </Sheet>
  );
}

function words(entry: Entry, index: number, t: ReturnType<typeof useTranslations<"import.chain">>): string {
  if (entry.mark === "left-out") return t(`leftOut.${entry.reason ?? "unrelated"}`);
  if (index === 0)
    return entry.mark === "moved" ? t("yoursMoved", { place: entry.receivedAt ?? 0 }) : t("yours");
  if (entry.mark === "added") return t(`addedFrom.${entry.origin === "aia" ? "aia" : "library"}`);
  return t(entry.mark, { place: entry.receivedAt ?? 0 });
}

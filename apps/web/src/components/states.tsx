"use client";

import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { requestIdOf } from "@/trpc/refusal";
import { Button } from "./button";
import { RefusalText } from "./refusal-text";

/** Nothing there yet: one sentence, one paragraph, one action. */
export function Empty({ title, text, action }: { title: ReactNode; text: ReactNode; action?: ReactNode }) {
  return (
    <div className="max-w-[60ch] px-4 py-8">
      <h2 className="text-head font-semibold">{title}</h2>
      <p className="mt-1 text-ink-2">{text}</p>
      {action && <div className="mt-4 flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}

/** What failed, what that means, and the way to try again. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const t = useTranslations("failure");
  const requestId = requestIdOf(error);
  return (
    <div role="alert" className="flex gap-3 px-4 py-6">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div>
        <p className="font-medium">
          <RefusalText error={error} />
        </p>
        <p className="mt-1 text-ink-2">{t("nothingChanged")}</p>
        {requestId && <p className="mt-1 font-mono text-code text-ink-3">{t("requestId", { requestId })}</p>}
        <Button className="mt-3" onClick={onRetry}>
          {t("retry")}
        </Button>
      </div>
    </div>
  );
}

/** Still bars of the true widths; they do not shimmer. */
export function Bars({ rows, widths }: { readonly rows: number; readonly widths: readonly number[] }) {
  const t = useTranslations("failure");
  return (
    <div role="status" aria-label={t("loading")}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars never move
        <div key={row} className="flex h-9 items-center gap-4 border-t px-4 first:border-t-0">
          {widths.map((width) => (
            <span key={width} className="h-2.5 rounded-mark bg-sunken" style={{ width: `${width}%` }} />
          ))}
        </div>
      ))}
    </div>
  );
}

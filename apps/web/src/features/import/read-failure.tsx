"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { RefusalText } from "@/components/refusal-text";

/** What was entered could not be read; it stays, and is read again when somebody says so. */
export function ReadFailure({
  error,
  onRetry,
  className = "",
}: {
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly className?: string;
}) {
  const t = useTranslations("failure");
  return (
    <div
      role="alert"
      className={`flex flex-wrap items-center gap-x-3 gap-y-2 rounded-control bg-bad-soft px-3 py-2 text-bad ${className}`}
    >
      <p className="min-w-0 flex-1 basis-40">
        <RefusalText error={error} />
      </p>
      <Button onClick={onRetry}>{t("retry")}</Button>
    </div>
  );
}

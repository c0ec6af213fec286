"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

export function CopyButton({ text }: { readonly text: string }) {
  const t = useTranslations("actions");
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  const Icon = isCopied ? Check : Copy;
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={isCopied ? t("copied") : t("copy")}
      className="grid size-7 shrink-0 place-items-center rounded-control text-ink-3 hover:bg-hover"
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  );
}

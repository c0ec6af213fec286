"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { refusalOf } from "@/trpc/refusal";
import { CaWords } from "./ca-words";
import { RefusalText } from "./refusal-text";

/** A failed call behind which a CA or a mail server stands: what did not happen, our sentence, then their words, word for word. */
export function CaTrouble({ title, error }: { readonly title?: ReactNode; readonly error: unknown }) {
  const t = useTranslations("resend");
  const said = refusalOf(error);
  return (
    <div role="alert" className="my-3 rounded-control bg-bad-soft px-3 py-2 text-bad">
      {title && <span className="font-medium">{title} </span>}
      <RefusalText error={error} />
      {said?.code === "ca-error" && said.caMessage && <CaWords words={said.caMessage} label={t("caSaid")} />}
      {said?.code === "mailbox-error" && said.serverMessage && (
        <CaWords words={said.serverMessage} label={t("mailServerSaid")} />
      )}
    </div>
  );
}

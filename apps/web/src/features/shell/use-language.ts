"use client";

import { useTranslations } from "next-intl";
import { useAnnouncer } from "@/components/announcer";
import type { Locale } from "@/i18n/routing";
import { usePreferences } from "./session";

/** Keeps a language with the person. Resolves to whether it is kept; if not, it has been said. */
export function useKeepLanguage(): (language: Locale) => Promise<boolean> {
  const t = useTranslations("shell.language");
  const { change } = usePreferences();
  const { toast } = useAnnouncer();
  return async (language) => {
    try {
      await change({ change: "language-chosen", language });
      return true;
    } catch {
      toast(t("notKept"));
      return false;
    }
  };
}

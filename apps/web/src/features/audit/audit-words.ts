"use client";

import type { AuditRowView } from "@sealpost/api/client";
import { auditDetails } from "@sealpost/domain/policy";
import { useMessages, useTranslations } from "next-intl";
import { useAccountLabels } from "./use-account-labels";

/** Who did it. The console's own name needs no words; who is at its terminal has none. */
export function useActorName(): (kind: AuditRowView["actorKind"], name: string) => string {
  const t = useTranslations("audit");
  return (kind, name) => {
    if (kind === "operator") return t("operator");
    return name === "" ? t("nobody") : name;
  };
}

export interface DetailWords {
  readonly detail: string;
  readonly name: string;
  readonly value: string;
}

/** What an entry tells beside who, what and when. A word from before today's list stands as it was written. */
export function useDetailWords(): (entry: AuditRowView) => readonly DetailWords[] {
  const t = useTranslations("audit");
  const { audit, people } = useMessages();
  const accounts = useAccountLabels();
  const known: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    ...audit.value,
    accounts: { ...accounts, ...audit.value.accounts },
    role: people.role,
    from: people.role,
  };
  return ({ details }) => {
    const wordsFor = (name: string, value: unknown) => {
      if (typeof value === "boolean") return t(value ? "yes" : "no");
      const parts = String(value).split(", ");
      return parts.map((part) => known[name]?.[part] ?? part).join(", ");
    };
    const told: Readonly<Record<string, unknown>> = details;
    const ours = auditDetails.filter((name) => name in told);
    const others = Object.keys(told).filter((name) => !auditDetails.some((known) => known === name));
    return [
      ...ours.map((detail) => ({
        detail,
        name: t(`detail.${detail}`),
        value: wordsFor(detail, told[detail]),
      })),
      ...others.map((detail) => ({ detail, name: detail, value: wordsFor(detail, told[detail]) })),
    ].filter(({ value }) => value !== "");
  };
}

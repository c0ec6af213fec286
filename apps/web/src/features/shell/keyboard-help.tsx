"use client";

import { useTranslations } from "next-intl";
import { useRef } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { usePreferences } from "./session";

const keys = [
  ["search", ["/"]],
  ["palette", ["Ctrl K", "⌘ K"]],
  ["move", ["j", "k", "↓", "↑"]],
  ["open", ["Enter"]],
  ["select", ["x", "Shift x"]],
  ["send", ["s"]],
  ["import", ["i"]],
  ["read", ["r"]],
  ["help", ["?"]],
  ["close", ["Esc"]],
] as const;

/** Every key there is, and the switch for those that are single letters. */
export function KeyboardHelp({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("keyboard");
  const failure = useTranslations("failure");
  const { announce } = useAnnouncer();
  const { preferences, change } = usePreferences();
  const close = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("title")}
      initialFocus={close}
      footer={
        <Button ref={close} onClick={onClose}>
          {t("closeHelp")}
        </Button>
      }
    >
      <dl className="mt-3 divide-y border-y">
        {keys.map(([what, combinations]) => (
          <div key={what} className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-4 py-2">
            <dt>{t(what)}</dt>
            <dd className="flex gap-1.5">
              {combinations.map((combination) => (
                <kbd
                  key={combination}
                  className="rounded-mark border bg-canvas px-1.5 font-sans text-meta text-ink-2"
                >
                  {combination}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <label className="mt-4 flex items-start gap-2.5">
        <input
          type="checkbox"
          className="mt-0.5 size-4 shrink-0 accent-(--bar)"
          checked={preferences.hasSingleKeys}
          onChange={(event) =>
            void change({ change: "single-keys-switched", hasSingleKeys: event.target.checked }).catch(() =>
              announce(failure("notSaved")),
            )
          }
        />
        <span>
          {t("singleKeys")}
          <span className="block text-meta text-ink-3">{t("singleKeysHelp")}</span>
        </span>
      </label>
    </Dialog>
  );
}

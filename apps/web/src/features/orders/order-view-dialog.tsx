"use client";

import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { CaTrouble } from "@/components/ca-trouble";
import { Dialog } from "@/components/dialog";
import { TextField } from "@/components/text-field";
import { usePreferences } from "@/features/shell/session";

/** Asks what the list that is shown is to be called. */
export function OrderViewDialog({
  query,
  onClose,
}: {
  readonly query: string;
  readonly onClose: () => void;
}) {
  const t = useTranslations("orders.views");
  const { preferences, change } = usePreferences();
  const { announce } = useAnnouncer();
  const [name, setName] = useState("");
  const [error, setError] = useState<unknown>(null);
  const field = useRef<HTMLInputElement>(null);
  const isTaken = preferences.views.some((view) => view.name === name.trim());
  const save = async () => {
    if (name.trim() === "") return;
    try {
      await change({ change: "view-saved", name, query });
      announce(t("saved", { name: name.trim() }));
      onClose();
    } catch (failed) {
      setError(failed);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("nameTitle")}
      description={t("nameText")}
      initialFocus={field}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button look="primary" isOff={name.trim() === ""} onClick={() => void save()}>
            {isTaken ? t("replace") : t("save")}
          </Button>
        </>
      }
    >
      <form
        className="mt-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          ref={field}
          label={t("name")}
          value={name}
          maxLength={60}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
          help={isTaken && t("taken")}
        />
      </form>
      {error !== null && <CaTrouble error={error} />}
    </Dialog>
  );
}

"use client";

import { useMutation } from "@tanstack/react-query";
import { MoreHorizontal } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Menu, MenuItem, MenuRule } from "./menu";
import { RefusalText } from "./refusal-text";
import { saysRefusal } from "./refusals";

type State = "connected" | "paused" | "disconnected";

/** What can be done with a connection to a CA or a mailbox: edit, pause, go on; disconnecting asks first. */
export function ConnectionMenu({
  words,
  name,
  state,
  onEdit,
  onState,
  children,
}: {
  /** Where its sentences stand. */
  readonly words: "accounts" | "mailboxes";
  readonly name: string;
  readonly state: State;
  readonly onEdit: () => void;
  readonly onState: (state: State) => Promise<unknown>;
  /** What only this kind of connection can do, above the rest. */
  readonly children?: ReactNode;
}) {
  const t = useTranslations(words);
  const [isAsking, setAsking] = useState(false);
  const change = useMutation({ ...saysRefusal, mutationFn: onState });
  const disconnect = useMutation({ mutationFn: onState, onSuccess: () => setAsking(false) });
  const ask = () => {
    disconnect.reset();
    setAsking(true);
  };
  const trigger = (
    <button
      type="button"
      aria-label={t("menuFor", { name })}
      className="grid size-8 place-items-center rounded-control text-ink-2 hover:bg-hover max-md:size-10"
    >
      <MoreHorizontal aria-hidden className="size-4" />
    </button>
  );
  return (
    <>
      <Menu trigger={trigger} align="end">
        {children}
        <MenuItem onSelect={onEdit}>{t("edit")}</MenuItem>
        {state === "connected" && <MenuItem onSelect={() => change.mutate("paused")}>{t("pause")}</MenuItem>}
        {state === "paused" && <MenuItem onSelect={() => change.mutate("connected")}>{t("resume")}</MenuItem>}
        {state !== "disconnected" && (
          <>
            <MenuRule />
            <MenuItem tone="bad" onSelect={ask}>
              {t("disconnect")}
            </MenuItem>
          </>
        )}
      </Menu>
      <Dialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t("disconnectTitle", { name })}
        description={t("disconnectText")}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>{t("cancel")}</Button>
            <Button look="bad" isOff={disconnect.isPending} onClick={() => disconnect.mutate("disconnected")}>
              {t("disconnect")}
            </Button>
          </>
        }
      >
        {disconnect.isError && (
          <p role="alert" className="mt-3 text-bad">
            <RefusalText error={disconnect.error} />
          </p>
        )}
      </Dialog>
    </>
  );
}

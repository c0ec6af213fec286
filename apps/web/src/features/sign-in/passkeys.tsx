"use client";

import type { PasskeyView } from "@sealpost/api/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Moment } from "@/components/moment";
import { RefusalText } from "@/components/refusal-text";
import { Sheet, SheetHead } from "@/components/sheet";
import { Bars, Failure } from "@/components/states";
import { TextField } from "@/components/text-field";
import { usePerson } from "@/features/shell/session";
import { useRouter } from "@/i18n/navigation";
import { useTRPC, useTRPCClient } from "@/trpc/client";
import { deviceOf } from "./device";
import { createPasskey, type PasskeyTrouble, preloadPasskeys } from "./passkey";
import { PasskeyTroubleText } from "./passkey-button";

type Asked = { readonly act: "add" } | { readonly act: "rename" | "remove"; readonly passkey: PasskeyView };

/** One's passkeys: what they are called, and how to add, rename and remove them. */
export function Passkeys({ isOffered }: { readonly isOffered: boolean }) {
  const t = useTranslations("passkeys");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const { announce } = useAnnouncer();
  const passkeys = useQuery(trpc.passkeys.list.queryOptions());
  const [asked, setAsked] = useState<Asked | null>(null);
  const head = useRef<HTMLDivElement>(null);
  const isFocusGoing = useRef(false);
  const count = passkeys.data?.length;
  useEffect(() => {
    // What was removed takes its buttons with it when the shorter list has come.
    if (count === undefined) return;
    if (isFocusGoing.current && document.activeElement === document.body) head.current?.focus();
    isFocusGoing.current = false;
  }, [count]);
  const finish = async (act: Asked["act"]) => {
    setAsked(null);
    isFocusGoing.current = act === "remove";
    announce(t(`done.${act}`));
    await queryClient.invalidateQueries({ queryKey: trpc.passkeys.list.queryKey() });
    // Signing in again offers a passkey to who has one.
    router.refresh();
  };
  return (
    <Sheet>
      <div ref={head} tabIndex={-1} className="outline-none">
        <SheetHead
          title={t("title")}
          aside={
            isOffered && (
              <Button
                onFocus={preloadPasskeys}
                onPointerEnter={preloadPasskeys}
                onClick={() => setAsked({ act: "add" })}
              >
                {t("add.do")}
              </Button>
            )
          }
        />
      </div>
      <p className="px-4 pt-3 text-ink-2">{t(isOffered ? "text" : "notOffered")}</p>
      {passkeys.data ? (
        <ul className="mt-3 divide-y border-t empty:hidden">
          {passkeys.data.map((passkey) => (
            <Row key={passkey.passkeyId} passkey={passkey} onAsk={(act) => setAsked({ act, passkey })} />
          ))}
        </ul>
      ) : passkeys.isError ? (
        <Failure error={passkeys.error} onRetry={() => void passkeys.refetch()} />
      ) : (
        <Bars rows={1} widths={[30, 40]} />
      )}
      {passkeys.data?.length === 0 && <p className="px-4 pt-1 pb-3 text-meta text-ink-3">{t("none")}</p>}
      {asked?.act === "remove" ? (
        <RemoveDialog
          passkey={asked.passkey}
          onClose={() => setAsked(null)}
          onDone={() => finish("remove")}
        />
      ) : (
        asked && (
          <NameDialog
            renamed={asked.act === "rename" ? asked.passkey : null}
            onClose={() => setAsked(null)}
            onDone={() => finish(asked.act)}
          />
        )
      )}
    </Sheet>
  );
}

function Row({
  passkey: { name, addedAt, lastUsedAt },
  onAsk,
}: {
  readonly passkey: PasskeyView;
  readonly onAsk: (act: "rename" | "remove") => void;
}) {
  const t = useTranslations("passkeys");
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p className="font-medium">{name}</p>
        <p className="text-meta text-ink-3">
          {t.rich("added", { time: () => <Moment at={addedAt} as="age" /> })} ·{" "}
          {lastUsedAt === null
            ? t("neverUsed")
            : t.rich("lastUsed", { time: () => <Moment at={lastUsedAt} as="age" /> })}
        </p>
      </div>
      <div className="flex gap-2">
        {(["rename", "remove"] as const).map((act) => (
          <Button key={act} aria-label={t(`${act}.named`, { name })} onClick={() => onAsk(act)}>
            {t(`${act}.do`)}
          </Button>
        ))}
      </div>
    </li>
  );
}

/** Adds a passkey under a name, or gives another name to one. */
function NameDialog({
  renamed,
  onClose,
  onDone,
}: {
  readonly renamed: PasskeyView | null;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}) {
  const t = useTranslations("passkeys");
  const act = renamed ? "rename" : "add";
  const client = useTRPCClient();
  const person = usePerson();
  const usual = useUsualName();
  const [name, setName] = useState(renamed?.name ?? usual);
  const field = useRef<HTMLInputElement>(null);
  const save = useMutation({
    async mutationFn(): Promise<PasskeyTrouble | null> {
      if (renamed) {
        await client.passkeys.rename.mutate({ passkeyId: renamed.passkeyId, name });
        return null;
      }
      const made = await createPasskey(await client.passkeys.begin.mutate(), person);
      if ("problem" in made) return made;
      await client.passkeys.add.mutate({ name, ...made });
      return null;
    },
    onSuccess: (trouble) => (trouble === null ? onDone() : undefined),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t(`${act}.title`)}
      description={renamed ? undefined : t("add.text")}
      initialFocus={field}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" form="passkey-form" look="primary" isOff={save.isPending}>
            {t(save.isPending && !renamed ? "asking" : `${act}.confirm`)}
          </Button>
        </>
      }
    >
      <form id="passkey-form" className="mt-4 grid gap-3" onSubmit={submit}>
        <TextField
          ref={field}
          label={t("name")}
          help={t("nameHelp")}
          required
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {(save.isError || save.data) && (
          <p role="alert" className="text-bad">
            {save.data ? <PasskeyTroubleText trouble={save.data} /> : <RefusalText error={save.error} />}
          </p>
        )}
      </form>
    </Dialog>
  );
}

/** A passkey is called by the device it was made on, until somebody says better. */
function useUsualName(): string {
  const t = useTranslations("sessions");
  const { browser, system } = deviceOf(navigator.userAgent);
  return browser && system ? t("device", { browser, system }) : (browser ?? system ?? "");
}

function RemoveDialog({
  passkey: { passkeyId, name },
  onClose,
  onDone,
}: {
  readonly passkey: PasskeyView;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}) {
  const t = useTranslations("passkeys");
  const trpc = useTRPC();
  const cancel = useRef<HTMLButtonElement>(null);
  const remove = useMutation(trpc.passkeys.remove.mutationOptions({ onSuccess: onDone }));
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("remove.title", { name })}
      description={t("remove.text")}
      initialFocus={cancel}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button look="bad" isOff={remove.isPending} onClick={() => remove.mutate({ passkeyId })}>
            {t("remove.confirm")}
          </Button>
        </>
      }
    >
      {remove.isError && (
        <p role="alert" className="mt-3 text-bad">
          <RefusalText error={remove.error} />
        </p>
      )}
    </Dialog>
  );
}

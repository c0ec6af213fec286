"use client";

import type { MailboxView } from "@sealpost/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { RefusalText } from "@/components/refusal-text";
import { SelectField } from "@/components/select-field";
import { TextField } from "@/components/text-field";
import { useTRPC } from "@/trpc/client";
import { refusalOf } from "@/trpc/refusal";
import { type Preset, presetNames, presetOf, presets, usualPorts } from "./presets";

type Security = MailboxView["security"];

/** The form of a mailbox. Another host or port asks for the password again. */
export function MailboxDialog({
  mailbox,
  onClose,
}: {
  readonly mailbox: MailboxView | null;
  readonly onClose: () => void;
}) {
  const t = useTranslations("mailboxes.form");
  const about = useTranslations("mailboxes.about");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [preset, setPreset] = useState<Preset>(mailbox ? presetOf(mailbox.host) : "own");
  const [label, setLabel] = useState(mailbox?.label ?? "");
  const [host, setHost] = useState(mailbox?.host ?? "");
  const [port, setPort] = useState(String(mailbox?.port ?? usualPorts.tls));
  const [security, setSecurity] = useState<Security>(mailbox?.security ?? "tls");
  const [userName, setUserName] = useState(mailbox?.userName ?? "");
  const [password, setPassword] = useState("");
  const [lookBackDays, setLookBackDays] = useState(String(mailbox?.lookBackDays ?? 14));
  const connect = useMutation(
    trpc.mailboxes.connect.mutationOptions({
      // The password would stay in the cache as long as the page.
      gcTime: 0,
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.mailboxes.pathKey() });
        onClose();
      },
    }),
  );
  const choose = (name: Preset) => {
    setPreset(name);
    setHost(presets[name].host);
    setPort(String(presets[name].port));
    setSecurity("tls");
    connect.reset();
  };
  const secure = (wanted: Security) => {
    if (port === String(usualPorts[security])) setPort(String(usualPorts[wanted]));
    setSecurity(wanted);
  };
  const isMoved = mailbox !== null && (host !== mailbox.host || port !== String(mailbox.port));
  const needsPassword = !mailbox?.hasCredential || isMoved;
  const said = refusalOf(connect.error);
  const at =
    said?.code === "invalid-input" ? said.field : said?.code === "mailbox-label-taken" ? "label" : null;
  const fields = ["label", "host", "port", "userName", "password", "lookBackDays"];
  const problem = (name: string) => (at === name ? <RefusalText error={connect.error} /> : undefined);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={mailbox ? t("editTitle", { name: mailbox.label }) : t("title")}
      description={t("text")}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" form="mailbox-form" look="primary" isOff={connect.isPending}>
            {connect.isPending ? t("saving") : mailbox ? t("save") : t("connect")}
          </Button>
        </>
      }
    >
      <form
        id="mailbox-form"
        className="mt-4 grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          connect.mutate({
            mailboxId: mailbox?.mailboxId ?? null,
            label,
            host,
            port: Number(port),
            security,
            userName,
            password,
            folders: mailbox ? [...mailbox.folders] : ["INBOX"],
            lookBackDays: Number(lookBackDays),
          });
        }}
      >
        <SelectField
          label={t("provider")}
          value={preset}
          onChoose={choose}
          choices={presetNames}
          help={about(preset)}
        >
          {(name) => t(`providers.${name}`)}
        </SelectField>
        <TextField
          label={t("label")}
          help={t("labelHelp")}
          required
          maxLength={80}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
          problem={problem("label")}
        />
        <TextField
          label={t("host")}
          required
          maxLength={253}
          autoComplete="off"
          spellCheck={false}
          value={host}
          onChange={(event) => setHost(event.target.value)}
          problem={problem("host")}
        />
        <div className="grid grid-cols-2 gap-4">
          <SelectField
            label={t("security")}
            value={security}
            onChoose={secure}
            choices={["tls", "starttls"] as const}
          >
            {(name) => t(`securities.${name}`)}
          </SelectField>
          <TextField
            label={t("port")}
            required
            type="number"
            min={1}
            max={65535}
            value={port}
            onChange={(event) => setPort(event.target.value)}
            problem={problem("port")}
          />
        </div>
        <TextField
          label={t("userName")}
          help={t("userNameHelp")}
          required
          maxLength={320}
          autoComplete="off"
          spellCheck={false}
          value={userName}
          onChange={(event) => setUserName(event.target.value)}
          problem={problem("userName")}
        />
        <TextField
          label={t("password")}
          help={isMoved ? t("moved") : needsPassword ? t("passwordHelp") : t("passwordKept")}
          type="password"
          autoComplete="off"
          required={needsPassword}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          problem={problem("password")}
        />
        <TextField
          label={t("lookBack")}
          help={t("lookBackHelp")}
          required
          type="number"
          min={1}
          max={365}
          value={lookBackDays}
          onChange={(event) => setLookBackDays(event.target.value)}
          problem={problem("lookBackDays")}
        />
        {connect.isError && (at === null || !fields.includes(at)) && (
          <p role="alert" className="text-bad">
            <RefusalText error={connect.error} />
          </p>
        )}
      </form>
    </Dialog>
  );
}

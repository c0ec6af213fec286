"use client";

import type { AccountView } from "@sealpost/api/client";
import type { BaseUrl } from "@sealpost/domain";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { RefusalText } from "@/components/refusal-text";
import { SelectField } from "@/components/select-field";
import { TextField } from "@/components/text-field";
import { useTRPC } from "@/trpc/client";
import { refusalOf } from "@/trpc/refusal";
import { useCaCatalog } from "./ca-catalog";

/** The form of a CA account, drawn from the adapter's manifest. Changing the address asks for the secrets again. */
export function AccountDialog({
  account,
  onClose,
}: {
  readonly account: AccountView | null;
  readonly onClose: () => void;
}) {
  const t = useTranslations("accounts.form");
  const locale = useLocale();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const caCatalog = useCaCatalog();
  const [adapter, setAdapter] = useState(account?.adapter ?? caCatalog[0]?.id ?? "");
  const manifest = caCatalog.find((known) => known.id === adapter);
  const [label, setLabel] = useState(account?.label ?? "");
  const [baseUrl, setBaseUrl] = useState(account?.baseUrl ?? manifest?.defaultBaseUrl ?? "");
  const [fields, setFields] = useState<Readonly<Record<string, string>>>(account?.settings ?? {});
  const connect = useMutation(
    trpc.accounts.connect.mutationOptions({
      // The credential would stay in the cache as long as the page.
      gcTime: 0,
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.accounts.pathKey() });
        onClose();
      },
    }),
  );
  /** What was typed for one CA is of no use to another, and its secrets least of all. */
  const choose = (id: string) => {
    setAdapter(id);
    setBaseUrl(caCatalog.find((known) => known.id === id)?.defaultBaseUrl ?? "");
    setFields({});
    connect.reset();
  };
  const isMoved = account !== null && baseUrl !== account.baseUrl;
  const said = refusalOf(connect.error);
  const at =
    said?.code === "invalid-input" || said?.code === "address-not-allowed"
      ? said.field
      : said?.code === "account-label-taken"
        ? "label"
        : null;
  const firstSecret = manifest?.fields.find((field) => field.isSecret)?.name;
  const problem = (name: string) =>
    at === name || (name === firstSecret && at === "credential") ? (
      <RefusalText error={connect.error} />
    ) : undefined;
  const knownFields = [
    "label",
    "baseUrl",
    "credential",
    ...(manifest?.fields.map((field) => field.name) ?? []),
  ];
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={account ? t("editTitle", { name: account.label }) : t("title")}
      description={manifest?.about[locale]}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" form="account-form" look="primary" isOff={connect.isPending}>
            {connect.isPending ? t("saving") : account ? t("save") : t("connect")}
          </Button>
        </>
      }
    >
      <form
        id="account-form"
        className="mt-4 grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          connect.mutate({ caAccountId: account?.caAccountId ?? null, adapter, label, baseUrl, fields });
        }}
      >
        {caCatalog.length > 1 && !account && (
          <SelectField
            label={t("ca")}
            value={adapter}
            onChoose={choose}
            choices={caCatalog.map(({ id }) => id)}
          >
            {(id) => caCatalog.find((known) => known.id === id)?.name ?? id}
          </SelectField>
        )}
        <TextField
          label={t("label")}
          help={t("labelHelp")}
          required
          maxLength={80}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
          problem={problem("label")}
        />
        {manifest && manifest.baseUrls.length > 1 && (
          <SystemChoice systems={manifest.baseUrls} baseUrl={baseUrl} onChoose={setBaseUrl} />
        )}
        <TextField
          label={t("baseUrl")}
          help={isMoved ? t("baseUrlMoved") : t("baseUrlHelp")}
          required
          type="url"
          inputMode="url"
          value={baseUrl}
          onChange={(event) => setBaseUrl(event.target.value)}
          problem={problem("baseUrl")}
        />
        {manifest?.fields.map((field) => (
          <TextField
            key={field.name}
            label={field.label[locale]}
            help={field.isSecret && account?.hasCredential && !isMoved ? t("secretKept") : field.help[locale]}
            type={field.isSecret ? "password" : "text"}
            autoComplete="off"
            spellCheck={false}
            required={field.isRequired && (!field.isSecret || !account?.hasCredential || isMoved)}
            value={fields[field.name] ?? ""}
            onChange={(event) => setFields({ ...fields, [field.name]: event.target.value })}
            problem={problem(field.name)}
          />
        ))}
        {connect.isError && (at === null || !knownFields.includes(at)) && (
          <p role="alert" className="text-bad">
            <RefusalText error={connect.error} />
          </p>
        )}
      </form>
    </Dialog>
  );
}

/** The addresses the CA's API is known to have; any other can be typed below. */
function SystemChoice({
  systems,
  baseUrl,
  onChoose,
}: {
  readonly systems: readonly BaseUrl[];
  readonly baseUrl: string;
  readonly onChoose: (url: string) => void;
}) {
  const t = useTranslations("accounts.form");
  const locale = useLocale();
  const isKnown = systems.some(({ url }) => url === baseUrl);
  return (
    <SelectField
      label={t("system")}
      value={isKnown ? baseUrl : ""}
      onChoose={onChoose}
      choices={[...systems.map(({ url }) => url), ""]}
    >
      {(url) => systems.find((system) => system.url === url)?.label[locale] ?? t("otherAddress")}
    </SelectField>
  );
}

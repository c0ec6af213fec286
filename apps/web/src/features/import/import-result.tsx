"use client";

import type { ImportPlanView } from "@sealpost/api/client";
import {
  Check,
  FileBadge,
  FilePen,
  KeyRound,
  LockKeyhole,
  OctagonAlert,
  Paperclip,
  Plus,
} from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "@/components/button";
import { Hex, hexPairs } from "@/components/hex";
import { HostName, readableName } from "@/components/host-name";
import { Moment } from "@/components/moment";
import { Sheet, SheetHead } from "@/components/sheet";
import { TextField } from "@/components/text-field";
import { useNow, useTimeZone } from "@/components/use-time";
import { SandboxLink } from "@/features/shell/sandbox";
import { ChainDiff } from "./chain-diff";
import { FindingsList } from "./findings-list";
import { type ImportState, partNames } from "./import-form";
import { ImportReview } from "./import-review";
import { PasteText } from "./paste-text";
import { SourcePath } from "./source-path";

export interface ImportResultProps {
  readonly plan: ImportPlanView;
  readonly state: ImportState;
  readonly isReading: boolean;
  /** Whether the plan is that of what is entered now. */
  readonly isRead: boolean;
  readonly readError: unknown;
  readonly isSaving: boolean;
  readonly saveError: unknown;
  readonly onAdd: (files: readonly File[], text: string | null) => void;
  readonly onChange: (state: ImportState) => void;
  /** What is only written down with the import, or not read yet; nothing is read again. */
  readonly onWords: (words: Partial<Pick<ImportState, "notes" | "overrideReason" | "draft">>) => void;
  readonly onImport: () => void;
}

/** What was found, sorted, and what would be stored. */
export function ImportResult(props: ImportResultProps) {
  const { plan, state, onChange } = props;
  const { facts } = plan;
  return (
    <div
      aria-busy={props.isReading}
      className="grid items-start gap-4 max-lg:pb-28 lg:grid-cols-[minmax(0,1fr)_356px]"
    >
      <div className="grid min-w-0 gap-3">
        <Sources {...props} />
        <FindingsList findings={plan.findings} />
        {asksPassphrase(plan) && (
          <PassphraseForm
            isWrong={plan.findings.some((found) => found.id === "wrong-passphrase")}
            pausedUntil={plan.passphrasePausedUntil}
            onSubmit={(passphrase) => onChange({ ...state, passphrase })}
          />
        )}
        {facts.certificate && <CertificateCard certificate={facts.certificate} />}
        {facts.certificate && (
          <ChainDiff
            facts={facts}
            isReading={props.isReading}
            onTake={(certificate) => onChange({ ...state, certificate })}
          />
        )}
        <KeyCard {...props} />
        {facts.request && <RequestCard plan={plan} request={facts.request} />}
      </div>
      <ImportReview {...props} />
    </div>
  );
}

function asksPassphrase({ findings }: ImportPlanView): boolean {
  return findings.some(({ id }) => id === "passphrase-required" || id === "wrong-passphrase");
}

function Sources(props: ImportResultProps) {
  const { state, onAdd, isReading } = props;
  const t = useTranslations("import");
  const input = useRef<HTMLInputElement>(null);
  const names = [
    ...state.files.map((file) => file.name),
    ...state.texts.map(() => t("source.text")),
    ...partNames.filter((name) => state.parts[name].trim() !== "").map((name) => t(`source.${name}`)),
  ];
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2">
      <Paperclip aria-hidden className="size-4 shrink-0 text-ink-3" />
      <ul className="flex min-w-0 flex-wrap gap-x-3">
        {names.map((name, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name
          <li key={index} className="[overflow-wrap:anywhere]">
            {name}
          </li>
        ))}
      </ul>
      <Button
        look="quiet"
        className="ml-auto"
        icon={<Plus aria-hidden className="size-3.5" />}
        isOff={isReading}
        onClick={() => input.current?.click()}
      >
        {t("addMore")}
      </Button>
      <Paste {...props} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("addMore")}
        onChange={(event) => {
          onAdd([...(event.target.files ?? [])], null);
          event.target.value = "";
        }}
      />
    </div>
  );
}

function Paste({ state, onChange, onWords }: ImportResultProps) {
  return (
    <PasteText text={state.draft} onType={(draft) => onWords({ draft })} onRead={() => onChange(state)} />
  );
}

/** Used once and not kept. */
function PassphraseForm({
  isWrong,
  pausedUntil,
  onSubmit,
}: {
  readonly isWrong: boolean;
  /** After too many wrong ones; null: not. */
  readonly pausedUntil: string | null;
  readonly onSubmit: (passphrase: string) => void;
}) {
  const t = useTranslations("import.passphrase");
  const [passphrase, setPassphrase] = useState("");
  const now = useNow(1000);
  const timeZone = useTimeZone();
  const format = useFormatter();
  const isPaused = pausedUntil !== null && new Date(pausedUntil) > now;
  const paused = () =>
    t("paused", {
      time: format.dateTime(new Date(pausedUntil ?? ""), { timeStyle: "medium", timeZone }),
    });
  return (
    <Sheet className="p-4">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isPaused) onSubmit(passphrase);
        }}
      >
        <TextField
          label={t("label")}
          type="password"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          help={t("help")}
          problem={isPaused ? paused() : isWrong ? t("wrong") : undefined}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          action={
            <Button type="submit" className="h-10 shrink-0" isOff={passphrase === "" || isPaused}>
              {t("open")}
            </Button>
          }
        />
      </form>
    </Sheet>
  );
}

function CertificateCard({
  certificate,
}: {
  readonly certificate: NonNullable<ImportPlanView["facts"]["certificate"]>;
}) {
  const t = useTranslations("import");
  const name = certificate.commonName ?? certificate.dnsNames[0] ?? "";
  const others = certificate.dnsNames.filter((other) => other !== name);
  return (
    <Sheet>
      <SheetHead
        icon={<FileBadge aria-hidden />}
        title={t("certificate")}
        note={<SourcePath path={certificate.source.path} />}
      />
      <div className="p-4">
        <h3 className="text-name font-semibold [overflow-wrap:anywhere]">
          <HostName name={name} />
        </h3>
        {others.length > 0 && (
          <p className="text-meta text-ink-2 [overflow-wrap:anywhere]">
            {others.map(readableName).join(", ")}
          </p>
        )}
        <dl className="mt-3 grid gap-x-4 gap-y-2 sm:grid-cols-2 xl:grid-cols-4">
          <div>
            <dt className="text-meta text-ink-3">{t("issuer")}</dt>
            <dd className="[overflow-wrap:anywhere]">{certificate.issuerCommonName ?? certificate.issuer}</dd>
          </div>
          <div>
            <dt className="text-meta text-ink-3">{t("validity")}</dt>
            <dd>
              <Moment at={certificate.validFrom} as="day" /> – <Moment at={certificate.validTo} as="day" />
            </dd>
          </div>
          <div>
            <dt className="text-meta text-ink-3">{t("keyType")}</dt>
            <dd>{certificate.keyType}</dd>
          </div>
          <div>
            <dt className="text-meta text-ink-3">{t("serialNumber")}</dt>
            <dd>
              <Hex pairs={hexPairs(certificate.serialNumber)} />
            </dd>
          </div>
        </dl>
      </div>
    </Sheet>
  );
}

function KeyCard(props: ImportResultProps) {
  const { plan, state, isReading, onAdd } = props;
  const t = useTranslations("import");
  const input = useRef<HTMLInputElement>(null);
  const { key, keyFits } = plan.facts;
  const Icon = keyFits ? Check : OctagonAlert;
  const fits = keyFits !== null && (
    <span className={`inline-flex items-center gap-1.5 ${keyFits ? "text-ok" : "text-bad"}`}>
      <Icon aria-hidden className="size-4" />
      {t(keyFits ? "keyFits" : "keyFitsNot")}
    </span>
  );
  return (
    <Sheet>
      <SheetHead
        icon={<KeyRound aria-hidden />}
        title={t("privateKey")}
        note={key && <SourcePath path={key.source.path} />}
        aside={fits}
      />
      <div className="flex flex-wrap items-center gap-3 p-4">
        {key ? (
          <p className="min-w-0 flex-1 basis-60">
            <span className="font-medium">{key.keyType}</span>{" "}
            <span className="text-ink-3">
              <LockKeyhole aria-hidden className="inline size-3.5" /> {t("keyNote")}
            </span>
          </p>
        ) : (
          <p className="min-w-0 flex-1 basis-60 text-ink-2">
            {asksPassphrase(plan)
              ? t("keyLocked")
              : state.mode === "certificate-and-key"
                ? t("keyMissing")
                : t("keyNotNeeded")}{" "}
            {!asksPassphrase(plan) && state.mode === "certificate-and-key" && (
              <SandboxLink to="keys" search={plan.facts.certificate?.dnsNames[0] ?? ""}>
                {t("sandboxKeys")}
              </SandboxLink>
            )}
          </p>
        )}
        {keyFits !== true && (
          <>
            <Button
              isOff={isReading}
              icon={<KeyRound aria-hidden className="size-4" />}
              onClick={() => input.current?.click()}
            >
              {t("addKey")}
            </Button>
            <Paste {...props} />
          </>
        )}
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t("addKey")}
          onChange={(event) => {
            onAdd([...(event.target.files ?? [])], null);
            event.target.value = "";
          }}
        />
      </div>
    </Sheet>
  );
}

/** A request is never kept; it tells which order the certificate was made for. */
function RequestCard({
  plan,
  request,
}: {
  readonly plan: ImportPlanView;
  readonly request: NonNullable<ImportPlanView["facts"]["request"]>;
}) {
  const t = useTranslations("import");
  const { certificate } = plan.facts;
  const fits = certificate?.spkiSha256 === request.spkiSha256 && (
    <span className="inline-flex items-center gap-1.5 text-ok">
      <Check aria-hidden className="size-4" />
      {t("keyFits")}
    </span>
  );
  return (
    <Sheet>
      <SheetHead
        icon={<FilePen aria-hidden />}
        title={t("separate.csr")}
        note={<SourcePath path={request.source.path} />}
        aside={fits}
      />
      <div className="p-4">
        <p className="[overflow-wrap:anywhere]">{request.subject}</p>
        <p className="text-meta text-ink-3">{t("requestNote")}</p>
      </div>
    </Sheet>
  );
}

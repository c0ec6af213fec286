"use client";

import { overrideRight } from "@sealpost/domain/policy";
import { useQuery } from "@tanstack/react-query";
import { Check, CircleDashed, Minus, Stamp } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "@/components/button";
import { HostName, readableName } from "@/components/host-name";
import { Moment } from "@/components/moment";
import { RefusalText } from "@/components/refusal-text";
import { Sheet } from "@/components/sheet";
import { TextArea, TextField } from "@/components/text-field";
import { useMay } from "@/features/shell/session";
import { Link } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";
import { importModes } from "./import-modes";
import type { ImportResultProps } from "./import-result";
import { ReadFailure } from "./read-failure";

/** Which order it is for, what was proven, what will be kept, and the button that says what happens. */
export function ImportReview(props: ImportResultProps) {
  const { plan, state, isRead, readError, isSaving, saveError, onChange, onWords, onImport } = props;
  const t = useTranslations("import.review");
  const format = useFormatter();
  const blocks = plan.findings.filter((found) => found.severity === "blocked");
  const isOverridden = (state.overrideReason ?? "").trim() !== "" && blocks.every(overrideRight);
  const isBlocked = blocks.length > 0 && !isOverridden;
  const isKnownWhole = plan.known !== null && plan.completes.length === 0;
  const isOff = isBlocked || isKnownWhole || !isRead || isSaving;
  const button =
    plan.known && !isKnownWhole
      ? t("complete")
      : plan.order
        ? t("importFor", { order: plan.order.caOrderId })
        : t("import");
  return (
    <Sheet className="lg:sticky lg:top-16">
      <OrderMatch {...props} />
      <Proof {...props} />
      <div className="grid gap-3 border-t p-4">
        <h2 className="font-semibold">{t("title")}</h2>
        <fieldset className="grid gap-2">
          <legend className="sr-only">{t("mode")}</legend>
          {importModes.map((mode) => (
            <label key={mode} className="flex items-start gap-2.5 max-md:py-1.5">
              <input
                type="radio"
                name="mode"
                className="mt-1 size-4 accent-(--bar)"
                checked={state.mode === mode}
                onChange={() => onChange({ ...state, mode })}
              />
              <span>
                <span className="font-medium">{t(`modes.${mode}.name`)}</span>
                <span className="block text-meta text-ink-3">{t(`modes.${mode}.text`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {!plan.known && (
          <TextArea
            label={t("notes")}
            help={t("notesHelp")}
            value={state.notes}
            onChange={(event) => onWords({ notes: event.target.value })}
            rows={2}
            maxLength={4000}
          />
        )}
        {plan.order && !plan.known && (
          <p className="text-meta text-ink-3">
            {t("version", { version: plan.nextVersion })}{" "}
            {plan.previousVersion !== null && t("versionBefore", { version: plan.previousVersion })}
          </p>
        )}
      </div>
      {blocks.length > 0 && blocks.every(overrideRight) && <Override {...props} />}
      <div
        data-import-bar
        className="grid gap-2 border-t bg-canvas p-4 max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-10 max-lg:shadow-menu lg:rounded-b-sheet"
      >
        {plan.known && (
          <p role="alert" className="text-warn">
            {t.rich("known", {
              person: plan.known.importedBy,
              day: () => <Moment at={plan.known?.importedAt ?? ""} as="day" />,
            })}{" "}
            {isKnownWhole
              ? t("knownWhole")
              : t("completes", {
                  parts: format.list(plan.completes.map((part) => t(`completion.${part}`))),
                })}{" "}
            <Link
              href={`/security/ssl/certificates/${plan.known.certificateId}`}
              className="underline underline-offset-2"
            >
              {t("showKnown")}
            </Link>
          </p>
        )}
        {readError ? <ReadFailure error={readError} onRetry={() => onChange(state)} /> : null}
        {saveError ? (
          <p role="alert" className="text-bad">
            <RefusalText error={saveError} />
          </p>
        ) : null}
        {isBlocked && (
          <p id="blocked-why" className="text-meta text-ink-3">
            {t("blocked")}
          </p>
        )}
        <Button
          look="primary"
          icon={<Stamp aria-hidden className="size-4" />}
          className="w-full"
          isOff={isOff}
          aria-describedby={isBlocked ? "blocked-why" : undefined}
          onClick={onImport}
        >
          {isSaving ? t("importing") : button}
        </Button>
      </div>
    </Sheet>
  );
}

/** For what a person may know better than we do; offered to those who may, and explained to the others. */
function Override({ state, onWords }: ImportResultProps) {
  const t = useTranslations("import.review.override");
  const may = useMay("certificates:override");
  const { overrideReason } = state;
  return (
    <div className="grid gap-3 border-t p-4">
      {may ? (
        <>
          <label className="flex items-start gap-2.5 max-md:py-1.5">
            <input
              type="checkbox"
              className="mt-1 size-4 accent-(--bar)"
              checked={overrideReason !== null}
              onChange={(event) => onWords({ overrideReason: event.target.checked ? "" : null })}
            />
            <span>
              <span className="font-medium">{t("choose")}</span>
              <span className="block text-meta text-ink-3">{t("help")}</span>
            </span>
          </label>
          {overrideReason !== null && (
            <TextArea
              label={t("reason")}
              help={t("reasonHelp")}
              value={overrideReason}
              onChange={(event) => onWords({ overrideReason: event.target.value })}
              rows={2}
              maxLength={500}
              required
            />
          )}
        </>
      ) : (
        <p className="text-meta text-ink-3">{t("othersMay")}</p>
      )}
    </div>
  );
}

function OrderMatch({ plan, state, onChange }: ImportResultProps) {
  const t = useTranslations("import.review");
  const [isChoosing, setChoosing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const { order } = plan;
  const certificate = plan.facts.certificate;
  const isSaid = (reason: NonNullable<typeof order>["reasons"][number]) =>
    order?.reasons.includes(reason) ?? false;
  return (
    <div className="grid gap-2 p-4">
      <div className="flex items-center justify-between gap-2">
        <h2 className="font-semibold">{t("order")}</h2>
        <button
          ref={opener}
          type="button"
          className="text-ink-2 underline underline-offset-2"
          aria-expanded={isChoosing}
          onClick={() => setChoosing(!isChoosing)}
        >
          {t("chooseAnother")}
        </button>
      </div>
      {order ? (
        <>
          <p className="[overflow-wrap:anywhere]">
            <HostName name={order.commonName} />{" "}
            <code className="font-mono text-meta text-ink-3">{order.caOrderId}</code>
          </p>
          <ul className="grid gap-1">
            <CheckLine
              isHeld={isSaid("key")}
              text={t(isSaid("key") ? "check.key" : order.hasKeyHash ? "check.otherKey" : "check.keyUnknown")}
            />
            <CheckLine
              isHeld={isSaid("names")}
              text={t(isSaid("names") ? "check.names" : "check.otherNames", { count: order.dnsNames.length })}
            />
            {plan.facts.orderNumbers.length > 0 && (
              <CheckLine
                isHeld={isSaid("order-number")}
                text={t(isSaid("order-number") ? "check.number" : "check.otherNumber")}
              />
            )}
          </ul>
        </>
      ) : (
        <p className="text-ink-2">
          {certificate
            ? state.order === "none"
              ? t("noOrderChosen")
              : t("noOrderFound")
            : t("waitsForCertificate")}
        </p>
      )}
      {isChoosing && (
        <OrderChooser
          plan={plan}
          chosen={state.order}
          onChoose={(chosen) => {
            setChoosing(false);
            opener.current?.focus();
            onChange({ ...state, order: chosen });
          }}
        />
      )}
    </div>
  );
}

function CheckLine({ isHeld, text }: { readonly isHeld: boolean; readonly text: ReactNode }) {
  return (
    <li className={`flex items-start gap-2 ${isHeld ? "" : "text-ink-3"}`}>
      {isHeld ? (
        <Check aria-hidden className="mt-1 size-4 shrink-0 text-ok" />
      ) : (
        <Minus aria-hidden className="mt-1 size-4 shrink-0" />
      )}
      {text}
    </li>
  );
}

interface ChooserProps {
  readonly plan: ImportResultProps["plan"];
  readonly chosen: string;
  readonly onChoose: (order: string) => void;
}

function OrderChooser({ plan, chosen, onChoose }: ChooserProps) {
  const t = useTranslations("import.review");
  const trpc = useTRPC();
  const [search, setSearch] = useState("");
  const found = useQuery(
    trpc.orders.list.queryOptions(
      { search, limit: 8, showLongExpired: true },
      { enabled: search.trim().length > 1 },
    ),
  );
  const matches = plan.matches.map(({ orderId, commonName, caOrderId }) => ({
    orderId,
    commonName,
    caOrderId,
  }));
  const rows = search.trim().length > 1 ? (found.data?.rows ?? []) : matches;
  const option =
    "flex w-full flex-wrap justify-between gap-x-2 px-3 py-1.5 text-left hover:bg-hover max-md:py-2.5";
  return (
    <div className="rounded-control border">
      <div className="p-2">
        <TextField
          label={t("search")}
          type="search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <ul className="max-h-60 divide-y overflow-y-auto border-t">
        {rows.map((row) => (
          <li key={row.orderId}>
            <button
              type="button"
              aria-pressed={row.orderId === chosen}
              className={option}
              onClick={() => onChoose(row.orderId)}
            >
              <span className="min-w-0 [overflow-wrap:anywhere]">{readableName(row.commonName)}</span>
              <code className="font-mono text-meta text-ink-3">{row.caOrderId}</code>
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            aria-pressed={chosen === "none"}
            className={option}
            onClick={() => onChoose("none")}
          >
            {t("forNoOrder")}
          </button>
        </li>
      </ul>
    </div>
  );
}

function Proof({ plan }: ImportResultProps) {
  const t = useTranslations("import.review");
  const format = useFormatter();
  const proof = plan.facts.handshake;
  return (
    <div className="grid gap-2 border-t p-4">
      <div className="flex items-center justify-between gap-2">
        <h2 className="font-semibold">{t("proof")}</h2>
        {proof && (
          <span className="inline-flex items-center gap-1.5 text-ok">
            <Check aria-hidden className="size-4" />
            {proof.protocol.replace("v", " ")}
          </span>
        )}
      </div>
      {proof ? (
        <>
          <p className="text-meta text-ink-3">
            {t("proofText", { milliseconds: format.number(proof.durationMs, { maximumFractionDigits: 1 }) })}
          </p>
          <ul className="grid max-h-40 gap-1 overflow-y-auto">
            {proof.names.map((name) => (
              <CheckLine
                key={name}
                isHeld
                text={
                  <span className="[overflow-wrap:anywhere]">
                    <HostName name={name} />
                  </span>
                }
              />
            ))}
          </ul>
        </>
      ) : (
        <p className="flex items-start gap-2 text-ink-3">
          <CircleDashed aria-hidden className="mt-1 size-4 shrink-0" />
          {t("proofWaits")}
        </p>
      )}
    </div>
  );
}

"use client";

import type { RouterOutputs } from "@sealpost/api/client";
import { auditActs } from "@sealpost/domain/policy";
import { useTranslations } from "next-intl";
import { type ComponentProps, useId, useState } from "react";
import { Button } from "@/components/button";
import { isMaterial, longestSearch } from "@/features/shell/is-material";
import type { useAuditFilters } from "./audit-filters";
import { useActorName } from "./audit-words";

interface AuditToolbarProps {
  readonly filters: ReturnType<typeof useAuditFilters>;
  readonly actors: RouterOutputs["audit"]["actors"];
}

export function AuditToolbar({ filters, actors }: AuditToolbarProps) {
  const t = useTranslations("audit");
  const nameOf = useActorName();
  const { params, set, clear, isFiltered } = filters;
  const acts = auditActs.map((act) => [act, t(`act.${act}`)] as const);
  const people = actors.map((actor) => [actor.actorId, nameOf(actor.kind, actor.name)] as const);
  return (
    <div className="flex flex-wrap items-end gap-x-3 gap-y-2 px-4 py-3">
      <Choice
        label={t("columns.person")}
        value={params.get("person") ?? ""}
        choices={people.toSorted(byWords)}
        onChoose={(value) => set("person", value)}
      />
      <Choice
        label={t("columns.act")}
        value={params.get("act") ?? ""}
        choices={acts.toSorted(byWords)}
        onChoose={(value) => set("act", value)}
      />
      <Choice
        label={t("columns.outcome")}
        value={params.get("outcome") ?? ""}
        choices={[
          ["done", t("outcome.done")],
          ["refused", t("outcome.refused")],
        ]}
        onChoose={(value) => set("outcome", value)}
      />
      <Field
        label={t("from")}
        type="date"
        max={params.get("to") ?? undefined}
        value={params.get("from") ?? ""}
        onChange={(event) => set("from", event.target.value)}
      />
      <Field
        label={t("to")}
        type="date"
        min={params.get("from") ?? undefined}
        value={params.get("to") ?? ""}
        onChange={(event) => set("to", event.target.value)}
      />
      <SubjectField initial={filters.input.subject} onSearch={(text) => set("subject", text)} />
      {isFiltered && (
        <Button look="quiet" onClick={clear}>
          {t("clear")}
        </Button>
      )}
    </div>
  );
}

function byWords(a: readonly [string, string], b: readonly [string, string]): number {
  return a[1].localeCompare(b[1]);
}

const control =
  "h-8 w-full min-w-0 rounded-control border border-control bg-surface px-2 text-ink max-md:h-10";
const box = "w-[150px] max-md:w-[calc(50%-6px)]";

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ label, value, choices, onChoose }: ChoiceProps) {
  const t = useTranslations("audit");
  const id = useId();
  return (
    <div className={box}>
      <Label htmlFor={id}>{label}</Label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChoose(event.target.value)}
        className={`${control} ${value === "" ? "" : "font-medium"}`}
      >
        <option value="">{t("all")}</option>
        {choices.map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

function Field({ label, ...rest }: ComponentProps<"input"> & { readonly label: string }) {
  const id = useId();
  return (
    <div className={box}>
      <Label htmlFor={id}>{label}</Label>
      <input id={id} {...rest} className={control} />
    </div>
  );
}

/** Asked when the person is done typing: the search goes through the whole log. A key that was pasted goes nowhere. */
function SubjectField({ initial, onSearch }: { initial: string; onSearch: (text: string) => void }) {
  const t = useTranslations("audit");
  const [text, setText] = useState(initial);
  const [searched, setSearched] = useState(initial);
  if (searched !== initial) {
    setSearched(initial);
    setText(initial);
  }
  const search = () => {
    if (isMaterial(text)) setText("");
    else if (text.trim() !== initial) onSearch(text.trim());
  };
  return (
    <form
      className="max-md:w-full md:w-[190px]"
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <div className="[&>div]:w-full">
        <Field
          label={t("columns.subject")}
          placeholder={t("subjectPlaceholder")}
          maxLength={longestSearch}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={search}
        />
      </div>
    </form>
  );
}

function Label({ htmlFor, children }: { htmlFor: string; children: string }) {
  return (
    <label htmlFor={htmlFor} className="mb-0.5 block text-meta font-medium text-ink-3">
      {children}
    </label>
  );
}

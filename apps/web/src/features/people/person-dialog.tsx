"use client";

import type { PersonView } from "@sealpost/api/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { RefusalText } from "@/components/refusal-text";
import { TextField } from "@/components/text-field";
import { useTRPC } from "@/trpc/client";
import { refusalOf } from "@/trpc/refusal";
import type { NewLink } from "./link-dialog";

const roles = ["viewer", "operator", "importer", "key-custodian", "administrator"] as const;

/** Invites somebody, or gives them another role or other accounts. */
export function PersonDialog({
  person,
  onClose,
  onLink,
}: {
  readonly person: PersonView | null;
  readonly onClose: () => void;
  readonly onLink: (link: NewLink) => void;
}) {
  const t = useTranslations("people");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const accounts = useQuery(trpc.accounts.list.queryOptions());
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<PersonView["role"]>(person?.role ?? "viewer");
  const [chosen, setChosen] = useState<readonly string[] | null>(person?.caAccountIds ?? null);
  const onSettled = () => queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() });
  const invite = useMutation(
    trpc.people.invite.mutationOptions({ onSettled, onSuccess: (made) => onLink({ ...made, name }) }),
  );
  const change = useMutation(trpc.people.change.mutationOptions({ onSettled, onSuccess: onClose }));
  const act = person ? change : invite;
  const said = refusalOf(act.error);
  const isEmailTaken = said?.code === "invalid-input" && said.field === "email";
  const submit = () => {
    const caAccountIds = chosen && [...chosen];
    if (person) change.mutate({ personId: person.personId, role, caAccountIds });
    else invite.mutate({ name, email, role, caAccountIds });
  };
  const toggle = (id: string) =>
    setChosen((known) => (known?.includes(id) ? known.filter((one) => one !== id) : [...(known ?? []), id]));
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={person ? t("changeTitle", { name: person.name }) : t("invite")}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" form="person-form" look="primary" isOff={act.isPending}>
            {person ? t("save") : t("makeLink")}
          </Button>
        </>
      }
    >
      <form
        id="person-form"
        className="mt-4 grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {!person && (
          <>
            <TextField
              label={t("name")}
              required
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <TextField
              label={t("email")}
              type="email"
              required
              maxLength={254}
              value={email}
              onChange={(event) => setEmail(event.target.value)}
              problem={isEmailTaken ? t("emailTaken") : undefined}
            />
          </>
        )}
        <fieldset
          className="grid gap-2"
          aria-describedby={person?.isRoleByGroups ? "role-by-groups" : undefined}
        >
          <legend className="mb-1 font-medium">{t("roleLabel")}</legend>
          {person?.isRoleByGroups && (
            <p id="role-by-groups" className="text-ink-2">
              {t("roleByGroups")}
            </p>
          )}
          {roles.map((one) => (
            <label key={one} className="flex items-start gap-2">
              <input
                type="radio"
                name="role"
                className="mt-1"
                checked={role === one}
                disabled={person?.isRoleByGroups}
                onChange={() => setRole(one)}
              />
              <span>
                {t(`role.${one}`)}
                <span className="block text-meta text-ink-3">{t(`about.${one}`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {role !== "administrator" && (
          <fieldset className="grid gap-2">
            <legend className="mb-1 font-medium">{t("accountsLabel")}</legend>
            <label className="flex items-center gap-2">
              <input
                type="checkbox"
                checked={chosen === null}
                onChange={() => setChosen(chosen === null ? [] : null)}
              />
              {t("allAccounts")}
            </label>
            {chosen !== null &&
              accounts.data?.map(({ caAccountId, label }) => (
                <label key={caAccountId} className="flex items-center gap-2 pl-6 [overflow-wrap:anywhere]">
                  <input
                    type="checkbox"
                    checked={chosen.includes(caAccountId)}
                    onChange={() => toggle(caAccountId)}
                  />
                  {label}
                </label>
              ))}
          </fieldset>
        )}
        {act.isError && !isEmailTaken && (
          <p role="alert" className="text-bad">
            <RefusalText error={act.error} />
          </p>
        )}
      </form>
    </Dialog>
  );
}

"use client";

import type { PersonView } from "@sealpost/api/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { MoreHorizontal, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Menu, MenuItem, MenuRule } from "@/components/menu";
import { RefusalText } from "@/components/refusal-text";
import { saysRefusal } from "@/components/refusals";
import { Sheet } from "@/components/sheet";
import { Bars, Failure } from "@/components/states";
import { useMay, usePerson } from "@/features/shell/session";
import { useTRPC } from "@/trpc/client";
import { LinkDialog, type NewLink } from "./link-dialog";
import { PersonDialog } from "./person-dialog";

/** Who may sign in, as what, and to which accounts. */
export function PeoplePage() {
  const t = useTranslations("people");
  const trpc = useTRPC();
  const mayManage = useMay("people:manage");
  const { role } = usePerson();
  const people = useQuery(trpc.people.list.queryOptions(undefined, { enabled: mayManage }));
  const [edited, setEdited] = useState<PersonView | "new" | null>(null);
  const [link, setLink] = useState<NewLink | null>(null);
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2 py-3">
        <h1 className="text-page font-semibold">{t("title")}</h1>
        {mayManage && (
          <Button look="primary" onClick={() => setEdited("new")}>
            {t("invite")}
          </Button>
        )}
      </div>
      <Sheet>
        {!mayManage ? (
          <p className="px-4 py-6 text-ink-2">{t("mayNot", { role: t(`role.${role}`) })}</p>
        ) : people.data ? (
          <ul className="divide-y">
            {people.data.map((person) => (
              <PersonRow
                key={person.personId}
                person={person}
                onEdit={() => setEdited(person)}
                onLink={setLink}
              />
            ))}
          </ul>
        ) : people.isError ? (
          <Failure error={people.error} onRetry={() => void people.refetch()} />
        ) : (
          <Bars rows={3} widths={[20, 30, 15]} />
        )}
      </Sheet>
      {edited && (
        <PersonDialog
          person={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onLink={(made) => {
            setEdited(null);
            setLink(made);
          }}
        />
      )}
      {link && <LinkDialog link={link} onClose={() => setLink(null)} />}
    </>
  );
}

type Asked = "disable" | "reset";

function PersonRow({
  person,
  onEdit,
  onLink,
}: {
  readonly person: PersonView;
  readonly onEdit: () => void;
  readonly onLink: (link: NewLink) => void;
}) {
  const t = useTranslations("people");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const { personId, name, email, role, state, caAccountIds } = person;
  const { hasSecondFactor, hasPasskey, isFromProvider } = person;
  const proofs = [...(hasSecondFactor ? [t("secondFactor")] : []), ...(hasPasskey ? [t("passkey")] : [])];
  const ways = [...(isFromProvider ? [t("fromProvider")] : []), ...proofs];
  const onSettled = () => queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() });
  const disable = useMutation(
    trpc.people.setState.mutationOptions({ onSettled, onSuccess: () => setAsked(null) }),
  );
  const enable = useMutation(trpc.people.setState.mutationOptions({ ...saysRefusal, onSettled }));
  const reset = useMutation(
    trpc.people.reset.mutationOptions({
      onSettled,
      onSuccess: (made) => {
        setAsked(null);
        onLink({ ...made, name });
      },
    }),
  );
  const act = asked === "reset" ? reset : disable;
  const ask = (what: Asked) => {
    disable.reset();
    reset.reset();
    setAsked(what);
  };
  const confirm = () =>
    asked === "reset" ? reset.mutate({ personId }) : disable.mutate({ personId, state: "disabled" });
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
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-2.5 md:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_minmax(0,1fr)_auto]">
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p className={`font-medium ${state === "disabled" ? "text-ink-3" : ""}`}>{name}</p>
        <p className="text-meta text-ink-3">{email}</p>
      </div>
      <div className="max-md:row-start-2">
        <p>{t(`role.${role}`)}</p>
        <p className="text-meta text-ink-3">
          {caAccountIds === null ? t("allAccounts") : t("someAccounts", { count: caAccountIds.length })}
        </p>
      </div>
      <p className="flex items-center gap-2 text-ink-2 max-md:row-start-3">
        {proofs.length > 0 && <ShieldCheck aria-hidden className="size-4 text-ok" />}
        {[t(`state.${state}`), ...ways].join(" · ")}
      </p>
      <div className="max-md:col-start-2 max-md:row-start-1">
        <Menu trigger={trigger} align="end">
          <MenuItem onSelect={onEdit}>{t("change")}</MenuItem>
          <MenuItem onSelect={() => ask("reset")}>{t("reset.do")}</MenuItem>
          <MenuRule />
          {state === "disabled" ? (
            <MenuItem onSelect={() => enable.mutate({ personId, state: "active" })}>{t("enable")}</MenuItem>
          ) : (
            <MenuItem tone="bad" onSelect={() => ask("disable")}>
              {t("disable.do")}
            </MenuItem>
          )}
        </Menu>
      </div>
      {asked && (
        <Dialog
          isOpen
          onClose={() => setAsked(null)}
          title={t(`${asked}.title`, { name })}
          description={t(asked === "reset" && isFromProvider ? "reset.textProvider" : `${asked}.text`)}
          initialFocus={cancel}
          footer={
            <>
              <Button ref={cancel} onClick={() => setAsked(null)}>
                {t("cancel")}
              </Button>
              <Button look="bad" isOff={act.isPending} onClick={confirm}>
                {t(`${asked}.do`)}
              </Button>
            </>
          }
        >
          {act.isError && (
            <p role="alert" className="mt-3 text-bad">
              <RefusalText error={act.error} />
            </p>
          )}
        </Dialog>
      )}
    </li>
  );
}

"use client";

import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { FileBadge, Keyboard, type LucideIcon, ReceiptText, RefreshCw, Search, Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import { useDeferredValue, useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { readableName } from "@/components/host-name";
import { saysRefusal } from "@/components/refusals";
import { useRouter } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";
import { places } from "./navigation";
import { PastedNote, usePastedSearch } from "./use-pasted-search";

interface Command {
  readonly id: string;
  readonly label: string;
  /** What tells two of the same name apart. */
  readonly about: string;
  readonly Icon: LucideIcon;
  readonly run: () => void;
}

interface Group {
  readonly value: string;
  readonly items: readonly Command[];
}

const mostOfAKind = 6;

/** Goes to an order, a certificate or a screen, or does what a screen's buttons do, by typing what it is called. */
export function CommandPalette({
  initialText,
  onClose,
  onHelp,
}: {
  /** Typed while this was being loaded. */
  readonly initialText: string;
  readonly onClose: () => void;
  readonly onHelp: () => void;
}) {
  const t = useTranslations("palette");
  const [text, setText] = useState(initialText);
  const router = useRouter();
  const go = (href: string) => {
    onClose();
    router.push(href);
  };
  const pasted = usePastedSearch("orders", (found) =>
    go(`/security/ssl/orders?q=${encodeURIComponent(found)}&expired=show`),
  );
  const groups = useGroups(text, { go, onClose, onHelp });
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup
          aria-label={t("label")}
          className="fixed inset-x-4 top-[10dvh] z-50 mx-auto flex max-h-[75dvh] max-w-[560px] flex-col overflow-hidden rounded-sheet bg-surface text-ink shadow-dialog outline-none"
        >
          <Autocomplete.Root
            open
            inline
            items={groups}
            value={text}
            onValueChange={(value) => {
              if (pasted.take(value)) return;
              pasted.forget();
              setText(value);
            }}
            itemToStringValue={({ label }: Command) => label}
            // The server has looked already; what is left is sorted out below.
            filter={null}
            autoHighlight="always"
            keepHighlight
          >
            <div className="relative flex items-center gap-2 border-b px-4">
              <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
              <Autocomplete.Input
                aria-label={t("label")}
                placeholder={t("placeholder")}
                onPaste={(event) => {
                  if (pasted.take(event.clipboardData.getData("text"))) event.preventDefault();
                }}
                className="h-12 w-full bg-transparent outline-none placeholder:text-ink-3"
              />
              <Dialog.Close className="sr-only">{t("close")}</Dialog.Close>
              <PastedNote note={pasted.note} />
            </div>
            <div className="min-h-0 overflow-y-auto overscroll-contain">
              <Autocomplete.Empty>
                <p className="px-4 py-6 text-ink-2">{t("nothing")}</p>
              </Autocomplete.Empty>
              <Autocomplete.List className="py-1">
                {(group: Group) => (
                  <Autocomplete.Group key={group.value} items={group.items}>
                    <Autocomplete.GroupLabel className="px-4 pt-2 pb-1 text-meta font-medium text-ink-3">
                      {group.value}
                    </Autocomplete.GroupLabel>
                    <Autocomplete.Collection>
                      {(command: Command) => (
                        <Autocomplete.Item
                          key={command.id}
                          value={command}
                          onClick={command.run}
                          className="flex min-h-9 cursor-default items-center gap-2.5 px-4 outline-none select-none data-highlighted:bg-hover data-highlighted:shadow-[inset_2px_0_0_var(--focus)] max-md:min-h-11"
                        >
                          <command.Icon aria-hidden className="size-4 shrink-0 text-ink-3" />
                          <span className="min-w-0 truncate">{command.label}</span>
                          <span className="ml-auto shrink-0 text-meta text-ink-3">{command.about}</span>
                        </Autocomplete.Item>
                      )}
                    </Autocomplete.Collection>
                  </Autocomplete.Group>
                )}
              </Autocomplete.List>
            </div>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface Ways {
  readonly go: (href: string) => void;
  readonly onClose: () => void;
  readonly onHelp: () => void;
}

/** What the text may mean: screens and acts whose name holds it, and the orders and certificates the server finds. */
function useGroups(text: string, { go, onClose, onHelp }: Ways): Group[] {
  const t = useTranslations("palette");
  const shell = useTranslations("shell");
  const trpc = useTRPC();
  const { announce } = useAnnouncer();
  const search = useDeferredValue(text.trim());
  const isAsked = search.length > 1;
  const options = { enabled: isAsked, placeholderData: keepPreviousData };
  // What a shorter text found is shown until the answer comes; Enter must not open what is not typed.
  const isLate = (found: { readonly isPlaceholderData: boolean }) =>
    found.isPlaceholderData || search !== text.trim();
  const orders = useQuery(trpc.orders.list.queryOptions({ search, limit: mostOfAKind }, options));
  const certificates = useQuery(trpc.certificates.list.queryOptions({ search, limit: mostOfAKind }, options));
  const sync = useMutation(
    trpc.accounts.syncNow.mutationOptions({ ...saysRefusal, onSuccess: () => announce(t("syncStarted")) }),
  );
  const isNamed = ({ label }: Command) => holds(label, text);
  const screens = places.map(
    ({ key, href, Icon }): Command => ({ id: key, label: shell(key), about: "", Icon, run: () => go(href) }),
  );
  const act = (key: "import" | "sync" | "help", Icon: LucideIcon, run: () => void): Command => ({
    id: key,
    label: t(`acts.${key}`),
    about: "",
    Icon,
    run,
  });
  const startSync = () => {
    sync.mutate({});
    onClose();
  };
  const groups: Group[] = [
    {
      value: t("orders"),
      items: (isAsked ? (orders.data?.rows ?? []) : [])
        .map(({ orderId, commonName, caOrderId }) => ({
          id: orderId,
          label: readableName(commonName) || caOrderId,
          about: caOrderId,
          Icon: ReceiptText,
          run: () => go(`/security/ssl/orders/${orderId}`),
        }))
        .filter(({ label, about }) => !isLate(orders) || holds(label, text) || holds(about, text)),
    },
    {
      value: t("certificates"),
      items: (isAsked ? (certificates.data?.certificates ?? []) : [])
        .map((certificate) => ({
          id: certificate.certificateId,
          label: readableName(certificate.commonName),
          about: t("version", { version: certificate.version }),
          Icon: FileBadge,
          run: () => go(`/security/ssl/certificates/${certificate.certificateId}`),
        }))
        .filter(({ label }) => !isLate(certificates) || holds(label, text)),
    },
    {
      value: t("screens"),
      items: screens.filter(isNamed),
    },
    {
      value: t("acts.title"),
      items: [
        act("import", Upload, () => go("/security/ssl/certificates/import")),
        act("sync", RefreshCw, startSync),
        act("help", Keyboard, onHelp),
      ].filter(isNamed),
    },
  ];
  const found = groups.filter(({ items }) => items.length > 0);
  const isMeant = ({ value, items }: Group) =>
    (value === t("screens") || value === t("acts.title")) && items.some(startsWith(text));
  // Whoever writes what a screen is called wants to go there, whatever the server finds meanwhile.
  return [...found.filter(isMeant), ...found.filter((group) => !isMeant(group))];
}

function holds(words: string, text: string): boolean {
  return words.toLowerCase().includes(text.trim().toLowerCase());
}

function startsWith(text: string): (command: Command) => boolean {
  const start = text.trim().toLowerCase();
  return ({ label }) => start !== "" && label.toLowerCase().startsWith(start);
}

"use client";

import type { CertificateView, ImportPlanView } from "@sealpost/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Download, MailOpen } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Breadcrumb } from "@/components/breadcrumb";
import { Button, buttonClass } from "@/components/button";
import { CaTrouble } from "@/components/ca-trouble";
import { Dialog } from "@/components/dialog";
import { readableName } from "@/components/host-name";
import { useAsksBeforeLeaving } from "@/components/leaving";
import { useExact } from "@/components/moment";
import { Link, useRouter } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";
import { fetchMaterial } from "./fetch-material";
import {
  afterReading,
  emptyImport,
  type ImportState,
  isEmpty,
  longestFileBytes,
  toFormData,
} from "./import-form";
import { ImportResult } from "./import-result";
import { MaterialDrop } from "./material-drop";
import { ReadFailure } from "./read-failure";

/** The order the page was opened for. */
export interface ImportOrder {
  readonly orderId: string;
  readonly commonName: string;
  /** The account whose CA hands its certificate out; null: the CA does not, or not now. */
  readonly downloadFrom: string | null;
}

/** The mail the page was opened for: it is fetched from its mailbox at once. */
export interface ImportMail {
  readonly mailId: string;
  readonly receivedAt: string;
  readonly mailboxLabel: string | null;
}

interface ImportPageProps {
  readonly order: ImportOrder | null;
  readonly mail: ImportMail | null;
  /** Whether the certificate is fetched from the CA at once. */
  readonly startsWithDownload: boolean;
}

/** Drop, look, import. The material stays in this page until it is imported or left; then it is gone. */
export function ImportPage({ order, mail, startsWithDownload }: ImportPageProps) {
  const t = useTranslations("import");
  const orderId = order?.orderId ?? null;
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const exact = useExact();
  const { announce, toast } = useAnnouncer();
  const [state, setState] = useState<ImportState>(() => emptyImport(orderId));
  const [tooLarge, setTooLarge] = useState<string | null>(null);
  /** What is done when what was entered may go; null: nobody is asked. */
  const [goingOn, setGoingOn] = useState<(() => void) | null>(null);
  // A cached answer would keep names and findings, a cached input even a key: neither outlives the page.
  const preview = useMutation(trpc.certificates.preview.mutationOptions({ gcTime: 0 }));
  const save = useMutation(
    trpc.certificates.import.mutationOptions({
      gcTime: 0,
      onSuccess: async (certificate: CertificateView) => {
        await queryClient.invalidateQueries();
        toast(t("done", { name: readableName(certificate.commonName) }));
        askNoMore();
        router.push(`/security/ssl/certificates/${certificate.certificateId}`);
      },
    }),
  );
  // What was found stays in sight while it is read anew: a page that went away and came back would lose the focus.
  const [plan, setPlan] = useState<ImportPlanView | null>(null);
  const { mutate: look, reset } = preview;
  const forget = useCallback(() => {
    reset();
    setPlan(null);
  }, [reset]);
  const change = useCallback(
    (next: ImportState) => {
      setState(next);
      if (isEmpty(next)) forget();
      else
        look(toFormData(next), {
          onSuccess: (read) => {
            setPlan(read);
            setState((now) => afterReading(now, next));
            // One that did not open is not tried again with the next change.
            if (read.findings.some(({ id }) => id === "wrong-passphrase"))
              setState((now) => ({ ...now, passphrase: "" }));
          },
        });
    },
    [look, forget],
  );
  const add = useCallback(
    (files: readonly File[], text: string | null) => {
      const large = files.find((file) => file.size > longestFileBytes);
      setTooLarge(large?.name ?? null);
      if (large) return;
      change({
        ...state,
        files: [...state.files, ...files],
        texts: text ? [...state.texts, text] : state.texts,
      });
    },
    [state, change],
  );
  useWindowInput(add);
  const fetching = useMutation({
    gcTime: 0,
    mutationFn: async ({ orderId, downloadFrom }: ImportOrder) =>
      await fetchMaterial(
        `/api/orders/${orderId}/download`,
        (name) => `${t("fromCa.file", { account: downloadFrom ?? "" })} › ${name}`,
      ),
    onSuccess: (files) => add(files, null),
  });
  const { mutate: fetchNow } = fetching;
  useEffect(() => {
    if (startsWithDownload && order?.downloadFrom) fetchNow(order);
  }, [startsWithDownload, order, fetchNow]);
  const opening = useMutation({
    gcTime: 0,
    mutationFn: async ({ mailId, mailboxLabel }: ImportMail) =>
      await fetchMaterial(`/api/mails/${mailId}/open`, () =>
        t("fromMail.file", { mailbox: mailboxLabel ?? "–" }),
      ),
    onSuccess: (files) => add(files, null),
  });
  const { mutate: openNow } = opening;
  useEffect(() => {
    if (mail) openNow(mail);
  }, [mail, openNow]);
  useEffect(() => {
    if (plan) announce(summary(plan, t));
  }, [plan, announce, t]);
  const askNoMore = useAsksBeforeLeaving(!isEmpty(state) && !save.isSuccess, (go) => setGoingOn(() => go));
  const canDownload = !plan?.facts.certificate || fetching.isPending || fetching.isError;
  const startOver = () => {
    setState(emptyImport(orderId));
    forget();
    save.reset();
    if (mail) openNow(mail);
  };
  const discard = () => {
    setGoingOn(null);
    goingOn?.();
  };
  return (
    <>
      <Breadcrumb steps={[[t("certificates"), "/security/ssl/certificates"]]} here={t("importStep")} />
      <div className="flex flex-wrap items-end justify-between gap-2 pb-3">
        <h1 className="text-page font-semibold">{t("title")}</h1>
        {!isEmpty(state) && (
          <Button look="quiet" onClick={() => setGoingOn(() => startOver)}>
            {t("startOver")}
          </Button>
        )}
      </div>
      {order && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 pb-3">
          <p className="text-ink-2">{t("forOrder", { name: readableName(order.commonName) })}</p>
          {order.downloadFrom && canDownload && (
            <Button
              className="max-w-full"
              icon={<Download aria-hidden className="size-4 shrink-0" />}
              isOff={fetching.isPending}
              onClick={() => fetchNow(order)}
            >
              <span className="truncate">
                {t(fetching.isPending ? "fromCa.downloading" : "fromCa.download", {
                  account: order.downloadFrom,
                })}
              </span>
            </Button>
          )}
        </div>
      )}
      {mail && (opening.isIdle || opening.isPending) && (
        <p role="status" className="flex items-center gap-2 pb-3 text-ink-2">
          <MailOpen aria-hidden className="size-4 shrink-0" />
          {t("fromMail.fetching", { mailbox: mail.mailboxLabel ?? "–", at: exact(mail.receivedAt) })}
        </p>
      )}
      {mail && opening.isError && (
        <>
          <CaTrouble title={t("fromMail.failed")} error={opening.error} />
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2 pb-3">
            <Button isOff={opening.isPending} onClick={() => openNow(mail)}>
              {t("fromMail.retry")}
            </Button>
            {order && (
              <Link href={`/security/ssl/orders/${order.orderId}`} className={buttonClass()}>
                {t("fromMail.sendAgain")}
              </Link>
            )}
            <p className="text-ink-2">{t("fromMail.orDrop")}</p>
          </div>
        </>
      )}
      {fetching.isError && <CaTrouble title={t("fromCa.failed")} error={fetching.error} />}
      {tooLarge && (
        <p role="alert" className="mb-3 rounded-control bg-bad-soft px-3 py-2 text-bad">
          {t("tooLarge", { name: tooLarge })}
        </p>
      )}
      {preview.isError && !plan && (
        <ReadFailure className="mb-3" error={preview.error} onRetry={() => change(state)} />
      )}
      {plan ? (
        <ImportResult
          plan={plan}
          state={state}
          isReading={preview.isPending}
          isRead={preview.isSuccess}
          readError={preview.error}
          isSaving={save.isPending || save.isSuccess}
          saveError={save.error}
          onAdd={add}
          onChange={change}
          onWords={(words) => setState({ ...state, ...words })}
          onImport={() => save.mutate(toFormData(state))}
        />
      ) : (
        <MaterialDrop
          state={state}
          isReading={preview.isPending}
          onAdd={add}
          onType={(typed) => setState({ ...state, ...typed })}
          onRead={change}
        />
      )}
      <Dialog
        isOpen={goingOn !== null}
        onClose={() => setGoingOn(null)}
        title={t("leave.title")}
        description={t("leave.text")}
        footer={
          <>
            <Button onClick={() => setGoingOn(null)}>{t("leave.stay")}</Button>
            <Button look="bad" onClick={discard}>
              {t("leave.discard")}
            </Button>
          </>
        }
      />
    </>
  );
}

function summary(plan: ImportPlanView, t: ReturnType<typeof useTranslations<"import">>): string {
  const count = (severity: string) => plan.findings.filter((found) => found.severity === severity).length;
  return t("summary", { blocked: count("blocked"), warnings: count("warning"), fixed: count("fixed") });
}

/** The whole page takes a drop, and a paste anywhere outside a field counts. */
function useWindowInput(add: (files: readonly File[], text: string | null) => void): void {
  const latest = useRef(add);
  latest.current = add;
  useEffect(() => {
    const isField = (target: EventTarget | null) =>
      target instanceof HTMLElement && target.matches("input, textarea, [contenteditable]");
    const paste = (event: ClipboardEvent) => {
      if (isField(event.target) || !event.clipboardData) return;
      const files = [...event.clipboardData.files];
      const text = event.clipboardData.getData("text/plain");
      if (files.length > 0 || text.trim() !== "") latest.current(files, files.length > 0 ? null : text);
    };
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) latest.current(files, null);
    };
    window.addEventListener("paste", paste);
    window.addEventListener("dragover", over);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("paste", paste);
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", drop);
    };
  }, []);
}

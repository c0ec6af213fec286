"use client";

import type { CertificateView } from "@sealpost/api/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Breadcrumb } from "@/components/breadcrumb";
import { Button, buttonClass } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Hex, hexPairs } from "@/components/hex";
import { HostName, readableName } from "@/components/host-name";
import { Moment } from "@/components/moment";
import { RefusalText } from "@/components/refusal-text";
import { Fact, Facts, Sheet, SheetHead } from "@/components/sheet";
import { TextArea } from "@/components/text-field";
import { useMay } from "@/features/shell/session";
import { Link } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";
import { CertificateMenu } from "./certificate-menu";

export function CertificatePage({ initial }: { readonly initial: CertificateView }) {
  const t = useTranslations("certificate");
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.certificates.get.queryOptions(
      { certificateId: initial.certificateId },
      { initialData: initial, retry: false },
    ),
  );
  const trigger = (
    <button type="button" className={buttonClass("secondary")}>
      {t("actions")}
      <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
    </button>
  );
  return (
    <>
      <Breadcrumb
        steps={[[t("certificates"), "/security/ssl/certificates"]]}
        here={<HostName name={data.commonName} />}
      />
      <div className="flex flex-wrap items-center justify-between gap-2 pb-3">
        <h1 className="text-page font-semibold [overflow-wrap:anywhere]">
          <HostName name={data.commonName} />
        </h1>
        <CertificateMenu certificate={data} trigger={trigger} isOnItsPage />
      </div>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_372px]">
        <Sheet>
          <SheetHead title={t("details")} />
          <div className="px-4 py-1">
            <Facts>
              <Fact name={t("names")}>
                <ul>
                  {data.dnsNames.map((name) => (
                    <li key={name} data-tip={name}>
                      {readableName(name)}
                    </li>
                  ))}
                </ul>
              </Fact>
              {data.organization && <Fact name={t("organization")}>{data.organization}</Fact>}
              <Fact name={t("issuer")}>{data.issuer}</Fact>
              <Fact name={t("validity")}>
                <Moment at={data.validFrom} as="full" /> – <Moment at={data.validTo} as="full" />
              </Fact>
              <Fact name={t("keyType")}>
                {data.keyType} <span className="text-ink-3">· {data.signatureAlgorithm}</span>
              </Fact>
              <Fact name={t("chain")}>
                {data.chainNames.length === 0 ? (
                  t("chainNone")
                ) : (
                  <ol>
                    {data.chainNames.map((name) => (
                      <li key={name}>{name}</li>
                    ))}
                  </ol>
                )}
                {!data.isChainComplete && <span className="text-warn">{t("chainIncomplete")}</span>}
              </Fact>
              <Fact name={t("serialNumber")}>
                <CopyHex text={data.serialNumber} />
              </Fact>
              <Fact name={t("fingerprint")}>
                <CopyHex text={data.fingerprintSha256} />
              </Fact>
            </Facts>
          </div>
        </Sheet>
        <div className="grid gap-3">
          <Sheet>
            <SheetHead title={t("imported")} />
            <div className="px-4 py-1">
              <Facts>
                <Fact name={t("stored")}>{t(`modes.${data.mode}`)}</Fact>
                <Fact name={t("importedBy")}>
                  {data.importedBy}, <Moment at={data.importedAt} as="full" />
                </Fact>
                <Fact name={t("order")}>
                  {data.orderId ? (
                    <Link
                      href={`/security/ssl/orders/${data.orderId}`}
                      className="underline underline-offset-2"
                    >
                      {t("showOrder")}
                    </Link>
                  ) : (
                    t("noOrder")
                  )}
                </Fact>
                <Fact name={t("version")}>
                  {data.version}
                  {data.orderId && (
                    <span className="text-ink-3"> · {t(data.isCurrent ? "current" : "earlier")}</span>
                  )}
                </Fact>
                {data.orderId && <Versions certificate={data} orderId={data.orderId} />}
              </Facts>
            </div>
          </Sheet>
          <Notes certificate={data} />
        </div>
      </div>
    </>
  );
}

/** The other versions of the same order, and the way back to this one where another is in use. */
function Versions({
  certificate,
  orderId,
}: {
  readonly certificate: CertificateView;
  readonly orderId: string;
}) {
  const t = useTranslations("certificate");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { toast } = useAnnouncer();
  const mayChange = useMay("certificates:import");
  const { data } = useQuery(trpc.certificates.list.queryOptions({ orderId, limit: 200 }));
  const others = (data?.certificates ?? [])
    .filter((other) => other.certificateId !== certificate.certificateId)
    .sort((a, b) => b.version - a.version);
  const makeCurrent = useMutation(
    trpc.certificates.makeCurrent.mutationOptions({
      onSuccess: async ({ version }) => {
        await queryClient.invalidateQueries({ queryKey: trpc.certificates.pathKey() });
        toast(t("madeCurrent", { version }));
      },
    }),
  );
  if (others.length === 0) return null;
  return (
    <>
      <Fact name={t("otherVersions")}>
        <ul>
          {others.map((other) => (
            <li key={other.certificateId}>
              <Link
                href={`/security/ssl/certificates/${other.certificateId}`}
                className="underline underline-offset-2"
              >
                {t("versionUntil", { version: other.version })} <Moment at={other.validTo} as="day" />
              </Link>
              {other.isCurrent && <span className="text-ink-3"> · {t("current")}</span>}
            </li>
          ))}
        </ul>
      </Fact>
      {mayChange && !certificate.isCurrent && (
        <div className="py-2">
          <Button
            isOff={makeCurrent.isPending}
            onClick={() => makeCurrent.mutate({ certificateId: certificate.certificateId })}
          >
            {t("makeCurrent")}
          </Button>
          <p className="mt-1 text-meta text-ink-3">{t("makeCurrentHelp")}</p>
          {makeCurrent.isError && (
            <p role="alert" className="text-bad">
              <RefusalText error={makeCurrent.error} />
            </p>
          )}
        </div>
      )}
    </>
  );
}

function CopyHex({ text }: { readonly text: string }) {
  const pairs = hexPairs(text);
  return (
    <span className="flex items-start gap-1">
      <Hex pairs={pairs} />
      <CopyButton text={pairs.join(":")} />
    </span>
  );
}

function Notes({ certificate }: { readonly certificate: CertificateView }) {
  const t = useTranslations("certificate");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { announce } = useAnnouncer();
  const mayEdit = useMay("certificates:import");
  const [notes, setNotes] = useState(certificate.notes);
  const save = useMutation(
    trpc.certificates.editNotes.mutationOptions({
      onSuccess: (saved) => {
        queryClient.setQueryData(
          trpc.certificates.get.queryKey({ certificateId: saved.certificateId }),
          saved,
        );
        announce(t("notesSaved"));
      },
    }),
  );
  const isSame = notes === certificate.notes;
  return (
    <Sheet className="p-4">
      <form
        className="grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isSame) save.mutate({ certificateId: certificate.certificateId, notes });
        }}
      >
        <TextArea
          label={t("notes")}
          value={notes}
          readOnly={!mayEdit}
          maxLength={4000}
          onChange={(event) => setNotes(event.target.value)}
          problem={save.isError ? <RefusalText error={save.error} /> : undefined}
          help={t("notesHelp")}
        />
        {mayEdit && (
          <Button type="submit" className="justify-self-start" isOff={isSame || save.isPending}>
            {save.isSuccess && isSame ? t("saved") : t("update")}
          </Button>
        )}
      </form>
    </Sheet>
  );
}

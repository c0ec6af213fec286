"use client";

import type { UnmatchedMailView } from "@sealpost/api/client";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { CaTrouble } from "@/components/ca-trouble";
import { Dialog } from "@/components/dialog";
import { readableName } from "@/components/host-name";
import { Moment } from "@/components/moment";
import { Bars, Failure } from "@/components/states";
import { TextField } from "@/components/text-field";
import { useTRPC } from "@/trpc/client";
import { spokenOf } from "./spoken-of";

const mostShown = 10;

/** Which order a mail is about, chosen by a person among those that share a name or a number with it, or by search. */
export function ChooseOrderDialog({
  mail,
  onClose,
}: {
  readonly mail: UnmatchedMailView;
  readonly onClose: () => void;
}) {
  const t = useTranslations("unmatched.dialog");
  const status = useTranslations("status");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { toast } = useAnnouncer();
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const text = search.trim();
  const found = useQuery(
    trpc.orders.list.queryOptions(
      { search: text, limit: mostShown, showLongExpired: true },
      { enabled: text !== "", placeholderData: keepPreviousData },
    ),
  );
  const orders = text === "" ? mail.candidates : (found.data?.rows ?? []);
  const isChosen = orders.some(({ orderId }) => orderId === chosen);
  const assign = useMutation(
    trpc.mails.assign.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries();
        toast(t("done"));
        onClose();
      },
    }),
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("title")}
      description={t("text", { sender: mail.sender ?? "–", about: spokenOf(mail) || "–" })}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            look="primary"
            isOff={!isChosen || assign.isPending}
            onClick={() => chosen && assign.mutate({ mailId: mail.mailId, orderId: chosen })}
          >
            {assign.isPending ? t("assigning") : t("assign")}
          </Button>
        </>
      }
    >
      <TextField
        className="mt-4"
        label={t("search")}
        type="search"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {text !== "" && found.isPending ? (
        <Bars rows={3} widths={[50, 20]} />
      ) : found.isError ? (
        <Failure error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <fieldset className="mt-3 grid gap-0.5">
          <legend className="mb-1 text-meta text-ink-3">
            {orders.length === 0 ? t(text === "" ? "noCandidates" : "noMatch") : t("orders")}
          </legend>
          {orders.map((order) => (
            <label
              key={order.orderId}
              className="flex items-start gap-2 rounded-control px-2 py-1.5 hover:bg-hover max-md:py-2.5"
            >
              <input
                type="radio"
                name="order"
                className="mt-0.5 size-4 shrink-0 accent-(--bar)"
                checked={chosen === order.orderId}
                onChange={() => setChosen(order.orderId)}
              />
              <span className="min-w-0 [overflow-wrap:anywhere]">
                {readableName(order.commonName) || "–"}
                <span className="block text-meta text-ink-3">
                  {order.caOrderId} · {status(order.status)}
                  {order.orderedAt && (
                    <>
                      {" · "}
                      <Moment at={order.orderedAt} as="day" isInRow />
                    </>
                  )}
                </span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {assign.isError && <CaTrouble title={t("failed")} error={assign.error} />}
    </Dialog>
  );
}

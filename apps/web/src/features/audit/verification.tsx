"use client";

import type { RouterOutputs } from "@sealpost/api/client";
import { chainStart } from "@sealpost/domain/policy";
import { useMutation } from "@tanstack/react-query";
import { OctagonX, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { CopyButton } from "@/components/copy-button";
import { Sheet } from "@/components/sheet";
import { Failure } from "@/components/states";
import { useTRPCClient } from "@/trpc/client";

type Checked = RouterOutputs["audit"]["check"];

const start = { sequence: 0, hash: chainStart };

/** Checks the whole chain, stretch by stretch, and says how far it is, whether it holds and what to note down. */
export function Verification({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("audit.verify");
  const client = useTRPCClient();
  const { announce } = useAnnouncer();
  const [reached, setReached] = useState<Checked | null>(null);
  const from = useRef(start);
  const isLeft = useRef(false);
  const check = useMutation({
    // Goes on from where an attempt before it got.
    mutationFn: async () => {
      for (;;) {
        const checked = await client.audit.check.mutate(from.current);
        from.current = checked.reached;
        setReached(checked);
        if (checked.fault || checked.headText || isLeft.current) return checked;
      }
    },
    onSuccess: ({ fault }) => announce(fault ? t("broken") : t("intact")),
  });
  const { mutate } = check;
  useEffect(() => {
    isLeft.current = false;
    mutate();
    return () => {
      isLeft.current = true;
    };
  }, [mutate]);
  return (
    <Sheet className="mb-3">
      {check.isError ? (
        <Failure error={check.error} onRetry={() => check.mutate()} />
      ) : check.data ? (
        <Result checked={check.data} onClose={onClose} />
      ) : (
        <Progress reached={reached} />
      )}
    </Sheet>
  );
}

function Progress({ reached }: { readonly reached: Checked | null }) {
  const t = useTranslations("audit.verify");
  const done = reached?.reached.sequence ?? 0;
  const all = reached?.newest ?? 0;
  const label = all === 0 ? t("starting") : t("progress", { done, all });
  return (
    <div className="px-4 py-4">
      <p data-numbers>{label}</p>
      <progress
        aria-label={label}
        max={Math.max(all, 1)}
        value={done}
        className="mt-2 h-1.5 w-full max-w-[420px] accent-[var(--ok)]"
      />
    </div>
  );
}

function Result({ checked, onClose }: { readonly checked: Checked; readonly onClose: () => void }) {
  const t = useTranslations("audit.verify");
  const { fault, headText, reached } = checked;
  return (
    <div className="flex gap-3 px-4 py-4">
      {fault ? (
        <OctagonX aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
      ) : (
        <ShieldCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-ok" />
      )}
      <div className="min-w-0 flex-1">
        <h2 className={`font-semibold ${fault ? "text-bad" : ""}`}>{t(fault ? "broken" : "intact")}</h2>
        <p className="mt-1 max-w-[75ch] text-ink-2">
          {fault
            ? t(`problem.${fault.problem}`, { sequence: fault.sequence })
            : t("intactText", { count: reached.sequence })}
        </p>
        {fault ? (
          <p className="mt-1 max-w-[75ch] text-ink-2">{t("brokenAdvice")}</p>
        ) : (
          headText && (
            <>
              <h3 className="mt-3 font-medium">{t("head")}</h3>
              <p className="mt-1 flex items-start gap-2">
                <code data-head className="min-w-0 font-mono text-code [overflow-wrap:anywhere]">
                  {headText}
                </code>
                <CopyButton text={headText} />
              </p>
              <p className="mt-1 max-w-[75ch] text-meta text-ink-3">{t("headHelp")}</p>
            </>
          )
        )}
      </div>
      <button type="button" onClick={onClose} className="self-start text-ink-2 underline underline-offset-2">
        {t("close")}
      </button>
    </div>
  );
}

"use client";

import type { RouterOutputs } from "@sealpost/api/client";
import { useQuery } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useAnnouncer } from "@/components/announcer";
import { buttonClass } from "@/components/button";
import { Sheet } from "@/components/sheet";
import { useMay, usePreferences } from "@/features/shell/session";
import { Link } from "@/i18n/navigation";
import { useTRPC } from "@/trpc/client";

export type FirstStepsDone = RouterOutputs["orders"]["firstSteps"];

const steps = [
  { name: "account", isDone: "isAccountConnected", href: "/ca-accounts", right: "accounts:manage" },
  { name: "orders", isDone: "isOrderListed", href: "/ca-accounts", right: "orders:see" },
  {
    name: "send",
    isDone: "isMailAccepted",
    href: "/security/ssl/orders?attention=needs-action",
    right: "orders:resend",
  },
  {
    name: "import",
    isDone: "isCertificateImported",
    href: "/security/ssl/certificates/import",
    right: "certificates:import",
  },
] as const;

/** The way from an empty console to an imported certificate. What is ticked has truly been done here, by whomever. */
export function FirstSteps({
  initial,
  isSandbox,
}: {
  readonly initial: FirstStepsDone | null;
  /** Whether the orders come from the sandbox. */
  readonly isSandbox: boolean;
}) {
  const t = useTranslations("firstSteps");
  const trpc = useTRPC();
  const { toast } = useAnnouncer();
  const { change } = usePreferences();
  const { data } = useQuery(
    trpc.orders.firstSteps.queryOptions(undefined, initial ? { initialData: initial } : {}),
  );
  if (!data) return null;
  const next = steps.find(({ isDone }) => !data[isDone]);
  const hide = () =>
    void change({ change: "first-steps-switched", showsFirstSteps: false }).then(
      () => toast(t("hidden")),
      () => toast(t("notKept")),
    );
  return (
    <Sheet className="relative mb-3 px-4 py-3">
      <h2 className="pr-10 font-semibold">{t("title")}</h2>
      <button
        type="button"
        aria-label={t("hide")}
        data-tip={t("hide")}
        onClick={hide}
        className="absolute top-1.5 right-1.5 grid size-8 place-items-center rounded-control text-ink-3 hover:bg-hover max-md:size-10"
      >
        <X aria-hidden className="size-4" />
      </button>
      <ol className="mt-2 flex flex-wrap gap-x-6 gap-y-1.5 max-lg:gap-x-2">
        {steps.map((step, index) => (
          <Step
            key={step.name}
            place={index + 1}
            isDone={data[step.isDone]}
            title={t(`${step.name}.title`)}
            isNext={step === next}
          />
        ))}
      </ol>
      {next ? (
        <Next step={next} isSandbox={isSandbox} />
      ) : (
        <p className="mt-2 text-ink-2">
          {t.rich("allDone", {
            help: (text) => (
              <Link href="/help" className="underline underline-offset-2">
                {text}
              </Link>
            ),
          })}
        </p>
      )}
    </Sheet>
  );
}

interface StepProps {
  readonly place: number;
  readonly title: ReactNode;
  readonly isDone: boolean;
  readonly isNext: boolean;
}

function Step({ place, title, isDone, isNext }: StepProps) {
  const t = useTranslations("firstSteps");
  const mark = isDone ? "border-transparent bg-ok-soft text-ok" : isNext ? "border-wax text-wax-ink" : "";
  return (
    <li aria-current={isNext ? "step" : undefined} className="flex items-center gap-2">
      <span
        aria-hidden
        className={`grid size-5 shrink-0 place-items-center rounded-full border text-code font-semibold ${mark}`}
      >
        {isDone ? <Check className="size-3" strokeWidth={3} /> : place}
      </span>
      <span className={isNext ? "font-medium" : "text-ink-2 max-lg:sr-only"}>
        {title}
        {isDone && <span className="sr-only"> {t("done")}</span>}
      </span>
    </li>
  );
}

/** What the next step is for, and the way to it, or whom to ask. */
function Next({ step, isSandbox }: { readonly step: (typeof steps)[number]; readonly isSandbox: boolean }) {
  const t = useTranslations("firstSteps");
  const may = useMay(step.right);
  const text = isSandbox && step.name !== "account" ? t(`${step.name}.sandbox`) : t(`${step.name}.text`);
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2">
      <p className="max-w-[80ch] text-ink-2">{may ? text : t("noRight")}</p>
      {may && (
        <Link href={step.href} className={buttonClass()}>
          {t(`${step.name}.go`)}
        </Link>
      )}
    </div>
  );
}

"use client";

import type { AdmissionProblem } from "@sealpost/domain/policy";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { goToProvider } from "./provider";

/** The other way in: the identity provider's, and what became of it the last time. */
export function ProviderSignIn({
  name,
  next,
  problem: cameBackWith,
}: {
  readonly name: string;
  readonly next: string;
  readonly problem: AdmissionProblem | null;
}) {
  const t = useTranslations("provider");
  const [problem, setProblem] = useState<AdmissionProblem | "silent" | null>(cameBackWith);
  const [isGoing, setGoing] = useState(false);
  const go = async () => {
    setGoing(true);
    const failed = await goToProvider({ next, isAgain: false });
    if (failed === null) return;
    setGoing(false);
    setProblem(failed);
  };
  return (
    <div className="mt-5 grid gap-4 border-t pt-5">
      <Button className="h-10" isOff={isGoing} onClick={() => void go()}>
        {t(isGoing ? "going" : "signIn", { name })}
      </Button>
      {problem && <ProviderProblem problem={problem} name={name} />}
    </div>
  );
}

/** Why nobody came in, in our words. */
export function ProviderProblem({
  problem,
  name,
}: {
  readonly problem: AdmissionProblem | "silent";
  readonly name: string;
}) {
  const t = useTranslations();
  return (
    <p role="alert" className="text-bad [overflow-wrap:anywhere]">
      {problem === "silent" ? t("signIn.noAnswer") : t(`provider.problem.${problem}`, { name })}
    </p>
  );
}

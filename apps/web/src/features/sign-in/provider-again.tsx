"use client";

import type { AdmissionProblem } from "@sealpost/domain/policy";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { againPath, goToProvider, signInChannel } from "./provider";
import { ProviderProblem } from "./provider-sign-in";

/** The window in which one signs in again: goes to the provider by itself and, back from there, tells the page and closes. */
export function ProviderAgain({
  name,
  isDone,
  problem: cameBackWith,
}: {
  readonly name: string;
  readonly isDone: boolean;
  readonly problem: AdmissionProblem | null;
}) {
  const t = useTranslations("provider.again");
  const [problem, setProblem] = useState<AdmissionProblem | "silent" | null>(cameBackWith);
  const hasBegun = useRef(false);
  const go = useCallback(async () => {
    setProblem(null);
    setProblem(await goToProvider({ next: againPath, isAgain: true }));
  }, []);
  useEffect(() => {
    if (hasBegun.current || cameBackWith) return;
    hasBegun.current = true;
    if (!isDone) return void go();
    const channel = new BroadcastChannel(signInChannel);
    channel.postMessage("done");
    channel.close();
    window.close();
  }, [cameBackWith, isDone, go]);
  if (isDone)
    return (
      <p role="status" className="mt-4">
        {t("done")}
      </p>
    );
  if (!problem)
    return (
      <p role="status" className="mt-4">
        {t("going", { name })}
      </p>
    );
  return (
    <div className="mt-4 grid gap-4">
      <ProviderProblem problem={problem} name={name} />
      <Button look="primary" className="h-10" onClick={() => void go()}>
        {t("retry")}
      </Button>
    </div>
  );
}

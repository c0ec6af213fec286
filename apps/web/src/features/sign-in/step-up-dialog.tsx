"use client";

import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { TextField } from "@/components/text-field";
import { usePerson } from "@/features/shell/session";
import { post } from "./post";
import { SecondFactor } from "./second-factor";
import { answerStepUpBy } from "./step-up";

/** Lets somebody sign in again where they are; what they were about to do then goes on. */
export function StepUpDialog() {
  const t = useTranslations("stepUp");
  const { email } = usePerson();
  const [step, setStep] = useState<"closed" | "password" | "code">("closed");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<"wrong" | "slowDown" | "noAnswer" | null>(null);
  const answer = useRef<(isDone: boolean) => void>(() => {});
  const finish = useCallback((isDone: boolean) => {
    setStep("closed");
    setPassword("");
    setProblem(null);
    answer.current(isDone);
  }, []);
  useEffect(
    () =>
      answerStepUpBy(() => {
        setStep("password");
        return new Promise((resolve) => {
          answer.current = resolve;
        });
      }),
    [],
  );
  const submit = async () => {
    const { status, body } = await post("/api/auth/sign-in/email", { email, password });
    if (status === 200) return body.twoFactorRedirect === true ? setStep("code") : finish(true);
    setProblem(status === 429 ? "slowDown" : status === 401 ? "wrong" : "noAnswer");
  };
  return (
    <Dialog
      isOpen={step !== "closed"}
      onClose={() => finish(false)}
      title={t("title")}
      description={t("text")}
      footer={
        <>
          <Button onClick={() => finish(false)}>{t("cancel")}</Button>
          {step === "password" && (
            <Button type="submit" form="step-up" look="primary">
              {t("continue")}
            </Button>
          )}
        </>
      }
    >
      {step === "code" ? (
        <SecondFactor onDone={() => finish(true)} />
      ) : (
        <form
          id="step-up"
          className="mt-4 grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <input type="hidden" autoComplete="username" value={email} readOnly />
          <TextField
            label={t("password", { email })}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            problem={problem ? t(problem) : undefined}
          />
        </form>
      )}
    </Dialog>
  );
}

"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { TextField } from "@/components/text-field";
import { usePerson } from "@/features/shell/session";
import { useTRPCClient } from "@/trpc/client";
import { PasskeyButton } from "./passkey-button";
import { post } from "./post";
import { ProviderStepUp } from "./provider-step-up";
import { SecondFactor } from "./second-factor";
import type { SignInReason } from "./step-up";

/** Lets somebody sign in again where they are; what they were about to do then goes on. */
export function StepUpDialog({
  reason,
  onAnswer,
}: {
  readonly reason: SignInReason;
  readonly onAnswer: (isDone: boolean) => void;
}) {
  const t = useTranslations("stepUp");
  const person = usePerson();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [step, setStep] = useState<"password" | "code">("password");
  const [email, setEmail] = useState(person.email);
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<"wrong" | "slowDown" | "noAnswer" | null>(null);
  const field = useRef<HTMLInputElement>(null);
  /** Goes on as the same person; to anybody else belongs a page of their own. */
  const goOn = async () => {
    const now = await client.session.me.query().catch(() => null);
    if (now === null) {
      setStep("password");
      return setProblem("noAnswer");
    }
    if (now.personId !== person.personId) return loadAnew();
    onAnswer(true);
    if (reason === "ended") await queryClient.invalidateQueries();
  };
  const submit = async () => {
    const { status, body } = await post("/api/auth/sign-in/email", { email, password });
    if (status === 200) return body.twoFactorRedirect === true ? setStep("code") : await goOn();
    setProblem(status === 429 ? "slowDown" : status === 401 ? "wrong" : "noAnswer");
  };
  const isEnded = reason === "ended";
  return (
    <Dialog
      isOpen
      onClose={() => onAnswer(false)}
      title={t(isEnded ? "ended.title" : "title")}
      description={t(isEnded ? "ended.text" : "text")}
      initialFocus={field}
      footer={
        <>
          <Button onClick={() => onAnswer(false)}>{t("cancel")}</Button>
          {step === "password" && person.provider === null && (
            <Button type="submit" form="step-up" look="primary">
              {t("continue")}
            </Button>
          )}
        </>
      }
    >
      {person.provider !== null ? (
        <>
          <ProviderStepUp name={person.provider} onDone={() => void goOn()} />
          {problem && (
            <p role="alert" className="mt-4 text-bad">
              {t("noAnswer")}
            </p>
          )}
        </>
      ) : step === "code" ? (
        <SecondFactor onDone={() => void goOn()} />
      ) : (
        <form
          id="step-up"
          className="mt-4 grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          {isEnded ? (
            <TextField
              label={t("ended.email")}
              type="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          ) : (
            <input type="hidden" autoComplete="username" value={email} readOnly />
          )}
          <TextField
            ref={field}
            label={isEnded ? t("ended.password") : t("password", { email })}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            problem={problem ? t(isEnded && problem === "wrong" ? "ended.wrong" : problem) : undefined}
          />
          {person.hasPasskey && <PasskeyButton onDone={goOn} />}
        </form>
      )}
    </Dialog>
  );
}

/** What the person before typed goes with their page: nobody is asked whether to keep it. */
function loadAnew(): void {
  const letGo = (event: BeforeUnloadEvent) => event.stopImmediatePropagation();
  window.addEventListener("beforeunload", letGo, { capture: true });
  window.location.reload();
}

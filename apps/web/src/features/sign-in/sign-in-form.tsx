"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { TextField } from "@/components/text-field";
import { PasskeyButton } from "./passkey-button";
import { post } from "./post";
import { SecondFactor } from "./second-factor";

export function SignInForm({
  next,
  offersPasskeys,
}: {
  readonly next: string;
  readonly offersPasskeys: boolean;
}) {
  const t = useTranslations("signIn");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const [isAskingCode, setAskingCode] = useState(false);
  const submit = async () => {
    setSending(true);
    const answer = await post("/api/auth/sign-in/email", { email, password });
    if (answer.status === 200 && answer.body.twoFactorRedirect !== true) return window.location.assign(next);
    setSending(false);
    if (answer.status === 200) return setAskingCode(true);
    if (answer.status === 429) setProblem(t("slowDown", { seconds: answer.retryAfterS ?? 60 }));
    else setProblem(answer.status === 0 || answer.status >= 500 ? t("noAnswer") : t("wrong"));
  };
  if (isAskingCode) return <SecondFactor onDone={() => window.location.assign(next)} />;
  return (
    <form
      className="mt-5 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField
        label={t("email")}
        type="email"
        autoComplete="username"
        required
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={t("password")}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {problem && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
      <Button type="submit" look="primary" className="h-10" isOff={isSending}>
        {isSending ? t("signingIn") : t("signIn")}
      </Button>
      {offersPasskeys && <PasskeyButton onDone={() => window.location.assign(next)} />}
      <p className="text-meta text-ink-3">{t("forgotten")}</p>
    </form>
  );
}

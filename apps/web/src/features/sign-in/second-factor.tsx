"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { TextField } from "@/components/text-field";
import { post } from "./post";

/** The second step of signing in: a code of the authenticator app, or a recovery code. */
export function SecondFactor({ onDone }: { readonly onDone: () => void }) {
  const t = useTranslations("secondFactor");
  const [kind, setKind] = useState<"totp" | "recovery">("totp");
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<"slowDown" | "wrong" | "noAnswer" | "locked" | null>(null);
  const [isSending, setSending] = useState(false);
  const submit = async () => {
    setSending(true);
    const path = kind === "totp" ? "verify-totp" : "verify-backup-code";
    const answer = await post(`/api/auth/two-factor/${path}`, { code: code.trim() });
    setSending(false);
    if (answer.status === 200) return onDone();
    if (answer.body.code === "vault-locked") return setProblem("locked");
    setProblem(
      answer.status === 429 ? "slowDown" : answer.status >= 400 && answer.status < 500 ? "wrong" : "noAnswer",
    );
  };
  const switchTo = () => {
    setKind(kind === "totp" ? "recovery" : "totp");
    setCode("");
    setProblem(null);
  };
  return (
    <form
      className="mt-5 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField
        key={kind}
        label={t(`${kind}.label`)}
        help={t(`${kind}.help`)}
        autoComplete="one-time-code"
        inputMode={kind === "totp" ? "numeric" : "text"}
        required
        autoFocus
        value={code}
        onChange={(event) => setCode(event.target.value)}
        problem={problem === "wrong" ? t("wrong") : undefined}
      />
      {problem !== null && problem !== "wrong" && (
        <p role="alert" className="text-bad">
          {t(problem)}
        </p>
      )}
      <Button type="submit" look="primary" className="h-10" isOff={isSending}>
        {t("continue")}
      </Button>
      <Button look="quiet" onClick={switchTo}>
        {t(`${kind}.other`)}
      </Button>
    </form>
  );
}

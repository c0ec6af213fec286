"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Sheet, SheetHead } from "@/components/sheet";
import { TextField } from "@/components/text-field";
import { type Posted, post } from "./post";
import { fetchSignedIn } from "./step-up";

type Outcome = "done" | "wrong" | "guessable" | "slowDown" | "ended" | "noAnswer";

function outcomeOf({ status, body }: Posted): Outcome {
  if (status === 200) return "done";
  if (status === 429) return "slowDown";
  if (status === 401) return "ended";
  if (body.code === "GUESSABLE_PASSWORD") return "guessable";
  return status === 400 ? "wrong" : "noAnswer";
}

/** Changes the password and ends every other session. */
export function PasswordForm() {
  const t = useTranslations("password");
  const refusals = useTranslations("refusals");
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const submit = async () => {
    const answer = await post(
      "/api/auth/change-password",
      { currentPassword, newPassword, revokeOtherSessions: true },
      fetchSignedIn,
    );
    setOutcome(outcomeOf(answer));
    if (answer.status !== 200) return;
    setCurrent("");
    setNew("");
  };
  return (
    <Sheet>
      <SheetHead title={t("title")} />
      <form
        className="grid gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField
          label={t("current")}
          type="password"
          autoComplete="current-password"
          required
          value={currentPassword}
          onChange={(event) => setCurrent(event.target.value)}
          problem={outcome === "wrong" ? t("wrong") : undefined}
        />
        <TextField
          label={t("new")}
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          maxLength={128}
          help={t("help")}
          value={newPassword}
          onChange={(event) => setNew(event.target.value)}
          problem={outcome === "guessable" ? t("guessable") : undefined}
        />
        {(outcome === "slowDown" || outcome === "noAnswer") && (
          <p role="alert" className="text-bad">
            {t(outcome)}
          </p>
        )}
        {outcome === "ended" && (
          <p role="alert" className="text-bad">
            {refusals("not-signed-in")}
          </p>
        )}
        {outcome === "done" && (
          <p role="status" className="text-ok">
            {t("done")}
          </p>
        )}
        <Button type="submit" look="primary" className="justify-self-start">
          {t("change")}
        </Button>
      </form>
    </Sheet>
  );
}

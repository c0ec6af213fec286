"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Sheet } from "@/components/sheet";
import { TextField } from "@/components/text-field";
import { post } from "./post";

/** Changes the password and ends every other session. */
export function PasswordForm() {
  const t = useTranslations("password");
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const [outcome, setOutcome] = useState<"done" | "wrong" | "slowDown" | "noAnswer" | null>(null);
  const submit = async () => {
    const answer = await post("/api/auth/change-password", {
      currentPassword,
      newPassword,
      revokeOtherSessions: true,
    });
    setOutcome(
      answer.status === 200
        ? "done"
        : answer.status === 429
          ? "slowDown"
          : answer.status === 400 || answer.status === 401
            ? "wrong"
            : "noAnswer",
    );
    if (answer.status !== 200) return;
    setCurrent("");
    setNew("");
  };
  return (
    <Sheet className="max-w-[440px] p-5">
      <form
        className="grid gap-4"
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
        />
        {(outcome === "slowDown" || outcome === "noAnswer") && (
          <p role="alert" className="text-bad">
            {t(outcome)}
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

"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "@/components/button";
import { TextField } from "@/components/text-field";
import { Link } from "@/i18n/navigation";
import { post } from "./post";

const shortest = 12;

/** What a one-time link is for. The token stands in the fragment, which never leaves the browser by itself. */
export function LinkForm({ purpose }: { readonly purpose: "setup" | "reset" | "invite" }) {
  const t = useTranslations("link");
  const [token, setToken] = useState<string | null>(null);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<{ field: string; text: string } | null>(null);
  const [isSending, setSending] = useState(false);
  const [isDone, setDone] = useState(false);
  useEffect(() => setToken(new URLSearchParams(window.location.hash.slice(1)).get("token") ?? ""), []);
  if (token === "")
    return (
      <p role="alert" className="mt-4 text-bad">
        {t("noToken")}
      </p>
    );
  if (isDone)
    return (
      <p role="status" className="mt-4">
        {t("resetDone")}{" "}
        <Link href="/sign-in" className="underline underline-offset-2">
          {t("toSignIn")}
        </Link>
      </p>
    );
  const submit = async () => {
    setSending(true);
    const answer = await post(
      `/api/${purpose}`,
      purpose === "setup" ? { token, name, email, password } : { token, password },
    );
    setSending(false);
    if (answer.status === 204)
      return purpose === "setup" ? window.location.assign("/security/ssl/orders") : setDone(true);
    const code = String(answer.body.code ?? "");
    if (code === "link-spent" || code === "link-expired") return setProblem({ field: "form", text: t(code) });
    const field = String(answer.body.field ?? "form");
    const known = field === "email" || field === "name" || field === "password" ? field : "form";
    const text =
      answer.body.problem === "guessable"
        ? t("problem.guessable")
        : known === "form"
          ? t("noAnswer")
          : t(`problem.${known}`);
    setProblem({ field: known, text });
  };
  const problemOf = (field: string) => (problem?.field === field ? problem.text : undefined);
  return (
    <form
      className="mt-5 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {purpose === "setup" && (
        <>
          <TextField
            label={t("name")}
            autoComplete="name"
            required
            autoFocus
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
            problem={problemOf("name")}
          />
          <TextField
            label={t("email")}
            type="email"
            autoComplete="username"
            required
            maxLength={254}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            problem={problemOf("email")}
          />
        </>
      )}
      <TextField
        label={t("password")}
        type="password"
        autoComplete="new-password"
        required
        minLength={shortest}
        maxLength={128}
        help={t("passwordHelp", { shortest })}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        problem={problemOf("password")}
      />
      {problem?.field === "form" && (
        <p role="alert" className="text-bad">
          {problem.text}
        </p>
      )}
      <Button type="submit" look="primary" className="h-10" isOff={isSending}>
        {isSending ? t("saving") : t(`${purpose}.button`)}
      </Button>
    </form>
  );
}

"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { QrCode } from "@/components/qr-code";
import { Sheet, SheetHead } from "@/components/sheet";
import { TextField } from "@/components/text-field";
import { usePerson } from "@/features/shell/session";
import { useRouter } from "@/i18n/navigation";
import { post } from "./post";
import { SecondFactor } from "./second-factor";
import { fetchSignedIn } from "./step-up";

/** Switches the second factor on, with its recovery codes, or off. */
export function SecondFactorSetup() {
  const t = useTranslations("secondFactor");
  const router = useRouter();
  const { hasSecondFactor } = usePerson();
  const [password, setPassword] = useState("");
  const [made, setMade] = useState<{ readonly uri: string; readonly codes: readonly string[] } | null>(null);
  const [problem, setProblem] = useState<"wrongPassword" | "slowDown" | "noAnswer" | null>(null);
  const [isConfirmed, setConfirmed] = useState(false);
  const submit = async () => {
    const path = hasSecondFactor ? "disable" : "enable";
    const { status, body } = await post(`/api/auth/two-factor/${path}`, { password }, fetchSignedIn);
    if (status !== 200)
      return setProblem(
        status === 429 ? "slowDown" : status >= 400 && status < 500 ? "wrongPassword" : "noAnswer",
      );
    setProblem(null);
    setPassword("");
    if (hasSecondFactor) return router.refresh();
    const codes = Array.isArray(body.backupCodes) ? body.backupCodes.map(String) : [];
    setMade({ uri: String(body.totpURI), codes });
  };
  const confirmed = () => {
    setConfirmed(true);
    router.refresh();
  };
  const secret = made && (new URL(made.uri).searchParams.get("secret") ?? "");
  return (
    <Sheet>
      <SheetHead title={t("title")} />
      {made && secret ? (
        <div className="grid gap-4 p-4">
          <p>{t("scan")}</p>
          <QrCode text={made.uri} label={t("qrCode")} />
          <p>{t("addSecret")}</p>
          <div className="flex items-start gap-2">
            <code className="min-w-0 flex-1 font-mono [overflow-wrap:anywhere]">{secret}</code>
            <CopyButton text={secret} />
          </div>
          <a href={made.uri} className="underline underline-offset-2">
            {t("openApp")}
          </a>
          <p>{t("recoveryCodes")}</p>
          <div className="flex items-start gap-2">
            <ul className="grid flex-1 grid-cols-2 gap-1 font-mono">
              {made.codes.map((code) => (
                <li key={code}>{code}</li>
              ))}
            </ul>
            <CopyButton text={made.codes.join("\n")} />
          </div>
          {isConfirmed ? (
            <p role="status" className="text-ok">
              {t("isOn")}
            </p>
          ) : (
            <SecondFactor onDone={confirmed} />
          )}
        </div>
      ) : (
        <form
          className="grid gap-4 p-4"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <p className="text-ink-2">{t(hasSecondFactor ? "isOn" : "isOff")}</p>
          <TextField
            label={t("password")}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            problem={problem ? t(problem) : undefined}
          />
          <Button type="submit" look={hasSecondFactor ? "bad" : "secondary"} className="justify-self-start">
            {t(hasSecondFactor ? "switchOff" : "switchOn")}
          </Button>
        </form>
      )}
    </Sheet>
  );
}

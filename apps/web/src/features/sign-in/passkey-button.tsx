"use client";

import { KeyRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { type PasskeyTrouble, preloadPasskeys, signInWithPasskey } from "./passkey";

/** Signs in with a passkey instead of password and code. */
export function PasskeyButton({ onDone }: { readonly onDone: () => Promise<void> | void }) {
  const t = useTranslations("passkeys");
  const [trouble, setTrouble] = useState<PasskeyTrouble | null>(null);
  const [isAsking, setAsking] = useState(false);
  const signIn = async () => {
    setTrouble(null);
    setAsking(true);
    const found = await signInWithPasskey();
    setTrouble(found);
    if (found === null) await onDone();
    setAsking(false);
  };
  return (
    <div className="grid gap-2">
      <Button
        className="h-10"
        icon={<KeyRound aria-hidden className="size-4" />}
        isOff={isAsking}
        onFocus={preloadPasskeys}
        onPointerEnter={preloadPasskeys}
        onClick={() => void signIn()}
      >
        {t(isAsking ? "asking" : "signIn")}
      </Button>
      {trouble && (
        <p role="alert" className="text-bad">
          <PasskeyTroubleText trouble={trouble} />
        </p>
      )}
    </div>
  );
}

/** What happened, and what to do next. */
export function PasskeyTroubleText({ trouble }: { readonly trouble: PasskeyTrouble }) {
  const t = useTranslations("passkeys.trouble");
  return trouble.problem === "elsewhere" ? t("elsewhere", { host: trouble.host }) : t(trouble.problem);
}

"use client";

import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { buttonClass } from "@/components/button";
import { againPath, signInChannel } from "./provider";

/**
 * Signs in again at the identity provider, in a window of its own, so that this page stays as it is. The provider is
 * elsewhere, so neither window knows the other; the new one tells on a channel when it is back.
 */
export function ProviderStepUp({ name, onDone }: { readonly name: string; readonly onDone: () => void }) {
  const t = useTranslations("provider.again");
  useEffect(() => {
    const channel = new BroadcastChannel(signInChannel);
    channel.addEventListener("message", onDone);
    return () => channel.close();
  }, [onDone]);
  return (
    <a
      href={againPath}
      target="_blank"
      className={`mt-4 h-10 w-full ${buttonClass("primary")}`}
      onClick={(event) => {
        // Where windows are not let open, the link opens a tab.
        if (window.open(againPath, signInChannel, "popup,width=520,height=720")) event.preventDefault();
      }}
      rel="noopener"
    >
      {t("open", { name })}
    </a>
  );
}

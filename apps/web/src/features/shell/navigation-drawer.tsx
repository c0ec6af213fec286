"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Navigation } from "./navigation";

/** The navigation on phones, over the page. */
export function NavigationDrawer({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("shell");
  return (
    <Base.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Base.Popup className="fixed inset-y-0 left-0 z-50 w-72 max-w-[85vw] bg-canvas p-2 shadow-dialog outline-none">
          <div className="flex items-center justify-between px-2">
            <Base.Title className="font-semibold">{t("navigation")}</Base.Title>
            <Base.Close
              aria-label={t("closeNavigation")}
              className="grid size-10 place-items-center rounded-control text-ink-2 hover:bg-hover"
            >
              <X aria-hidden className="size-5" />
            </Base.Close>
          </div>
          <Navigation isDrawer onGo={onClose} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

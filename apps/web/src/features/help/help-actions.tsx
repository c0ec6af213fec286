"use client";

import { Keyboard, ListChecks } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { usePreferences } from "@/features/shell/session";
import { useRouter } from "@/i18n/navigation";

const KeyboardHelp = dynamic(async () => (await import("@/features/shell/keyboard-help")).KeyboardHelp);

/** Every key there is. */
export function ShowKeys({ children }: { readonly children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon={<Keyboard aria-hidden className="size-4" />} onClick={() => setOpen(true)}>
        {children}
      </Button>
      {isOpen && <KeyboardHelp onClose={() => setOpen(false)} />}
    </>
  );
}

/** Brings the first steps back above the orders, and goes there. */
export function FirstStepsAgain({
  notKept,
  children,
}: {
  readonly notKept: string;
  readonly children: ReactNode;
}) {
  const router = useRouter();
  const { change } = usePreferences();
  const { toast } = useAnnouncer();
  const show = () =>
    void change({ change: "first-steps-switched", showsFirstSteps: true }).then(
      () => router.push("/security/ssl/orders"),
      () => toast(notKept),
    );
  return (
    <Button icon={<ListChecks aria-hidden className="size-4" />} onClick={show}>
      {children}
    </Button>
  );
}

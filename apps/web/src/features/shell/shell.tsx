"use client";

import type { CaManifest } from "@sealpost/domain";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Announcer } from "@/components/announcer";
import { Refusals } from "@/components/refusals";
import { Tips } from "@/components/tips";
import { CaCatalogProvider } from "@/features/accounts/ca-catalog";
import { StepUpAsker } from "@/features/sign-in/step-up-asker";
import { ApiProvider } from "@/trpc/client";
import { Keyboard } from "./keyboard";
import { Live } from "./live";
import { Navigation } from "./navigation";
import { ReadOnlyNotice } from "./read-only-notice";
import { type Sandbox, SandboxProvider } from "./sandbox";
import { SandboxRibbon } from "./sandbox-ribbon";
import { type Person, SessionProvider } from "./session";
import type { Theme } from "./theme";
import { TopBar } from "./top-bar";

interface ShellProps {
  readonly person: Person;
  readonly sandbox: Sandbox;
  readonly isReadOnly: boolean;
  readonly catalog: readonly CaManifest[];
  readonly theme: Theme;
  readonly children: ReactNode;
}

export function Shell({ person, sandbox, isReadOnly, catalog, theme, children }: ShellProps) {
  const t = useTranslations("shell");
  return (
    <ApiProvider>
      <SessionProvider person={person}>
        <CaCatalogProvider catalog={catalog}>
          <Live />
          <StepUpAsker />
          <Announcer>
            <a
              href="#main"
              className="fixed top-2 left-2 z-50 -translate-y-20 rounded-control bg-bar px-3 py-2 font-medium text-on-bar focus:translate-y-0"
            >
              {t("skip")}
            </a>
            {sandbox && <SandboxRibbon {...sandbox} />}
            {isReadOnly && <ReadOnlyNotice isSignedIn />}
            <TopBar theme={theme} />
            <div className="flex">
              <Navigation className="max-md:hidden" />
              <main id="main" tabIndex={-1} className="min-w-0 flex-1 px-4 pb-6 md:pl-1">
                <SandboxProvider sandbox={sandbox}>{children}</SandboxProvider>
                <Tips />
              </main>
            </div>
            <Refusals />
            <Keyboard />
          </Announcer>
        </CaCatalogProvider>
      </SessionProvider>
    </ApiProvider>
  );
}

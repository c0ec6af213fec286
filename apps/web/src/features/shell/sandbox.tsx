"use client";

import { useLocale } from "next-intl";
import { createContext, type ReactNode, useContext } from "react";

/** Where the sandbox shows its mails and keys; null: there is none. */
export type Sandbox = { readonly mailboxUrl: string; readonly keysUrl: string } | null;

const Context = createContext<Sandbox>(null);

export function SandboxProvider({
  sandbox,
  children,
}: {
  readonly sandbox: Sandbox;
  readonly children: ReactNode;
}) {
  return <Context value={sandbox}>{children}</Context>;
}

/** A way to the sandbox's mailbox or keys, at what is looked for there; nothing where there is no sandbox. */
export function SandboxLink({
  to,
  search,
  children,
}: {
  readonly to: "mailbox" | "keys";
  readonly search: string;
  readonly children: ReactNode;
}) {
  const sandbox = useContext(Context);
  const lang = useLocale();
  if (!sandbox) return null;
  const page = to === "mailbox" ? sandbox.mailboxUrl : sandbox.keysUrl;
  return (
    <a
      href={`${page}?${new URLSearchParams({ lang, q: search })}`}
      target="_blank"
      rel="noreferrer"
      className="underline underline-offset-2"
    >
      {children}
    </a>
  );
}

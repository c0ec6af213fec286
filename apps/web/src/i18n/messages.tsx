"use client";

import { NextIntlClientProvider } from "next-intl";
import { type ReactNode, use } from "react";
import { ownMessages } from "./own-messages";
import type { Locale } from "./routing";

interface MessagesProps {
  readonly locale: Locale;
  /** Where the browser finds them. */
  readonly url: string;
  readonly children: ReactNode;
}

/** The words of a page. The browser keeps them in a file of their own: within each page they were a third of it and more. */
export function Messages({ locale, url, children }: MessagesProps) {
  const messages = use(messagesAt(url, locale));
  return (
    <NextIntlClientProvider locale={locale} timeZone="UTC" messages={messages}>
      {children}
    </NextIntlClientProvider>
  );
}

type Words = Awaited<ReturnType<typeof ownMessages>>;

const known = new Map<string, Promise<Words>>();
const tryAgainMs = 1000;

function messagesAt(url: string, locale: Locale): Promise<Words> {
  const found = known.get(url) ?? (typeof window === "undefined" ? ownMessages(locale) : fetchMessages(url));
  known.set(url, found);
  return found;
}

/** Until they are there: what the server has drawn stands meanwhile, and what is typed is kept. */
async function fetchMessages(url: string): Promise<Words> {
  for (;;) {
    try {
      const answer = await fetch(url);
      if (answer.ok) return await answer.json();
    } catch {
      // The console is being restarted, or the line is gone.
    }
    await new Promise((resolve) => setTimeout(resolve, tryAgainMs));
  }
}

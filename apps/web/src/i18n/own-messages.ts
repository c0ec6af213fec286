import type { Messages } from "next-intl";
import type { Locale } from "./routing";

/** What the components of the browser say. The help is drawn on the server alone. */
export async function ownMessages(locale: Locale): Promise<Omit<Messages, "help">> {
  const { help: _, ...messages } = (await import(`../messages/${locale}.json`)).default;
  return messages;
}

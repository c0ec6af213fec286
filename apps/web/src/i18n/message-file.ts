import "server-only";
import { createHash } from "node:crypto";
import { ownMessages } from "./own-messages";
import type { Locale } from "./routing";

/** A language's messages as the browser gets them; the version names the content, so that a browser may keep it for good. */
export interface MessageFile {
  readonly version: string;
  readonly json: string;
}

const files = new Map<Locale, Promise<MessageFile>>();

export function messageFile(locale: Locale): Promise<MessageFile> {
  const found = files.get(locale) ?? makeFile(locale);
  files.set(locale, found);
  return found;
}

async function makeFile(locale: Locale): Promise<MessageFile> {
  const json = JSON.stringify(await ownMessages(locale));
  return { version: createHash("sha256").update(json).digest("base64url").slice(0, 16), json };
}

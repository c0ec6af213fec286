import "server-only";
import type { AppRouter } from "@sealpost/api/client";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { headers } from "next/headers";
import { getLocale } from "next-intl/server";
import { cache } from "react";
import { pagesToken, serverUrl } from "@/env";
import { redirect } from "@/i18n/navigation";
import { routing } from "@/i18n/routing";

/** The server's API with the visitor's own cookie. One per request: what is asked at the same moment goes out as one call. */
const serverApi = cache(async () => {
  const cookie = (await headers()).get("cookie") ?? "";
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${serverUrl()}/api/trpc`,
        headers: { cookie, "x-sealpost-pages": pagesToken() },
        maxItems: 20,
      }),
    ],
  });
});

/**
 * The API and who is signed in; nobody is sent to sign in, and back here afterwards. Layout and page are drawn side by
 * side, so each of them asks; once per request it is one question. Whoever has chosen a language gets the page in it.
 */
export const signedIn = cache(async () => {
  const api = await serverApi();
  const person = await api.session.me.query();
  const path = (await headers()).get("x-sealpost-path") ?? "";
  const locale = await getLocale();
  if (!person) {
    const href = { pathname: "/sign-in", query: path === "" ? {} : { next: path } };
    return redirect({ href, locale });
  }
  const { language } = person.preferences;
  if (language === null || language === locale) return { api, person };
  // With its prefix the address also tells the browser's cookie; without one, the browser's own language would win again.
  return redirect({ href: withoutLanguage(path), locale: language, forcePrefix: true });
});

/** The first data of a page, asked for together with who is signed in: nobody is sent to sign in all the same. */
export async function readFirst<T>(
  ask: (api: Awaited<ReturnType<typeof serverApi>>) => Promise<T>,
): Promise<T> {
  const asked = ask(await serverApi());
  // Nobody is refused there too, and that is not what they shall be told.
  asked.catch(() => {});
  await signedIn();
  return await asked;
}

function withoutLanguage(path: string): string {
  return path.replace(new RegExp(`^/(?:${routing.locales.join("|")})(?=/|\\?|$)`), "") || "/";
}

export interface SystemView {
  readonly sandbox: { readonly mailboxUrl: string; readonly keysUrl: string } | null;
  readonly needsSetup: boolean;
  readonly isReadOnly: boolean;
  readonly offersPasskeys: boolean;
  /** The identity provider at which one may sign in; null: none. */
  readonly provider: { readonly name: string } | null;
}

/** What everybody may know of this console. */
export async function readSystem(): Promise<SystemView> {
  const answer = await fetch(`${serverUrl()}/api/system`, {
    cache: "no-store",
    headers: { "x-sealpost-pages": pagesToken() },
  });
  if (!answer.ok) throw new Error("the server did not answer");
  return await answer.json();
}

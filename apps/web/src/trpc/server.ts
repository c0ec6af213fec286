import "server-only";
import type { AppRouter } from "@sealpost/api/client";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { headers } from "next/headers";
import { serverUrl } from "@/env";

/** The server's API with the visitor's own cookie; for the first data of a page. */
export async function serverApi() {
  const cookie = (await headers()).get("cookie") ?? "";
  return createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: `${serverUrl()}/api/trpc`, headers: { cookie } })],
  });
}

export interface SystemView {
  readonly sandbox: { readonly mailboxUrl: string; readonly keysUrl: string } | null;
  readonly needsSetup: boolean;
}

/** What everybody may know of this console. */
export async function readSystem(): Promise<SystemView> {
  const answer = await fetch(`${serverUrl()}/api/system`, { cache: "no-store" });
  if (!answer.ok) throw new Error("the server did not answer");
  return await answer.json();
}

"use client";

import { fetchSignedIn } from "@/features/sign-in/step-up";
import { RefusedAnswer, refusalIn } from "@/trpc/refusal";

/** Fetches a file by POST, so that no link and no prefetch can, and hands it to the browser. Throws RefusedAnswer. */
export async function download(path: string, fallbackName: string, body: unknown = {}): Promise<void> {
  const headers = { "content-type": "application/json" };
  const sent = { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await fetchSignedIn(path, sent).catch(() => null);
  if (!answer?.ok) throw new RefusedAnswer(refusalIn(await answer?.json().catch(() => null)));
  const name =
    /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? fallbackName;
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

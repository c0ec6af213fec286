"use client";

import type { ExportPart } from "@sealpost/domain";
import { fetchWithStepUp } from "@/features/sign-in/step-up";

/** Fetches one part by POST and hands it to the browser as a file. Resolves to the refusal's code, or null when it went well. */
export async function download(certificateId: string, part: ExportPart): Promise<string | null> {
  const answer = await fetchWithStepUp(`/api/certificates/${certificateId}/${part}`, {
    method: "POST",
  }).catch(() => null);
  if (answer === null) return "internal";
  if (!answer.ok) {
    const body: unknown = await answer.json().catch(() => null);
    return typeof body === "object" && body !== null && "code" in body ? String(body.code) : "internal";
  }
  const name =
    /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "certificate.pem";
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
  return null;
}

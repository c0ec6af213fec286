import { type RefusalView, RefusedAnswer } from "@/trpc/refusal";

/**
 * Fetches from the CA what it has issued for an order, as if its files had been dropped. By POST, so that no link and
 * no prefetch can fetch it. Throws RefusedAnswer.
 */
export async function fetchFromCa(orderId: string, nameOf: (name: string) => string): Promise<File[]> {
  const answer = await fetch(`/api/orders/${orderId}/download`, { method: "POST", cache: "no-store" }).catch(
    () => null,
  );
  if (!answer?.ok) {
    const body: unknown = await answer?.json().catch(() => null);
    throw new RefusedAnswer(refusalIn(body));
  }
  const files = (await answer.formData()).getAll("file").filter((entry) => typeof entry !== "string");
  return files.map((file) => new File([file], nameOf(file.name)));
}

/** The server writes refusals as they come over tRPC. */
function refusalIn(body: unknown): RefusalView | null {
  return typeof body === "object" && body !== null && "refusal" in body
    ? (body.refusal as RefusalView)
    : null;
}

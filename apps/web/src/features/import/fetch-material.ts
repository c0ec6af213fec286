import { fetchSignedIn } from "@/features/sign-in/step-up";
import { RefusedAnswer, refusalIn } from "@/trpc/refusal";

/**
 * Fetches what the CA has issued for an order, or a mail out of its mailbox, as if it had been dropped. By POST, so that
 * no link and no prefetch can fetch it. Throws RefusedAnswer.
 */
export async function fetchMaterial(
  path: `/api/orders/${string}/download` | `/api/mails/${string}/open`,
  nameOf: (name: string) => string,
): Promise<File[]> {
  const answer = await fetchSignedIn(path, { method: "POST", cache: "no-store" }).catch(() => null);
  if (!answer?.ok) {
    const body: unknown = await answer?.json().catch(() => null);
    throw new RefusedAnswer(refusalIn(body));
  }
  const files = (await answer.formData()).getAll("file").filter((entry) => typeof entry !== "string");
  return files.map((file) => new File([file], nameOf(file.name)));
}

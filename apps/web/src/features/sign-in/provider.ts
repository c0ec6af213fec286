import { type AdmissionProblem, admissionProblems } from "@sealpost/domain/policy";
import { post } from "./post";

/** Where one signs in again at the identity provider, beside a page that stays. */
export const againPath = "/sign-in/again";

/** The channel on which that window tells the page that it is done. Only pages of this origin hear it. */
export const signInChannel = "sealpost-sign-in";

/** A problem as it stands in an address. Null: none, or no word of ours. */
export function admissionProblemOf(text: unknown): AdmissionProblem | null {
  return admissionProblems.find((known) => known === text) ?? null;
}

/** Leaves for the identity provider. Resolves to why that did not happen; `silent`: our own server did not answer. */
export async function goToProvider(about: {
  readonly next: string;
  readonly isAgain: boolean;
}): Promise<AdmissionProblem | "silent" | null> {
  const { body } = await post("/api/auth/oidc/start", about);
  if (typeof body.url !== "string") return admissionProblemOf(body.problem) ?? "silent";
  window.location.assign(body.url);
  return null;
}

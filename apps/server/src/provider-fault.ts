import type { AdmissionProblem } from "@sealpost/domain";

/** Why nobody comes in from there. The message holds nothing of what was sent. */
export class ProviderFault extends Error {
  override readonly name = "ProviderFault";
  readonly problem: AdmissionProblem;

  constructor(problem: AdmissionProblem, why: string) {
    super(why);
    this.problem = problem;
  }
}

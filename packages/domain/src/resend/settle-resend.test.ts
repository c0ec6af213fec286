import { describe, expect, it } from "vitest";
import { CaError, caErrorKinds } from "../ports/certificate-authority.ts";
import { judgeFailure } from "./settle-resend.ts";

describe("what a failed call means for the request", () => {
  it("puts back only what provably left nothing at the CA", () => {
    const requeued = caErrorKinds.filter((kind) => judgeFailure(new CaError(kind), "asking") === "requeue");
    expect(requeued).toEqual(["rate-limited", "unavailable"]);
  });

  it("calls an answer lost while asking unknown, and never while reading", () => {
    for (const error of [
      new CaError("outcome-unknown"),
      new CaError("unexpected-response"),
      new Error("ours"),
    ]) {
      expect(judgeFailure(error, "asking")).toMatchObject({ status: "outcome-unknown" });
      expect(judgeFailure(error, "reading")).not.toMatchObject({ status: "outcome-unknown" });
    }
  });

  it("asks later where there was no room to keep what was read, and does not once the mail may have been asked for", () => {
    const full = new Error("not written", { cause: Object.assign(new Error(), { code: "SQLITE_FULL" }) });
    expect(judgeFailure(full, "reading")).toBe("requeue");
    expect(judgeFailure(full, "asking")).toMatchObject({ status: "outcome-unknown" });
  });

  it("hands on the CA's own words with a refusal", () => {
    const failure = judgeFailure(new CaError("state-conflict", { caMessage: "not now" }), "asking");
    expect(failure).toMatchObject({ status: "refused", reason: "ca-refused", caMessage: "not now" });
  });

  it("says itself that there was no earlier mail to repeat: the CA was not asked for one, and has said nothing", () => {
    for (const stage of ["reading", "asking"] as const)
      expect(judgeFailure(new CaError("no-earlier-email"), stage)).toEqual({
        status: "refused",
        reason: "no-earlier-email",
        caMessage: null,
      });
  });
});

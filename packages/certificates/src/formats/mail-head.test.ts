import { describe, expect, it } from "vitest";
import { authenticationResults } from "./mail-head.ts";

/** What a mail's own server is taken to say of a sender at `ca.example.test`. */
function verdicts(said: string) {
  const [result] = authenticationResults([
    { key: "authentication-results", value: `mx.firm.example.test; ${said}` },
    { key: "from", value: "CA <noreply@ca.example.test>" },
  ]);
  return result && { dkim: result.dkim, dmarc: result.dmarc };
}

describe("what a server says of a sender", () => {
  it("is that he is who he says, that he is not, or nothing: only its own two words count (RFC 8601 section 2.7)", () => {
    expect(verdicts("dkim=pass header.d=ca.example.test; dmarc=pass")).toEqual({
      dkim: "pass",
      dmarc: "pass",
    });
    expect(verdicts("dkim=fail header.d=ca.example.test; dmarc=FAIL (p=NONE)")).toEqual({
      dkim: "fail",
      dmarc: "fail",
    });
    for (const word of ["none", "temperror", "permerror", "neutral", "policy", "bestguesspass", "new-word"])
      expect(verdicts(`dkim=${word} header.d=ca.example.test; dmarc=${word}`), word).toEqual({
        dkim: "none",
        dmarc: "none",
      });
    expect(verdicts("spf=softfail; iprev=fail")).toEqual({ dkim: "none", dmarc: "none" });
  });

  it("counts of signatures those of the sender's own domain, whatever became of others", () => {
    expect(verdicts("dkim=pass header.d=other.test")).toMatchObject({ dkim: "none" });
    expect(verdicts("dkim=fail header.d=list.test")).toMatchObject({ dkim: "none" });
    expect(verdicts("dkim=fail header.d=list.test; dkim=pass header.i=@example.test")).toMatchObject({
      dkim: "pass",
    });
  });
});

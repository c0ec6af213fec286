import { describe, expect, it } from "vitest";
import { type AuthenticationVerdict, authenticationVerdicts } from "./mail-facts.ts";
import { senderVerdict } from "./mail-kind.ts";

const said = (dkim: AuthenticationVerdict, dmarc: AuthenticationVerdict, isAboveArrival = true) => ({
  authentication: [{ authservId: "mx.example.test", isAboveArrival, dkim, dmarc }],
});

describe("whether a mail comes from the domain it names", () => {
  it("is so when the policy of the domain says so, or where there is none a signature of its own", () => {
    for (const dkim of authenticationVerdicts)
      expect(senderVerdict(said(dkim, "pass"), [])).toEqual({ dkim, dmarc: "pass", sender: "pass" });
    expect(senderVerdict(said("pass", "none"), []).sender).toBe("pass");
  });

  it("is not so when the policy says that, or where there is none a broken signature", () => {
    for (const dkim of authenticationVerdicts)
      expect(senderVerdict(said(dkim, "fail"), []).sender, dkim).toBe("fail");
    expect(senderVerdict(said("fail", "none"), []).sender).toBe("fail");
  });

  it("is not known of a mail without signature and policy, nor where the own server has not looked", () => {
    expect(senderVerdict(said("none", "none"), []).sender).toBe("none");
    expect(senderVerdict({ authentication: [] }, []).sender).toBe("none");
    expect(senderVerdict(said("fail", "fail", false), []).sender).toBe("none");
    expect(senderVerdict(said("fail", "fail", false), ["mx.example.test"]).sender).toBe("fail");
  });
});

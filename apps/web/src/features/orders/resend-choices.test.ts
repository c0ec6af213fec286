import { describe, expect, it } from "vitest";
import { chosenRequest, noChoices, type ResendChoices } from "./resend-choices";

const named = ["ana@a.test", "it@a.test"].map((address) => ({ address, source: "requester" }));
type OrderLike = Parameters<typeof chosenRequest>[0];
const orderAt = (capabilities: readonly string[], recipients: unknown = named): OrderLike =>
  ({ recipients: { fulfillment: recipients, approver: recipients }, account: { capabilities } }) as OrderLike;
const all = ["choose-recipient", "choose-format", "add-message"];
const chosen = (choices: Partial<ResendChoices>, order = orderAt(all)) =>
  chosenRequest(order, "fulfillment", { ...noChoices, ...choices });

describe("what the dialog asks for", () => {
  it("is exactly what the CA names where nothing can be chosen", () => {
    const { request, problem } = chosen({ another: "else@b.test", message: "Hello" }, orderAt([]));
    expect(request).toEqual({ confirmedRecipients: ["ana@a.test", "it@a.test"] });
    expect(problem).toBeNull();
  });

  it("leaves out who was unticked, and takes typed addresses once each", () => {
    const another = "else@b.test, IT@a.test; else@B.test";
    const { request, problem } = chosen({
      leftOut: ["ana@a.test"],
      another,
      confirmed: another,
      format: "link",
    });
    expect(request).toEqual({
      confirmedRecipients: ["it@a.test", "else@b.test"],
      chosenRecipients: ["else@b.test"],
      format: "link",
      message: null,
    });
    expect(problem).toBeNull();
  });

  it.each([
    ["nobody is left", { leftOut: ["ana@a.test", "it@a.test"] }, { key: "nobody" }],
    ["what was typed is no address", { another: "not an address" }, { key: "wrong", text: "not" }],
    ["a typed address is not confirmed", { another: "else@b.test" }, { key: "unconfirmed" }],
    [
      "it was changed after it was confirmed",
      { another: "else@b.test", confirmed: "els@b.test" },
      { key: "unconfirmed" },
    ],
    [
      "there are too many",
      { another: Array.from({ length: 19 }, (_, i) => `a${i}@b.test`).join() },
      { key: "tooMany", most: 20 },
    ],
  ])("cannot be sent when %s", (_, choices, problem) => {
    expect(chosen(choices).problem).toEqual(problem);
  });

  it("cannot be sent to two at a CA that mails one at a time", () => {
    const { problem } = chosenRequest(orderAt(all), "fulfillment", noChoices, 1);
    expect(problem).toEqual({ key: "tooMany", most: 1 });
  });

  it("lets a CA that names nobody be told whom to mail", () => {
    const another = "else@b.test";
    const { request, problem } = chosen({ another, confirmed: another }, orderAt(all, []));
    expect(request.confirmedRecipients).toEqual([another]);
    expect(problem).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { readQuery } from "./order-query-input";

describe("the list's filters in the URL", () => {
  it("is IBM's needs and no more when nothing is asked", () => {
    expect(readQuery(new URLSearchParams())).toMatchObject({
      sort: "needs-action-first",
      search: "",
      statuses: [],
      expiresWithinDays: null,
      showLongExpired: false,
    });
  });

  it("reads each filter, and passes over what is none", () => {
    const query = readQuery(
      new URLSearchParams(
        "attention=needs-action&attention=x&status=cancelled&status=x&type=ov&type=zz&expires=30&sort=expires&expired=show&q=shop",
      ),
    );
    expect(query).toMatchObject({
      sort: "expires-oldest-first",
      search: "shop",
      attentions: ["needs-action"],
      statuses: ["cancelled", "rejected"],
      validationTypes: ["ov"],
      expiresWithinDays: 30,
      showLongExpired: true,
    });
    expect(readQuery(new URLSearchParams("expires=soon")).expiresWithinDays).toBeNull();
  });

  it("shows chosen orders however long they have ended", () => {
    const query = readQuery(new URLSearchParams("order=a&order=b"));
    expect(query).toMatchObject({ orderIds: ["a", "b"], showLongExpired: true });
  });

  it("takes what a CA sent, or a key, for no search at all", () => {
    const q = "-----BEGIN PRIVATE KEY-----";
    expect(readQuery(new URLSearchParams({ q })).search).toBe("");
  });
});

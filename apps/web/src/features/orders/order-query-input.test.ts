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
        "status=cancelled&status=x&type=ov&type=zz&expires=30&sort=expires&expired=show&q=shop",
      ),
    );
    expect(query).toMatchObject({
      sort: "expires-oldest-first",
      search: "shop",
      statuses: ["cancelled", "rejected"],
      validationTypes: ["ov"],
      expiresWithinDays: 30,
      showLongExpired: true,
    });
    expect(readQuery(new URLSearchParams("expires=soon")).expiresWithinDays).toBeNull();
  });
});

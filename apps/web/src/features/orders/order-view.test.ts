import { describe, expect, it } from "vitest";
import { readQuery } from "./order-query-input";
import { builtInViews, viewQuery } from "./order-view";

describe("a view of the list", () => {
  it("is its address, whatever order that is written in and whatever stands there beside", () => {
    const query = (text: string) => viewQuery(new URLSearchParams(text));
    expect(query("type=ev&status=issued&status=pending")).toBe("status=issued&status=pending&type=ev");
    expect(query("status=pending&type=ev&status=issued&utm=x&q=")).toBe(
      "status=issued&status=pending&type=ev",
    );
    expect(query("q=shop+a")).toBe("q=shop+a");
  });

  it("never keeps what is no search", () => {
    expect(viewQuery(new URLSearchParams({ q: "-----BEGIN CERTIFICATE-----MII", sort: "expires" }))).toBe(
      "sort=expires",
    );
  });

  it("comes with some that ask the server for something, and are written as they are compared", () => {
    for (const { query } of builtInViews) expect(viewQuery(new URLSearchParams(query))).toBe(query);
    const input = (key: string) =>
      readQuery(new URLSearchParams(builtInViews.find((view) => view.key === key)?.query));
    expect(input("needsAction").attentions).toEqual(["needs-action"]);
    expect(input("expiring")).toMatchObject({ expiresWithinDays: 30, sort: "expires-oldest-first" });
    expect(input("all")).toMatchObject({ attentions: [], search: "" });
  });
});

import { describe, expect, it } from "vitest";
import { sameAddresses } from "./addresses.ts";
import { coversName } from "./covers-name.ts";
import { parseDnsName } from "./dns-name.ts";
import { parseEmailAddress } from "./email-address.ts";

describe("host names and addresses", () => {
  it.each(["example.test", "*.example.test", "xn--bcher-kva.example", "EXAMPLE.test."])(
    "takes %s",
    (name) => {
      expect(parseDnsName(name)).toBe(name.toLowerCase().replace(/\.$/, ""));
    },
  );

  it.each(["", "bücher.example", "a..b", "-a.test", "a.*.test", "Example Corp", `${"a".repeat(64)}.test`])(
    "does not take %j for a host name",
    (name) => {
      expect(parseDnsName(name)).toBeNull();
    },
  );

  it("lets a star stand for exactly one label", () => {
    expect(coversName("*.example.test", "www.example.test")).toBe(true);
    expect(coversName("*.example.test", "example.test")).toBe(false);
    expect(coversName("*.example.test", "a.b.example.test")).toBe(false);
    expect(coversName("*.example.test", "*.example.test")).toBe(true);
  });

  it("compares addresses without regard to case and order, and takes no lists for one address", () => {
    expect(sameAddresses(["A@x.test", "b@x.test"], ["B@X.test", "a@x.test"])).toBe(true);
    expect(sameAddresses(["a@x.test"], ["a@x.test", "b@x.test"])).toBe(false);
    expect(parseEmailAddress("a@x.test, b@x.test")).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { readFilters } from "./audit-filter-input";

const read = (query: string) => readFilters(new URLSearchParams(query));

describe("the filters of the audit log", () => {
  it("hold whole days of the person's own clock, the last one included", () => {
    const { from, before } = read("from=2026-03-28&to=2026-03-29");
    expect(from).toBe(new Date(2026, 2, 28).toISOString());
    expect(before).toBe(new Date(2026, 2, 30).toISOString());
  });

  it("leave out what no entry can be, and never carry a key that was pasted", () => {
    const key = encodeURIComponent("-----BEGIN PRIVATE KEY-----");
    expect(read(`act=everything&outcome=maybe&from=yesterday&to=2026-1-1&subject=${key}`)).toEqual({
      actorId: null,
      act: null,
      outcome: null,
      subject: "",
      from: null,
      before: null,
    });
    expect(read("person=p1&act=key.export&outcome=refused&subject=shop")).toMatchObject({
      actorId: "p1",
      act: "key.export",
      outcome: "refused",
      subject: "shop",
    });
  });
});

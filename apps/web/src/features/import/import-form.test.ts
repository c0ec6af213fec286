import { describe, expect, it } from "vitest";
import { afterReading, emptyImport, isEmpty, toFormData } from "./import-form";

describe("the import form", () => {
  it("is empty until something is dropped, pasted or typed into a box", () => {
    const empty = emptyImport(null);
    expect(isEmpty(empty)).toBe(true);
    expect(isEmpty({ ...empty, parts: { ...empty.parts, key: "  \n" } })).toBe(true);
    expect(isEmpty({ ...empty, texts: ["x"] })).toBe(false);
    expect(isEmpty({ ...empty, draft: "x" })).toBe(false);
  });

  it("sends what was entered under the names the server knows, and no empty secret", () => {
    const state = { ...emptyImport("order-1"), texts: ["a", "b"], files: [new File(["x"], "mail.eml")] };
    const form = toFormData({ ...state, parts: { ...state.parts, key: "k" } });
    expect(form.getAll("text")).toEqual(["a", "b"]);
    expect(form.getAll("file")).toHaveLength(1);
    expect([form.get("key"), form.get("order"), form.get("mode")]).toEqual([
      "k",
      "order-1",
      "certificate-and-key",
    ]);
    expect(form.has("passphrase")).toBe(false);
    expect(form.has("overrideReason")).toBe(false);
  });

  it("reads text of the box with everything else, once, and keeps what is typed on meanwhile", () => {
    const typed = { ...emptyImport(null), texts: ["a"], draft: "b" };
    expect(toFormData(typed).getAll("text")).toEqual(["a", "b"]);
    const read = afterReading(typed, typed);
    expect([toFormData(read).getAll("text"), read.draft]).toEqual([["a", "b"], ""]);
    const typedOn = { ...typed, draft: "bc" };
    expect(afterReading(typedOn, typed)).toEqual(typedOn);
    expect(toFormData({ ...typed, draft: " " }).getAll("text")).toEqual(["a"]);
  });
});

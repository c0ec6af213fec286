import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { offsetOf, readCursor, stepOn, top, writeCursor } from "./paging.ts";

/** Reads a list that changes between the pages. Null: it did not end. */
function readAll(
  list: string[],
  size: number,
  change: (page: number, list: string[]) => void,
): readonly string[] | null {
  const read: string[] = [];
  let cursor = writeCursor(top);
  for (let page = 0; page < 400; page++) {
    const place = readCursor(cursor);
    const from = offsetOf(place);
    const { freshIds, next } = stepOn(place, list.slice(from, from + size), list.length);
    read.push(...freshIds);
    if (next === null) return read;
    cursor = writeCursor(next);
    change(page, list);
  }
  return null;
}

const ids = (count: number) => Array.from({ length: count }, (_, at) => `old-${at}`);
const changes = fc.array(
  fc.record({ what: fc.constantFrom("add-first", "add-last", "remove", "nothing"), at: fc.nat(60) }),
  { maxLength: 12 },
);

describe("paging by offset through a list that promises no order", () => {
  it("shows everything that was there throughout, and ends, whatever comes and goes", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 50 }), changes, (count, size, meanwhile) => {
        const list = ids(count);
        const read = readAll(list, size, (page, now) => {
          const { what, at } = meanwhile[page] ?? { what: "nothing", at: 0 };
          if (what === "add-first") now.unshift(`new-${page}`);
          if (what === "add-last") now.push(`new-${page}`);
          if (what === "remove") now.splice(at, 1);
        });
        // A page of one row has no room for a look back.
        const lasting = size === 1 ? [] : list.filter((id) => id.startsWith("old"));
        expect(read).toEqual(expect.arrayContaining(lasting));
      }),
    );
  });

  it("shows nothing twice while orders are only added, at either end", () => {
    const ends = fc.array(fc.constantFrom("first", "last", "nowhere"), { maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 3, max: 50 }), ends, (count, size, added) => {
        const read = readAll(ids(count), size, (page, now) => {
          if (added[page] === "first") now.unshift(`new-${page}`);
          if (added[page] === "last") now.push(`new-${page}`);
        });
        expect(new Set(read).size).toBe(read?.length);
        expect(read).toEqual(expect.arrayContaining(ids(count)));
      }),
    );
  });

  it("goes back until it meets a row it has seen", () => {
    const place = { offset: 100, overlap: 1, seen: ["a", "b"] } as const;
    expect(stepOn(place, ["x", "y"], 200)).toEqual({ freshIds: new Set(), next: { ...place, offset: 74 } });
    expect(stepOn({ ...place, offset: 1 }, ["x"], 1)).toEqual({ freshIds: new Set(["x"]), next: null });
  });

  it("reads on without a total until there is no more", () => {
    const first = stepOn(top, ["a", "b"], null);
    expect(first.next).toEqual({ offset: 2, overlap: 1, seen: ["a", "b"] });
    expect(stepOn(first.next ?? top, ["b"], null)).toEqual({ freshIds: new Set(), next: null });
    expect(stepOn(top, [], null).next).toBeNull();
  });

  it("takes back the cursors it wrote and no others", () => {
    for (const place of [top, { offset: 7, overlap: 1, seen: ["f5c9-1", "f5c9-2"] } as const])
      expect(readCursor(writeCursor(place))).toEqual(place);
    for (const wrong of ["", "1", "1 2 a", "-1 0 ", "1 1 a,,b", "1 1 a/b"])
      expect(() => readCursor(wrong)).toThrow("invalid-input");
  });
});

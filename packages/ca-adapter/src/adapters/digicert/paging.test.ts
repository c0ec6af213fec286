import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AllCursor, offsetOf, readCursor, stepOn, top, writeCursor } from "./paging.ts";

/** Between two pages: how many orders are placed, and which (counted through) go from the list. */
interface Meanwhile {
  readonly placed: number;
  readonly gone: readonly number[];
}

interface Reading {
  readonly size: number;
  readonly pageSize: number;
  readonly meanwhile: readonly Meanwhile[];
  readonly isTotalTold: boolean;
  readonly isDescending: boolean;
}

/** Reads a list that changes between the pages. Resolves to the numbers seen and those that were there throughout. */
function read({ size, pageSize, meanwhile, isTotalTold, isDescending }: Reading) {
  let list = Array.from({ length: size }, (_, index) => index + 1);
  let last = size;
  const throughout = new Set(list);
  const seen: number[] = [];
  let cursor: AllCursor | null = top;
  for (let page = 0; cursor !== null; page++) {
    if (page > 2000) throw new Error("it does not end");
    const from = offsetOf(cursor);
    const served = isDescending ? list.toReversed() : list;
    const ids = served.slice(from, from + pageSize);
    const { freshIds, next } = stepOn(cursor, ids, isTotalTold ? list.length : null);
    seen.push(...ids.filter((id) => freshIds.has(id)));
    cursor = next;
    const { placed = 0, gone = [] } = meanwhile[page] ?? {};
    for (const at of gone) {
      const id = list[at % Math.max(1, list.length)];
      if (id === undefined) continue;
      throughout.delete(id);
      list = list.filter((one) => one !== id);
    }
    for (let i = 0; i < placed; i++) list.push(++last);
  }
  return { seen, throughout: [...throughout] };
}

const size = fc.nat(60);
const pageSize = fc.integer({ min: 1, max: 9 });
/** Pages of one show no order and leave no room to look back. */
const largerPageSize = fc.integer({ min: 2, max: 9 });
const placed = fc.array(fc.record({ placed: fc.nat(3), gone: fc.constant([]) }), { maxLength: 12 });
const anything = fc.array(fc.record({ placed: fc.nat(3), gone: fc.array(fc.nat(60), { maxLength: 4 }) }), {
  maxLength: 12,
});

describe("paging through DigiCert's list", () => {
  it("loses nothing and repeats nothing while orders are placed", () => {
    fc.assert(
      fc.property(size, pageSize, placed, fc.boolean(), (size, pageSize, meanwhile, isTotalTold) => {
        const { seen, throughout } = read({ size, pageSize, meanwhile, isTotalTold, isDescending: false });
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen).toEqual(expect.arrayContaining(throughout));
      }),
    );
  });

  it("loses nothing while orders are placed and others go, and ends", () => {
    fc.assert(
      fc.property(size, largerPageSize, anything, fc.boolean(), (size, pageSize, meanwhile, isTotalTold) => {
        const { seen, throughout } = read({ size, pageSize, meanwhile, isTotalTold, isDescending: false });
        expect(seen).toEqual(expect.arrayContaining(throughout));
      }),
    );
  });

  it("loses nothing and ends where the service lists the newest first against what was asked", () => {
    fc.assert(
      fc.property(size, largerPageSize, placed, fc.boolean(), (size, pageSize, meanwhile, isTotalTold) => {
        const { seen, throughout } = read({ size, pageSize, meanwhile, isTotalTold, isDescending: true });
        expect(seen).toEqual(expect.arrayContaining(throughout));
      }),
    );
  });

  it("writes cursors it can read, and reads no others", () => {
    const cursors = [
      top,
      { kind: "all", offset: 3000, lastId: 123_456, overlap: 1 },
      { kind: "changed", ids: [1, 22, 333] },
    ] as const;
    for (const cursor of cursors) expect(readCursor(writeCursor(cursor))).toEqual(cursor);
    for (const text of [
      "",
      "all",
      "all -1 - 0",
      "all 1 2 3",
      "all 1 x",
      "changed ",
      "changed 1,,2",
      "other 1",
    ])
      expect(() => readCursor(text)).toThrow(expect.objectContaining({ kind: "invalid-input" }));
  });
});

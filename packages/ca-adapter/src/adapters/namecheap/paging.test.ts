import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Place, readCursor, stepOn, top, writeCursor } from "./paging.ts";

/** Between two pages: how many orders are placed, which (counted through) go from the list, how large pages become. */
interface Meanwhile {
  readonly placed: number;
  readonly gone: readonly number[];
  readonly size: number | null;
}

interface Reading {
  readonly count: number;
  readonly size: number;
  readonly meanwhile: readonly Meanwhile[];
  readonly isTold: boolean;
  readonly isDescending: boolean;
}

/** Reads a list that changes between the pages. Resolves to the numbers seen and those that were there throughout. */
function read({ count, meanwhile, isTold, isDescending, ...about }: Reading) {
  let size = isTold ? about.size : top.size;
  let list = Array.from({ length: count }, (_, index) => index + 1);
  let last = count;
  const throughout = new Set(list);
  const seen: number[] = [];
  let place: Place | null = top;
  for (let at = 0; place !== null; at++) {
    if (at > 2000) throw new Error("it does not end");
    const served = isDescending ? list.toReversed() : list;
    const rows = served.slice((place.page - 1) * size, place.page * size);
    const told = isTold ? { size, total: list.length } : { size: null, total: null };
    const { isTaken, next } = stepOn(place, { rows: rows.length, ...told });
    if (isTaken) seen.push(...rows);
    place = next;
    const { placed = 0, gone = [], size: other = null } = meanwhile[at] ?? {};
    if (isTold) size = other ?? size;
    for (const index of gone) {
      const id = list[index % Math.max(1, list.length)];
      if (id === undefined) continue;
      throughout.delete(id);
      list = list.filter((one) => one !== id);
    }
    for (let i = 0; i < placed; i++) list.push(++last);
  }
  return { seen, throughout: [...throughout] };
}

const changes = (about: {
  readonly placed: number;
  readonly gone: number;
  readonly isResized?: boolean;
}): fc.Arbitrary<readonly Meanwhile[]> =>
  fc.array(
    fc.record({
      placed: fc.nat(about.placed),
      gone: fc.array(fc.nat(60), { maxLength: about.gone }),
      size: about.isResized ? fc.option(fc.integer({ min: 1, max: 9 })) : fc.constant(null),
    }),
    { maxLength: 12 },
  );
const reading = (meanwhile: fc.Arbitrary<readonly Meanwhile[]>, isDescending = false) =>
  fc.record({
    count: fc.oneof(fc.nat(60), fc.integer({ min: 90, max: 320 })),
    size: fc.integer({ min: 1, max: 9 }),
    meanwhile,
    isTold: isDescending ? fc.constant(true) : fc.boolean(),
    isDescending: fc.constant(isDescending),
  });

describe("paging through Namecheap's list", () => {
  it("loses nothing and repeats nothing while orders are placed", () => {
    fc.assert(
      fc.property(reading(changes({ placed: 3, gone: 0 })), (about) => {
        const { seen, throughout } = read(about);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen).toEqual(expect.arrayContaining(throughout));
      }),
    );
  });

  it("loses nothing and ends where the service lists the newest first against what was asked", () => {
    fc.assert(
      fc.property(reading(changes({ placed: 3, gone: 0 }), true), (about) => {
        const { seen, throughout } = read(about);
        expect(seen).toEqual(expect.arrayContaining(throughout));
      }),
    );
  });

  it("loses nothing and ends where orders go from the list, and it tells how many there are", () => {
    fc.assert(
      fc.property(reading(changes({ placed: 0, gone: 4 })), (about) => {
        const { seen, throughout } = read({ ...about, isTold: true });
        expect(seen).toEqual(expect.arrayContaining(throughout));
      }),
    );
  });

  it("loses nothing and ends where pages change their size", () => {
    fc.assert(
      fc.property(reading(changes({ placed: 2, gone: 0, isResized: true })), (about) => {
        const { seen, throughout } = read(about);
        expect(seen).toEqual(expect.arrayContaining(throughout));
      }),
    );
  });

  it("writes cursors it can read, and reads no others", () => {
    for (const place of [top, { page: 3, size: 10, total: 245 }])
      expect(readCursor(writeCursor(place))).toEqual(place);
    for (const text of ["", "1", "0 100 -", "1 0 -", "1 100 x", "1 100 -1", "all 1 - 0", "1 100 5 5"])
      expect(() => readCursor(text)).toThrow(expect.objectContaining({ kind: "invalid-input" }));
  });
});

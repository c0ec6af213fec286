import { CaError } from "@sealpost/domain";

/** Where a listing stands in the whole list. */
export interface AllCursor {
  readonly kind: "all";
  readonly offset: number;
  /** The highest number seen, while the service sorts as asked; null: nothing is known. */
  readonly lastId: number | null;
  /** How many rows before the offset are asked for again: the first must be one that was seen. */
  readonly overlap: 0 | 1;
}

/** Or what is left of a list of orders that changed. */
export type Cursor = AllCursor | { readonly kind: "changed"; readonly ids: readonly number[] };

export const top: AllCursor = { kind: "all", offset: 0, lastId: null, overlap: 0 };

export function writeCursor(cursor: Cursor): string {
  if (cursor.kind === "changed") return `changed ${cursor.ids.join(",")}`;
  return `all ${cursor.offset} ${cursor.lastId ?? "-"} ${cursor.overlap}`;
}

/** Throws CaError `invalid-input` for what `writeCursor` did not write. */
export function readCursor(text: string): Cursor {
  const [, offset, lastId, overlap] = /^all (\d{1,12}) (\d{1,15}|-) ([01])$/.exec(text) ?? [];
  if (offset !== undefined) {
    const last = lastId === "-" ? null : Number(lastId);
    return { kind: "all", offset: Number(offset), lastId: last, overlap: overlap === "1" ? 1 : 0 };
  }
  const changed = /^changed (\d{1,15}(?:,\d{1,15})*)$/.exec(text)?.[1];
  if (changed === undefined) throw new CaError("invalid-input");
  return { kind: "changed", ids: changed.split(",").map(Number) };
}

export function offsetOf({ offset, overlap }: AllCursor): number {
  return Math.max(0, offset - overlap);
}

export interface PageStep {
  /** Numbers of the orders not seen before. */
  readonly freshIds: ReadonlySet<number>;
  readonly next: AllCursor | null;
}

const stepBack = 500;

/**
 * What a page of the list, asked for in ascending numbers from `offsetOf(cursor)`, brings, and where the next begins.
 * New orders come at the end and move nothing. Where orders have gone from the list meanwhile, the others have moved
 * up past our place: then the page begins with one that was not seen, nothing is taken, and the next page begins
 * further up. A service that does not sort as asked is read by offset alone, and every row is taken. Pure.
 *
 * `ids`: the page's orders; `total`: as the service says.
 */
export function stepOn(cursor: AllCursor, ids: readonly number[], total: number | null): PageStep {
  const { lastId, overlap } = cursor;
  const from = offsetOf(cursor);
  const isSorted = ids.every((id, at) => at === 0 || id > (ids[at - 1] ?? 0));
  const first = ids[0];
  if (isSorted && overlap === 1 && from > 0 && (first === undefined || first > (lastId ?? 0))) {
    const offset = Math.max(0, from - stepBack);
    return { freshIds: new Set(), next: { kind: "all", offset, lastId, overlap: 1 } };
  }
  const fresh = isSorted && lastId !== null ? ids.filter((id) => id > lastId) : ids;
  const end = from + ids.length;
  const freshIds = new Set(fresh);
  if (ids.length === 0 || (total !== null && end >= total)) return { freshIds, next: null };
  const highest = isSorted ? (fresh.at(-1) ?? lastId) : null;
  // One row alone that was seen already would come again for ever.
  const looksBack = highest !== null && (fresh.length > 0 || ids.length > 1);
  return { freshIds, next: { kind: "all", offset: end, lastId: highest, overlap: looksBack ? 1 : 0 } };
}

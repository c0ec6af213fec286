import { CaError } from "@sealpost/domain";

/** Where a listing stands in the whole list, and which order ended the page before; null: nothing was read yet. */
export interface Place {
  readonly offset: number;
  readonly lastId: string | null;
}

export const top: Place = { offset: 0, lastId: null };

export function writeCursor({ offset, lastId }: Place): string {
  return `${offset} ${lastId ?? ""}`;
}

/** Throws CaError `invalid-input` for what `writeCursor` did not write. */
export function readCursor(text: string): Place {
  const [, offset, lastId] = /^(\d{1,9}) (\S{0,200})$/.exec(text) ?? [];
  if (offset === undefined) throw new CaError("invalid-input");
  return { offset: Number(offset), lastId: lastId === "" || lastId === undefined ? null : lastId };
}

export interface PageStep {
  /** The page's orders that follow those of the page before. */
  readonly freshIds: ReadonlySet<string>;
  readonly next: Place | null;
}

/**
 * What a page brings, and where the next begins. The order of the list is described nowhere. Each page therefore begins
 * with the last order of the one before: where it still does, everything behind it is new, whichever end new orders are
 * added at. Where it stands further down, orders were added in front, and what stands before it was seen. Where it is
 * not on the page, orders have gone or many were added: then all of the page is taken, since twice is better than never,
 * and the next begins half a page earlier. Pure.
 */
export function stepOn({ offset, lastId }: Place, ids: readonly string[], total: number | null): PageStep {
  const at = lastId === null ? -1 : ids.indexOf(lastId);
  const fresh = ids.slice(at + 1);
  const isLost = lastId !== null && at === -1 && ids.length > 0;
  const end = offset + ids.length;
  const isLast = ids.length === 0 || (total !== null && end >= total);
  // One row alone that was seen would come again for ever.
  const overlap = fresh.length > 0 || ids.length > 1 ? 1 : 0;
  const back = isLost && fresh.length > 2 ? Math.floor(fresh.length / 2) : overlap;
  const next = isLast ? null : { offset: end - back, lastId: ids.at(-1) ?? null };
  return { freshIds: new Set(fresh), next };
}

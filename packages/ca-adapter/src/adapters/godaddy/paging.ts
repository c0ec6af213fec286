import { CaError } from "@sealpost/domain";

/** As in the specification's samples; a larger page is promised nowhere. */
export const pageSize = 50;
/** Half a page: the next one then still shows what was seen. */
const stepBack = pageSize / 2;

/** Where a listing stands in the whole list. */
export interface Place {
  readonly offset: number;
  /** How many rows before the offset are asked for again: one of those seen must be on the page. */
  readonly overlap: 0 | 1;
  /** The ids seen last. */
  readonly seen: readonly string[];
}

export const top: Place = { offset: 0, overlap: 0, seen: [] };

export function writeCursor({ offset, overlap, seen }: Place): string {
  return `${offset} ${overlap} ${seen.join(",")}`;
}

/** Throws CaError `invalid-input` for what `writeCursor` did not write. */
export function readCursor(text: string): Place {
  const [, offset, overlap, seen] = /^(\d{1,12}) ([01]) ([\w-]+(?:,[\w-]+)*)?$/.exec(text) ?? [];
  if (offset === undefined) throw new CaError("invalid-input");
  return { offset: Number(offset), overlap: overlap === "1" ? 1 : 0, seen: seen?.split(",") ?? [] };
}

export function offsetOf({ offset, overlap }: Place): number {
  return Math.max(0, offset - overlap);
}

export interface PageStep {
  /** Ids of the orders not seen lately. */
  readonly freshIds: ReadonlySet<string>;
  readonly next: Place | null;
}

/**
 * What the page asked for at `offsetOf(place)` brings, and where the next begins. The service promises no order, only
 * an offset; whichever end new orders come at, those that follow one another still do. So each page begins with a row
 * that was seen. New orders before it move everything down: then more of the page was seen and is left out. Where
 * orders have gone, or a whole page of new ones has come, none of it was: nothing is taken, and the listing goes back
 * until one is found, at worst to the top, where all may come twice. Pure.
 *
 * `ids`: the page's orders; `total`: as the service says.
 */
export function stepOn(place: Place, ids: readonly string[], total: number | null): PageStep {
  const from = offsetOf(place);
  const seen = new Set(place.seen);
  const fresh = ids.filter((id) => !seen.has(id));
  if (place.overlap === 1 && from > 0 && fresh.length === ids.length)
    return { freshIds: new Set(), next: { ...place, offset: Math.max(0, from - stepBack) } };
  const freshIds = new Set(fresh);
  const end = from + ids.length;
  const isLast = total === null ? ids.length <= place.overlap : ids.length === 0 || end >= total;
  if (isLast) return { freshIds, next: null };
  const latest = [...place.seen, ...freshIds].slice(-pageSize);
  // One row alone that was seen already would come again for ever.
  const overlap = fresh.length > 0 || ids.length > 1 ? 1 : 0;
  return { freshIds, next: { offset: end, overlap, seen: latest } };
}

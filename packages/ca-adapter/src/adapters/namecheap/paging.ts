import { CaError } from "@sealpost/domain";

/** The largest page the service gives. */
export const largestPage = 100;

/** Where a listing stands: the page to ask for next, how large the pages are, and how many rows there were in all. */
export interface Place {
  readonly page: number;
  readonly size: number;
  /** As the service said last; null: it did not. */
  readonly total: number | null;
}

export const top: Place = { page: 1, size: largestPage, total: null };

export function writeCursor({ page, size, total }: Place): string {
  return `${page} ${size} ${total ?? "-"}`;
}

/** Throws CaError `invalid-input` for what `writeCursor` did not write. */
export function readCursor(text: string): Place {
  const [, page, size, total] = /^([1-9]\d{0,8}) ([1-9]\d{0,8}) (\d{1,9}|-)$/.exec(text) ?? [];
  if (page === undefined) throw new CaError("invalid-input");
  return { page: Number(page), size: Number(size), total: total === "-" ? null : Number(total) };
}

/** A page as it came. */
export interface Served {
  readonly rows: number;
  /** As the service says; null: it does not. */
  readonly size: number | null;
  readonly total: number | null;
}

export interface PageStep {
  /** Whether the page's rows follow those before; else the listing goes on at `next` without them. */
  readonly isTaken: boolean;
  readonly next: Place | null;
}

/**
 * What the page asked for at `place` brings, and where the next begins. The list is asked for by date of purchase, so
 * that new orders come at the end and move nothing; one that moves down comes twice. Nothing documented takes an order
 * from this list. Should the total shrink all the same, the others may have moved up past our place: the listing goes
 * back as far, and a page more. Pure.
 */
export function stepOn(place: Place, { rows, size: told, total }: Served): PageStep {
  const size = told ?? place.size;
  const read = (place.page - 1) * place.size;
  const start = (place.page - 1) * size;
  const gone = Math.max(0, (place.total ?? 0) - (total ?? Number.POSITIVE_INFINITY));
  if (gone > 0 && read > 0) return goBackTo(Math.max(0, read - gone - size), { size, total });
  // Larger pages than those before leave a gap.
  if (start > read) return goBackTo(read, { size, total });
  const isLast = rows === 0 || (total === null ? rows < size : start + rows >= total);
  return { isTaken: true, next: isLast ? null : { page: place.page + 1, size, total } };
}

function goBackTo(row: number, { size, total }: Pick<Place, "size" | "total">): PageStep {
  return { isTaken: false, next: { page: Math.floor(row / size) + 1, size, total } };
}

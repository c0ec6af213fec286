import type { OrderRowView } from "@sealpost/api/client";
import type { Attention } from "@sealpost/domain";
import { useState } from "react";

/** Rows as they stand on the page: each with the group it stood in when it was put there. */
export interface SteadyRows {
  readonly rows: readonly OrderRowView[];
  readonly groups: ReadonlyMap<string, Attention>;
  /** Orders that have come, gone or moved since; shown when asked for. */
  readonly waiting: number;
}

/**
 * What the page shows when the list comes anew: the same rows in the same places, with what is told of them now. Where
 * rows were added at the end by asking for more, they follow. `isHeld`: somebody is at the rows, so that none may move;
 * otherwise the new order is taken at once. Pure.
 */
export function steadyRows(
  before: SteadyRows,
  fresh: readonly OrderRowView[],
  { isHeld, isMore }: { readonly isHeld: boolean; readonly isMore: boolean },
): SteadyRows {
  const now = new Map(fresh.map((row) => [row.orderId, row]));
  const known = new Set(before.rows.map((row) => row.orderId));
  const kept = before.rows.map((row) => now.get(row.orderId) ?? row);
  const added = fresh.filter((row) => !known.has(row.orderId));
  const rows = isMore ? [...kept, ...added] : kept;
  const groups = new Map([...groupsOf(added), ...before.groups]);
  const waiting = rows.filter((row, index) => row.orderId !== fresh[index]?.orderId).length;
  const come = isMore ? 0 : added.length;
  const moved = rows.filter((row) => groups.get(row.orderId) !== row.attention).length;
  const changed = Math.max(waiting, come, moved);
  return changed === 0 || !isHeld ? freshRows(fresh) : { rows, groups, waiting: changed };
}

export function freshRows(rows: readonly OrderRowView[]): SteadyRows {
  return { rows, groups: groupsOf(rows), waiting: 0 };
}

function groupsOf(rows: readonly OrderRowView[]): Map<string, Attention> {
  return new Map(rows.map((row) => [row.orderId, row.attention]));
}

interface List {
  readonly rows: readonly OrderRowView[];
  readonly pages: number;
  /** The question the rows answer; another one is another list. Null: still that of the rows before. */
  readonly question: string | null;
}

/** The list as it stands on the page, and how to take the new order. */
export function useSteadyRows(
  list: List,
  isHeld: () => boolean,
): SteadyRows & { readonly takeNewOrder: () => void } {
  const [seen, setSeen] = useState({ list, steady: freshRows(list.rows) });
  const question = list.question ?? seen.list.question;
  const isSame = seen.list.rows === list.rows && seen.list.question === question;
  const next = () =>
    seen.list.question === question
      ? steadyRows(seen.steady, list.rows, { isHeld: isHeld(), isMore: list.pages > seen.list.pages })
      : freshRows(list.rows);
  const steady = isSame ? seen.steady : next();
  if (!isSame) setSeen({ list: { ...list, question }, steady });
  const takeNewOrder = () => setSeen({ list: { ...list, question }, steady: freshRows(list.rows) });
  return { ...steady, takeNewOrder };
}

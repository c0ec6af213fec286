import { z } from "zod";
import { authorize } from "../actor.ts";
import type { Ctx } from "../context.ts";
import { refuse } from "../refusal.ts";
import { type PersonId, personIdSchema } from "../values/ids.ts";

/** Columns of the list of orders that a person may show or leave out; the names, the mail and the end always stand. */
export const orderColumns = [
  "type",
  "ca",
  "orderNumber",
  "status",
  "domainAdministrator",
  "ordered",
  "imported",
  "asOf",
] as const;
export type OrderColumn = (typeof orderColumns)[number];

/** A list one comes back to: a name for the filters, the search and the sort that stand in its address. */
export interface SavedView {
  readonly name: string;
  /** As in the address, without the question mark. */
  readonly query: string;
}

/** How somebody wants the console. Nobody else sees it. */
export interface Preferences {
  readonly views: readonly SavedView[];
  /** Null: as it comes. */
  readonly columns: readonly OrderColumn[] | null;
  /** Whether single letters act on the row (WCAG 2.2, 2.1.4). */
  readonly hasSingleKeys: boolean;
}

export const noPreferences: Preferences = { views: [], columns: null, hasSingleKeys: true };

const mostViews = 30;
const viewName = z.string().trim().min(1).max(60);

export const preferenceChange = z.discriminatedUnion("change", [
  z.object({
    change: z.literal("view-saved"),
    name: viewName,
    /** What `URLSearchParams` writes. */
    query: z
      .string()
      .max(1000)
      .regex(/^[\w*.\-%+&=]*$/),
  }),
  z.object({ change: z.literal("view-removed"), name: viewName }),
  z.object({ change: z.literal("columns-chosen"), columns: z.array(z.enum(orderColumns)).nullable() }),
  z.object({ change: z.literal("single-keys-switched"), hasSingleKeys: z.boolean() }),
]);
export type PreferenceChange = z.infer<typeof preferenceChange>;

/** A view under a name already used takes its place. Pure. */
export function changedPreferences(before: Preferences, change: PreferenceChange): Preferences {
  switch (change.change) {
    case "view-saved": {
      const { name, query } = change;
      const isKnown = before.views.some((view) => view.name === name);
      const replaced = before.views.map((view) => (view.name === name ? { name, query } : view));
      return { ...before, views: isKnown ? replaced : [...before.views, { name, query }] };
    }
    case "view-removed":
      return { ...before, views: before.views.filter(({ name }) => name !== change.name) };
    case "columns-chosen":
      return { ...before, columns: change.columns };
    case "single-keys-switched":
      return { ...before, hasSingleKeys: change.hasSingleKeys };
  }
}

/** Changes what the person who asks prefers. Throws `invalid-input` beyond thirty views. */
export async function changePreferences(ctx: Ctx, change: PreferenceChange): Promise<Preferences> {
  authorize(ctx.actor, "orders:see");
  const personId: PersonId = personIdSchema.parse(ctx.actor.actorId);
  const preferences = changedPreferences(await ctx.store.preferences(personId), change);
  if (preferences.views.length > mostViews)
    throw refuse({ code: "invalid-input", field: "views", problem: "too_big" });
  await ctx.store.commit({ writes: [{ write: "preferences-saved", personId, preferences }], audit: [] });
  return preferences;
}

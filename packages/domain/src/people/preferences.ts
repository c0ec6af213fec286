import { z } from "zod";
import { authorize } from "../actor.ts";
import type { Ctx } from "../context.ts";
import { refuse } from "../refusal.ts";
import { type MailId, mailIdSchema, type PersonId, personIdSchema } from "../values/ids.ts";

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

/** Languages the console speaks. */
export const languages = ["en", "de"] as const;
export type Language = (typeof languages)[number];

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
  /** Null: never chosen; then the browser's counts. */
  readonly language: Language | null;
  /** Whether the first steps still stand above the orders. */
  readonly showsFirstSteps: boolean;
  /** Mails whose arrival need not be told any more; the newest last. */
  readonly dismissedMails: readonly MailId[];
}

export const noPreferences: Preferences = {
  views: [],
  columns: null,
  hasSingleKeys: true,
  language: null,
  showsFirstSteps: true,
  dismissedMails: [],
};

const mostViews = 30;
/** A notice stands for one of the newest arrivals; what was dismissed before those need not be known. */
const mostDismissed = 100;
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
  z.object({ change: z.literal("language-chosen"), language: z.enum(languages) }),
  z.object({ change: z.literal("first-steps-switched"), showsFirstSteps: z.boolean() }),
  z.object({ change: z.literal("arrival-dismissed"), mailId: mailIdSchema }),
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
    case "language-chosen":
      return { ...before, language: change.language };
    case "first-steps-switched":
      return { ...before, showsFirstSteps: change.showsFirstSteps };
    case "arrival-dismissed": {
      const others = before.dismissedMails.filter((mailId) => mailId !== change.mailId);
      return { ...before, dismissedMails: [...others, change.mailId].slice(-mostDismissed) };
    }
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

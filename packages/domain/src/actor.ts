import { refuse } from "./refusal.ts";
import type { CaAccountId } from "./values/ids.ts";

/** What one may do. Separate on purpose: who asks for mails need not hold keys. */
export const rights = [
  "orders:see",
  "orders:resend",
  "orders:resend-bulk",
  "orders:change-recipient",
  "certificates:import",
  "certificates:override",
  "certificates:download",
  "keys:export",
  "accounts:manage",
  "people:manage",
  "audit:see",
] as const;
export type Right = (typeof rights)[number];

export const roles = ["viewer", "operator", "importer", "key-custodian", "administrator"] as const;
export type Role = (typeof roles)[number];

/** Roles are sets of rights; each holds those of the one before, and the administrator holds all. */
export const rightsOfRole = {
  viewer: ["orders:see"],
  operator: ["orders:see", "orders:resend", "orders:resend-bulk"],
  importer: [
    "orders:see",
    "orders:resend",
    "orders:resend-bulk",
    "certificates:import",
    "certificates:download",
  ],
  "key-custodian": [
    "orders:see",
    "orders:resend",
    "orders:resend-bulk",
    "certificates:import",
    "certificates:override",
    "certificates:download",
    "keys:export",
  ],
  administrator: rights,
} as const satisfies Record<Role, readonly Right[]>;

/** The CA accounts whose orders and certificates one sees and acts on. */
export type Scope = "all" | ReadonlySet<CaAccountId>;

/** Who is asking. `system` is the console itself (sync, sweep), `operator` the person at the machine's terminal. */
export interface Actor {
  readonly kind: "person" | "system" | "operator";
  readonly actorId: string;
  readonly name: string;
  readonly rights: ReadonlySet<Right>;
  readonly scope: Scope;
  /** When this person last proved who they are; null for who never signs in. */
  readonly signedInAt: Date | null;
}

/** Somebody who signs in: what their role allows, within their scope. */
export function personActor(person: {
  readonly personId: string;
  readonly name: string;
  readonly role: Role;
  readonly scope: Scope;
  readonly signedInAt: Date;
}): Actor {
  const { personId, name, role, scope, signedInAt } = person;
  return { kind: "person", actorId: personId, name, rights: new Set(rightsOfRole[role]), scope, signedInAt };
}

export const systemActor: Actor = {
  kind: "system",
  actorId: "system",
  name: "Sealpost",
  rights: new Set(rights),
  scope: "all",
  signedInAt: null,
};

/** The person at the machine's terminal, whoever that is. */
export const operatorActor: Actor = {
  ...systemActor,
  kind: "operator",
  actorId: "operator",
  name: "Operator",
};

/** The first line of every verb. Throws the refusal `forbidden`, naming the right. */
export function authorize(actor: Actor, right: Right): void {
  if (!actor.rights.has(right)) throw refuse({ code: "forbidden", right });
}

/** How long a sign-in counts as recent, in milliseconds. */
export const recentSignInMs = 10 * 60 * 1000;

/** Whether this person proved who they are a moment ago. A sign-in in the future is none: the clock was set back. */
export function isSignInRecent(signedInAt: Date | null, now: Date): boolean {
  const ageMs = signedInAt === null ? Number.NaN : now.getTime() - signedInAt.getTime();
  return ageMs >= 0 && ageMs < recentSignInMs;
}

/**
 * For what must not follow from a screen left unlocked: exporting a key, changing people or accounts. Throws
 * `step-up-required`; the page then lets the person sign in again, in place, and asks once more. The console itself and
 * the person at its terminal have nothing to prove.
 */
export function requireRecentSignIn(actor: Actor, now: Date): void {
  if (actor.kind !== "person" || isSignInRecent(actor.signedInAt, now)) return;
  throw refuse({ code: "step-up-required" });
}

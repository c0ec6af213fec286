import { refuse } from "./refusal.ts";

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

/** Who is asking. `system` is the console itself (sync, sweep), `operator` the person at the machine's terminal. */
export interface Actor {
  readonly kind: "person" | "system" | "operator";
  readonly actorId: string;
  readonly name: string;
  readonly rights: ReadonlySet<Right>;
}

export const systemActor: Actor = {
  kind: "system",
  actorId: "system",
  name: "Sealpost",
  rights: new Set(rights),
};

/** The first line of every verb. Throws the refusal `forbidden`, naming the right. */
export function authorize(actor: Actor, right: Right): void {
  if (!actor.rights.has(right)) throw refuse({ code: "forbidden", right });
}

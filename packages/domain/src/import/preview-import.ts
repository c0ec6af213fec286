import { authorize } from "../actor.ts";
import {
  type ImportedCertificate,
  type ImportMode,
  importModes,
} from "../certificate/imported-certificate.ts";
import type { Ctx } from "../context.ts";
import type { Order } from "../order/order.ts";
import type { MaterialInput } from "../ports/material-reader.ts";
import { refuse } from "../refusal.ts";
import type { OrderId } from "../values/ids.ts";
import { type Completion, completionsOf } from "./completion.ts";
import type { Finding } from "./findings.ts";
import { judge } from "./judge.ts";
import { matchOrders, type OrderMatch } from "./match-order.ts";
import type { MaterialFacts, SortedMaterial } from "./material-facts.ts";

export interface ImportInput {
  readonly inputs: readonly MaterialInput[];
  readonly passphrase: string | null;
  /** SHA-256 of the certificate meant, chosen by the person among several; null: the one that fits best. */
  readonly certificate: string | null;
  readonly mode: ImportMode;
  /** The order chosen by the person; `found`: the best match; `none`: on purpose for no order. */
  readonly order: OrderId | "found" | "none";
  /** Why it is to be imported in spite of what blocks and may be overridden; null: it is not. */
  readonly overrideReason: string | null;
}

export const defaultImportMode: ImportMode = importModes[0];

/** What was read, judged, and would be done. Holds the bytes: for verbs, never for an answer. */
export interface ImportPlan {
  readonly facts: MaterialFacts;
  readonly findings: readonly Finding[];
  readonly matches: readonly OrderMatch[];
  readonly order: Order | null;
  /** The same certificate, if it was imported before. */
  readonly known: ImportedCertificate | null;
  /** What the import adds to it. */
  readonly completes: readonly Completion[];
  /** The current version of the order's certificate, where this is another one. */
  readonly previous: ImportedCertificate | null;
  /** The version this becomes, from 1. */
  readonly nextVersion: number;
  /** Until when no passphrase is tried, after too many wrong ones; null: they are. */
  readonly passphrasePausedUntil: Date | null;
  readonly material: SortedMaterial | null;
}

/** Reads and judges, and keeps nothing. Throws `forbidden` or `not-found`; bad input is in the findings. */
export async function previewImport(ctx: Ctx, input: ImportInput): Promise<ImportPlan> {
  authorize(ctx.actor, "certificates:import");
  return await planImport(ctx, input);
}

/** Preview and import plan by the same words: the import trusts nothing from the preview and plans again. */
export async function planImport(ctx: Ctx, input: ImportInput): Promise<ImportPlan> {
  const now = ctx.clock.now();
  const { facts, material, passphrasePausedUntil } = await readMaterial(ctx, input, now);
  const matches = await matchOrders(ctx.store, facts);
  const order = await chosenOrder(ctx, input.order, matches);
  const fingerprint = facts.certificate?.fingerprintSha256;
  const known = fingerprint ? await ctx.store.certificateByFingerprint(fingerprint) : null;
  const versions = order && !known ? await ctx.store.certificatesOf(order.orderId) : [];
  const previous = versions.find(({ isCurrent }) => isCurrent) ?? null;
  const findings = judge(facts, {
    mode: input.mode,
    order,
    keyOwner: await keyOwner(ctx, facts),
    previous,
    now,
  });
  return {
    facts,
    findings,
    matches,
    order,
    known,
    completes: known ? completionsOf(known, facts, input.mode) : [],
    previous,
    nextVersion: (versions[0]?.version ?? 0) + 1,
    passphrasePausedUntil,
    material,
  };
}

/** While the person is paused what is protected stays closed, and everything else is read as always. */
async function readMaterial(ctx: Ctx, { inputs, passphrase, certificate }: ImportInput, now: Date) {
  const { actor, passphraseTries } = ctx;
  const paused = passphraseTries.pausedUntil(actor.actorId, now);
  const tried = paused ? null : passphrase;
  const reading = await ctx.reader.read(inputs, { passphrase: tried, now, certificate });
  if (tried === null) return { ...reading, passphrasePausedUntil: paused };
  const isWrong = reading.facts.findings.some(({ id }) => id === "wrong-passphrase");
  return { ...reading, passphrasePausedUntil: passphraseTries.note(actor.actorId, isWrong, now) };
}

async function chosenOrder(
  ctx: Ctx,
  choice: ImportInput["order"],
  matches: readonly OrderMatch[],
): Promise<Order | null> {
  if (choice === "none") return null;
  if (choice === "found") return matches[0]?.order ?? null;
  const order = await ctx.store.order(choice);
  if (!order) throw refuse({ code: "not-found", what: "order" });
  return order;
}

async function keyOwner(ctx: Ctx, facts: MaterialFacts): Promise<Order | null> {
  if (facts.key === null || facts.keyFits !== false || !ctx.actor.rights.has("orders:see")) return null;
  return (await ctx.store.ordersBySpki(facts.key.spkiSha256))[0] ?? null;
}

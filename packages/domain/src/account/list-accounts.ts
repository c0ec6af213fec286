import { authorize } from "../actor.ts";
import type { Ctx } from "../context.ts";
import type { CaAccountId } from "../values/ids.ts";
import type { CaAccount } from "./ca-account.ts";
import { getAccount } from "./connect-ca-account.ts";

/** The accounts one may see, the oldest first. */
export async function listAccounts(ctx: Ctx): Promise<readonly CaAccount[]> {
  authorize(ctx.actor, "orders:see");
  return await ctx.store.listAccounts();
}

/** The accounts whose orders are to be read now: this one, or all one may see; only connected ones. Throws `not-found`. */
export async function accountsToSync(ctx: Ctx, chosen: CaAccountId | null): Promise<readonly CaAccount[]> {
  authorize(ctx.actor, "orders:see");
  const accounts = chosen ? [await getAccount(ctx, chosen)] : await ctx.store.listAccounts();
  return accounts.filter((account) => account.state === "connected");
}

/** The account whose reading is to stop. Throws `not-found`. */
export async function accountToStop(ctx: Ctx, caAccountId: CaAccountId): Promise<CaAccount> {
  authorize(ctx.actor, "orders:see");
  return await getAccount(ctx, caAccountId);
}

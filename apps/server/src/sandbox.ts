import { readFile } from "node:fs/promises";
import type { Services } from "@sealpost/api";
import { type CaAccount, type Ctx, connectCaAccount } from "@sealpost/domain";
import { z } from "zod";

/** What the start script hands over: where the sandbox's parts listen, a credential, the throw-away root. */
const handoverSchema = z.object({
  caUrl: z.url(),
  mailboxUrl: z.url(),
  keysUrl: z.url(),
  username: z.string(),
  apiKey: z.string(),
  rootCertificatePem: z.string(),
});
export type Sandbox = z.infer<typeof handoverSchema>;

export async function readHandover(file: string): Promise<Sandbox> {
  return handoverSchema.parse(JSON.parse(await readFile(file, "utf8")));
}

const label = "Sandbox";

/**
 * Connects the sandbox's account by the same verb as any other; again at each start, since its address may have
 * moved. Resolves to nothing new when a person disconnected it on purpose.
 */
export async function connectSandbox(
  ctx: Ctx,
  sandbox: Sandbox,
  read: Services["readAccountForm"],
): Promise<void> {
  const known = (await ctx.store.listAccounts()).find((account) => account.isSandbox);
  if (known && (known.state === "disconnected" || known.baseUrl === sandbox.caUrl)) return;
  const fields = { username: sandbox.username, apiKey: sandbox.apiKey };
  const form = read("ibm-classic", sandbox.caUrl, fields);
  const caAccountId = known?.caAccountId ?? null;
  await connectCaAccount(ctx, {
    caAccountId,
    adapter: "ibm-classic",
    label: labelOf(known),
    isSandbox: true,
    ...form,
  });
}

function labelOf(known: CaAccount | undefined): string {
  return known?.label ?? label;
}

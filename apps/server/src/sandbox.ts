import { readFile } from "node:fs/promises";
import type { Services } from "@sealpost/api";
import { type CaManifest, type Ctx, connectCaAccount } from "@sealpost/domain";
import { z } from "zod";

const fieldsSchema = z.record(z.string(), z.string());

/** What the start script hands over: where the sandbox's parts listen, its accounts, the throw-away root. */
const handoverSchema = z.object({
  mailboxUrl: z.url(),
  keysUrl: z.url(),
  accounts: z.array(
    z.object({ ca: z.string(), baseUrl: z.url(), settings: fieldsSchema, credential: fieldsSchema }),
  ),
  rootCertificatePem: z.string(),
});
export type Sandbox = z.infer<typeof handoverSchema>;

export async function readHandover(file: string): Promise<Sandbox> {
  return handoverSchema.parse(JSON.parse(await readFile(file, "utf8")));
}

/**
 * Connects the sandbox's accounts by the same verb as any other; again at each start, since their addresses may have
 * moved. Leaves alone what a person disconnected on purpose.
 */
export async function connectSandbox(
  ctx: Ctx,
  { accounts }: Sandbox,
  { caCatalog, readAccountForm }: Pick<Services, "caCatalog" | "readAccountForm">,
): Promise<void> {
  const sandboxed = (await ctx.store.listAccounts()).filter((account) => account.isSandbox);
  for (const { ca, baseUrl, settings, credential } of accounts) {
    const known = sandboxed.find(({ adapter }) => adapter === ca);
    if (known && (known.state === "disconnected" || known.baseUrl === baseUrl)) continue;
    const form = readAccountForm(ca, baseUrl, { ...settings, ...credential });
    const label = known?.label ?? labelOf(caCatalog, ca);
    const caAccountId = known?.caAccountId ?? null;
    await connectCaAccount(ctx, { caAccountId, adapter: ca, label, isSandbox: true, ...form });
  }
}

function labelOf(caCatalog: readonly CaManifest[], ca: string): string {
  return `Sandbox ${caCatalog.find(({ id }) => id === ca)?.name ?? ca}`;
}

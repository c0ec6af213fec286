import type { CertificateVault, VaultRef } from "@sealpost/domain";

const hourMs = 60 * 60 * 1000;

/**
 * Removes items that no row names and that are older than an hour: what a crash between sealing and committing left.
 * Resolves to how many there were.
 */
export async function sweepVault(
  vault: CertificateVault,
  named: Pick<ReadonlyMap<VaultRef, unknown>, "has">,
  now: Date,
): Promise<number> {
  const orphans = (await vault.list()).filter(
    ({ ref, sealedAt }) => !named.has(ref) && now.getTime() - sealedAt.getTime() > hourMs,
  );
  for (const { ref } of orphans) await vault.discard(ref);
  return orphans.length;
}

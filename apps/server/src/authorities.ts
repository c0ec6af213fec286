import { openCertificateAuthority, type RateLimiter, rateLimiterFor } from "@sealpost/ca-adapter";
import {
  type CaAccount,
  type CaAccountId,
  CaError,
  type CertificateVault,
  type LimitShare,
  limitShares,
  type OpenAuthority,
} from "@sealpost/domain";
import { z } from "zod";
import { type AddressRules, pinnedAddress } from "./pinned-address.ts";

const credentialSchema = z.record(z.string(), z.string());

/**
 * Opens the CA behind an account with the credential from the vault; all who speak for it share its rate limit. Its
 * address was typed by a person, so a call goes only where the rules allow.
 */
export function authoritiesFrom(vault: CertificateVault, rules: AddressRules): OpenAuthority {
  const limiters = new Map<CaAccountId, RateLimiter>();
  const limiterOf = ({ caAccountId, adapter }: CaAccount) => {
    const limiter = limiters.get(caAccountId) ?? rateLimiterFor(adapter);
    limiters.set(caAccountId, limiter);
    return limiter;
  };
  return async (account: CaAccount, share: LimitShare) => {
    if (account.credentialRef === null) throw new CaError("unauthorized");
    const label = { kind: "ca-credential", boundTo: account.caAccountId } as const;
    const material = await vault.open(account.credentialRef, label);
    const credential = credentialSchema.parse(JSON.parse(Buffer.from(material.reveal()).toString("utf8")));
    const { adapter, baseUrl, settings } = account;
    return openCertificateAuthority({
      adapter,
      baseUrl,
      settings,
      credential,
      limiter: limiterOf(account).sharing(limitShares[share]),
      pin: (host) => pinnedAddress(host, rules),
    });
  };
}

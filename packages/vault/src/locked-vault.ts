import { refuse } from "@sealpost/domain";
import type { Vault } from "./vault.ts";

/** What stands in for a vault whose master key is missing: nothing is opened, sealed or removed. Everything throws `vault-locked`. */
export function lockedVault(): Vault {
  const locked = () => Promise.reject(refuse({ code: "vault-locked" }));
  return {
    put: locked,
    open: locked,
    discard: locked,
    list: locked,
    heldKey: locked,
    whileNothingLeaves: locked,
    rewrapAll: locked,
    useKeys() {
      throw refuse({ code: "vault-locked" });
    },
    usesOnly() {
      throw refuse({ code: "vault-locked" });
    },
  };
}

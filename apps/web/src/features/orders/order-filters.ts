import type { OrderStatus } from "@sealpost/domain";

/** Statuses as people filter by them. */
export const orderStatusGroups: Readonly<Record<string, readonly OrderStatus[]>> = {
  pending: ["draft", "awaiting-approval", "validating", "reissue-pending"],
  issued: ["issued"],
  cancelled: ["cancelled", "rejected"],
  revoked: ["revocation-pending", "revoked", "replaced"],
  other: ["error", "unknown"],
};

export const expiryChoices = [7, 30, 90] as const;
export const typeChoices = ["dv", "ov", "ev"] as const;

// What a browser may load of the domain: predicates and tables without zod.
export { rightsOfRole } from "./actor.ts";
export { findingSeverities } from "./import/findings.ts";
export { attentionOf, expiresAt, isLatestImported, latestIssuance } from "./order/order.ts";
export {
  approverMailEndsAt,
  coolDownEnd,
  defaultResendPolicy,
  resendRefusal,
  stateRefusal,
  unknownBefore,
} from "./resend/resend-policy.ts";

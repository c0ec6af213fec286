// What a browser may load of the domain: predicates and tables without zod.
export { rightsOfRole } from "./actor.ts";
export { type FindingWords, findingWords } from "./import/finding-words.ts";
export { overrideRight } from "./import/findings.ts";
export { findingRules } from "./import/findings-table.ts";
export { downloadRefusal } from "./order/download-policy.ts";
export { attentionOf, attentions, expiresAt, isLatestImported, latestIssuance } from "./order/order.ts";
export {
  approverMailEndsAt,
  coolDownEnd,
  defaultResendPolicy,
  mayChooseRecipients,
  resendRefusal,
  stateRefusal,
  unknownBefore,
} from "./resend/resend-policy.ts";
export { emailAddressPattern, sameAddress } from "./values/addresses.ts";

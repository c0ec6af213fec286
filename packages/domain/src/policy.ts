// What a browser may load of the domain: predicates and tables without zod.
export { rightsOfRole } from "./actor.ts";
export { auditActs, auditDetails } from "./audit/audit-entry.ts";
export { chainStart } from "./audit/chain.ts";
export { exportReasonLength } from "./certificate/export-reason.ts";
export { type FindingWords, findingWords } from "./import/finding-words.ts";
export { overrideRight } from "./import/findings.ts";
export { findingRules } from "./import/findings-table.ts";
export { isFollowed } from "./mailbox/mailbox.ts";
export { downloadRefusal } from "./order/download-policy.ts";
export {
  attentionOf,
  attentions,
  expiresAt,
  isLatestImported,
  latestIssuance,
  type OrderStatus,
  orderStatuses,
} from "./order/order.ts";
export { type AdmissionProblem, admissionProblems } from "./refusal.ts";
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
export { isOwnPath } from "./values/own-path.ts";

import type { CaAccount } from "../account/ca-account.ts";
import type { CaOrder } from "../ports/certificate-authority.ts";
import type { NewId } from "../ports/clock.ts";
import { orderIdSchema } from "../values/ids.ts";
import { type EmailKind, emailKinds, type Issuance, type Order, type Recipients } from "./order.ts";

/**
 * The order as we keep it after the CA spoke. A list call that does not carry recipients or names must not wipe out
 * what the details told us earlier, nor may details that leave out the day of the order.
 */
export function refreshedOrder(
  account: Pick<CaAccount, "caAccountId">,
  said: CaOrder,
  known: Order | null,
  newId: NewId,
  now: Date,
): Order {
  const { hasDetails, ...facts } = said;
  return {
    ...facts,
    orderId: known?.orderId ?? orderIdSchema.parse(newId()),
    caAccountId: account.caAccountId,
    validationType: said.validationType === "unknown" && known ? known.validationType : said.validationType,
    recipients: mergedRecipients(said.recipients, known?.recipients),
    dnsNames: hasDetails || !known ? said.dnsNames : longer(said.dnsNames, known.dnsNames),
    issuances: known ? mergedIssuances(said, known) : said.issuances,
    csrSpkiSha256: said.csrSpkiSha256 ?? known?.csrSpkiSha256 ?? null,
    orderedAt: said.orderedAt ?? known?.orderedAt ?? null,
    syncedAt: now,
    detailsAt: hasDetails ? now : (known?.detailsAt ?? null),
    goneAt: null,
    imports: known?.imports ?? {},
  };
}

function mergedRecipients(said: Recipients, known: Recipients | undefined): Recipients {
  const pick = (kind: EmailKind) => (said[kind] === "not-loaded" && known ? known[kind] : said[kind]);
  return { [emailKinds[0]]: pick("fulfillment"), [emailKinds[1]]: pick("approver") };
}

/** What the CA names, in its order; behind it what it named before. */
function mergedIssuances({ hasDetails, issuances }: CaOrder, known: Order): readonly Issuance[] {
  const named = new Set(issuances.map(({ caCertificateId }) => caCertificateId));
  const told = hasDetails ? issuances : issuances.map((one) => knownBetter(one, known));
  return [...told, ...known.issuances.filter(({ caCertificateId }) => !named.has(caCertificateId))];
}

/** A list may tell only the end of a validity and guess its beginning. */
function knownBetter(said: Issuance, known: Order): Issuance {
  const earlier = known.issuances.find(({ caCertificateId }) => caCertificateId === said.caCertificateId);
  return earlier && known.detailsAt !== null ? { ...said, validFrom: earlier.validFrom } : said;
}

function longer<T>(ones: readonly T[], others: readonly T[]): readonly T[] {
  return ones.length >= others.length ? ones : others;
}

import { domainToUnicode } from "node:url";
import {
  type Attention,
  attentionOf,
  attentions,
  caAccountIdSchema,
  caOrderIdSchema,
  certificateIdSchema,
  dnsNameSchema,
  emailAddressSchema,
  expiresAt,
  latestIssuance,
  type Order,
  type OrderStatus,
  orderIdSchema,
  orderStatuses,
  type Recipient,
  recipientSources,
  type ValidationType,
  validationTypes,
} from "@sealpost/domain";
import { oneOf } from "./one-of.ts";
import type { issuances, orders, RecipientRow } from "./schema.ts";

export type OrderRecord = typeof orders.$inferSelect;
export type IssuanceRecord = typeof issuances.$inferSelect;

/** Rows become orders here and nowhere else. */
export function toOrder(
  row: OrderRecord,
  names: readonly string[],
  issued: readonly IssuanceRecord[],
): Order {
  return {
    orderId: orderIdSchema.parse(row.orderId),
    caAccountId: caAccountIdSchema.parse(row.caAccountId),
    caOrderId: caOrderIdSchema.parse(row.caOrderId),
    product: row.product,
    validationType: oneOf<ValidationType>(validationTypes, row.validationType),
    commonName: row.commonName,
    dnsNames: names.map((name) => dnsNameSchema.parse(name)),
    recipients: {
      fulfillment: toRecipients(row.fulfillmentRecipients),
      approver: toRecipients(row.approverRecipients),
    },
    csrSpkiSha256: row.csrSpkiSha256,
    status: oneOf<OrderStatus>(orderStatuses, row.status),
    vendorStatus: row.vendorStatus,
    orderedAt: row.orderedAt,
    syncedAt: row.syncedAt,
    detailsAt: row.detailsAt,
    goneAt: row.goneAt,
    ...toIssuances(issued),
  };
}

export function toIssuances(rows: readonly IssuanceRecord[]): Pick<Order, "issuances" | "imports"> {
  const imports = rows.flatMap(({ caCertificateId, certificateId }) =>
    certificateId ? [[caCertificateId, certificateIdSchema.parse(certificateId)]] : [],
  );
  return {
    issuances: rows.map(({ caCertificateId, validFrom, validTo }) => ({
      caCertificateId,
      validFrom,
      validTo,
    })),
    imports: Object.fromEntries(imports),
  };
}

function toRecipients(rows: readonly RecipientRow[] | null): readonly Recipient[] | "not-loaded" {
  if (rows === null) return "not-loaded";
  return rows.map(({ address, source }) => ({
    address: emailAddressSchema.parse(address),
    source: oneOf(recipientSources, source),
  }));
}

export function toOrderRecord(order: Order, now: Date): Omit<OrderRecord, "searchRow"> {
  return {
    orderId: order.orderId,
    caAccountId: order.caAccountId,
    caOrderId: order.caOrderId,
    product: order.product,
    validationType: order.validationType,
    commonName: order.commonName,
    status: order.status,
    vendorStatus: order.vendorStatus,
    csrSpkiSha256: order.csrSpkiSha256,
    fulfillmentRecipients: fromRecipients(order.recipients.fulfillment),
    approverRecipients: fromRecipients(order.recipients.approver),
    orderedAt: order.orderedAt,
    syncedAt: order.syncedAt,
    detailsAt: order.detailsAt,
    goneAt: order.goneAt,
    ...derived(order, now),
  };
}

function fromRecipients(recipients: readonly Recipient[] | "not-loaded"): RecipientRow[] | null {
  return recipients === "not-loaded" ? null : recipients.map(({ address, source }) => ({ address, source }));
}

/** The columns the list is sorted by, computed by the domain's own functions. */
export function derived(
  order: Pick<Order, "status" | "goneAt" | "issuances" | "imports">,
  now: Date,
): Pick<OrderRecord, "attention" | "expiresAt" | "sortEnd" | "latestValidTo"> {
  const end = expiresAt(order);
  return {
    attention: attentions.indexOf(attentionOf(order, now)),
    expiresAt: end,
    sortEnd: end?.getTime() ?? Number.MAX_SAFE_INTEGER,
    latestValidTo: latestIssuance(order)?.validTo ?? null,
  };
}

export function toAttention(rank: number): Attention {
  return attentions[rank] ?? "nothing-to-do";
}

/** What a search looks through: names as written and as people read them, number, addresses. */
export function searchWords(order: Order): string {
  const names = [order.commonName, ...order.dnsNames];
  const readable = names.map((name) =>
    name.includes("xn--") ? domainToUnicode(name.replace(/^\*\./, "")) : "",
  );
  const kinds = [order.recipients.fulfillment, order.recipients.approver];
  const addresses = kinds.flatMap((list) => (list === "not-loaded" ? [] : list.map((r) => r.address)));
  return [...new Set([...names, ...readable, ...addresses, order.caOrderId, order.product])]
    .join("\n")
    .toLowerCase();
}

import { domainToUnicode } from "node:url";
import {
  type Attention,
  attentionOf,
  attentions,
  type CertificateId,
  type DnsName,
  expiresAt,
  latestIssuance,
  type Order,
  type OrderStatus,
  orderStatuses,
  type Recipient,
  recipientSources,
  type ValidationType,
  validationTypes,
} from "@sealpost/domain";
import { getTableColumns } from "drizzle-orm";
import { oneOf } from "./one-of.ts";
import { orders, type RecipientRow } from "./schema.ts";

type Row = typeof orders.$inferSelect;
/** A column's value as SQLite has it: moments in milliseconds, lists as JSON. */
type Stored<T> = T extends Date ? number : T extends string | number | null ? T : string;
export type OrderValues = { readonly [Key in keyof Row]: Stored<Row[Key]> };

type IssuedRecord = readonly [
  caCertificateId: string,
  validFrom: number,
  validTo: number,
  certificateId: string | null,
];

const columns = Object.entries(getTableColumns(orders)).map(([key, { name }]) => ({ key, name }));
const issued = `json_group_array(json_array(ca_certificate_id, valid_from, valid_to, certificate_id)
  order by place, valid_to desc)`;

// Drizzle's builder and mapper take longer for a page of the list, and for an order of a sync, than SQLite does.

/** The table is `o`; what follows says which rows, and in which order. */
export const selectOrders = `select ${columns.map(({ key, name }) => `o.${name} as ${key}`).join(", ")} from orders o`;
export const selectIssued = `select ${issued} from issuances where order_id = ?`;
export const insertOrder = `insert into orders (${columns.map(({ name }) => name).join(", ")})
  values (${columns.map(({ key }) => `@${key}`).join(", ")})`;
export const updateOrder = `update orders set ${columns.map(({ key, name }) => `${name} = @${key}`).join(", ")}
  where order_id = @orderId`;

/** What was parsed before it was written, into a file that only this program writes. */
function stored<Text extends string>(text: string): Text {
  return text as Text;
}

/** JSON that was written here, from a value of this type. */
function fromJson<Value>(text: string): Value {
  return JSON.parse(text) as Value;
}

/** Rows become orders here and nowhere else. */
export function toOrder(row: OrderValues): Order {
  return {
    orderId: stored(row.orderId),
    caAccountId: stored(row.caAccountId),
    caOrderId: stored(row.caOrderId),
    product: row.product,
    validationType: oneOf<ValidationType>(validationTypes, row.validationType),
    commonName: row.commonName,
    dnsNames: fromJson<DnsName[]>(row.names),
    recipients: {
      fulfillment: toRecipients(row.fulfillmentRecipients),
      approver: toRecipients(row.approverRecipients),
    },
    csrSpkiSha256: row.csrSpkiSha256,
    status: oneOf<OrderStatus>(orderStatuses, row.status),
    vendorStatus: row.vendorStatus,
    orderedAt: toDate(row.orderedAt),
    syncedAt: new Date(row.syncedAt),
    detailsAt: toDate(row.detailsAt),
    goneAt: toDate(row.goneAt),
    ...toIssuances(row.issued),
  };
}

/** What an order's issuances are, and which of them were imported. */
export function toIssuances(json: string): Pick<Order, "issuances" | "imports"> {
  const rows = fromJson<IssuedRecord[]>(json);
  const imports: Record<string, CertificateId> = {};
  for (const [caCertificateId, , , certificateId] of rows)
    if (certificateId !== null) imports[caCertificateId] = stored(certificateId);
  const issuances = rows.map(([caCertificateId, validFrom, validTo]) => ({
    caCertificateId,
    validFrom: new Date(validFrom),
    validTo: new Date(validTo),
  }));
  return { issuances, imports };
}

function toRecipients(json: string | null): readonly Recipient[] | "not-loaded" {
  if (json === null) return "not-loaded";
  return fromJson<RecipientRow[]>(json).map(({ address, source }) => ({
    address: stored(address),
    source: oneOf(recipientSources, source),
  }));
}

function toDate(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}

export function toOrderValues(order: Order, searchRow: number, now: Date): OrderValues {
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
    orderedAt: order.orderedAt?.getTime() ?? null,
    syncedAt: order.syncedAt.getTime(),
    detailsAt: order.detailsAt?.getTime() ?? null,
    goneAt: order.goneAt?.getTime() ?? null,
    ...derived(order, now),
    names: JSON.stringify(commonNameFirst(order)),
    // What was imported stands in the issuances alone, which are written next.
    issued: "[]",
    searchRow,
  };
}

function commonNameFirst({ dnsNames, commonName }: Order): readonly string[] {
  const others = [...new Set<string>(dnsNames)].filter((name) => name !== commonName).sort();
  return dnsNames.some((name) => name === commonName) ? [commonName, ...others] : others;
}

function fromRecipients(recipients: readonly Recipient[] | "not-loaded"): string | null {
  if (recipients === "not-loaded") return null;
  return JSON.stringify(
    recipients.map(({ address, source }) => ({ address, source }) satisfies RecipientRow),
  );
}

/** The columns the list is sorted by, computed by the domain's own functions. */
export function derived(
  order: Pick<Order, "status" | "goneAt" | "issuances" | "imports">,
  now: Date,
): Pick<OrderValues, "attention" | "expiresAt" | "sortEnd" | "latestValidTo"> {
  const end = expiresAt(order)?.getTime() ?? null;
  return {
    attention: attentions.indexOf(attentionOf(order, now)),
    expiresAt: end,
    sortEnd: end ?? Number.MAX_SAFE_INTEGER,
    latestValidTo: latestIssuance(order)?.validTo.getTime() ?? null,
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

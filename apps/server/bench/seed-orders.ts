import { openStore } from "@sealpost/db";
import {
  caAccountIdSchema,
  caOrderIdSchema,
  dnsNameSchema,
  emailAddressSchema,
  neverSynced,
  type Order,
  orderIdSchema,
  orderStatuses,
} from "@sealpost/domain";
import { newId } from "../src/new-id.ts";

const dayMs = 24 * 60 * 60 * 1000;
const perCommit = 1000;
const caAccountId = caAccountIdSchema.parse("bench");
/** Ten issued ones to one of each other status, as in an account that is in use. */
const statuses = [...Array.from({ length: 10 }, () => "issued" as const), ...orderStatuses];

/** Fills a database as a sync would: each order with two names and a certificate that ends within a year or has ended. */
export async function seedOrders(file: string, count: number): Promise<void> {
  const { store, close } = openStore({ file, seal: null, isAlone: true });
  try {
    const account = {
      caAccountId,
      adapter: "digicert",
      label: "Bench",
      baseUrl: "http://127.0.0.1:1/",
      settings: {},
      credentialRef: null,
      state: "paused",
      isSandbox: false,
      capabilities: ["list-orders", "resend-fulfillment"],
      connectedAt: new Date(),
      sync: neverSynced,
    } as const;
    await store.commit({ writes: [{ write: "account-saved", account }], audit: [] });
    for (let from = 0; from < count; from += perCommit) {
      const numbers = Array.from({ length: Math.min(perCommit, count - from) }, (_, i) => from + i);
      const writes = numbers.map((number) => ({ write: "order-synced", order: orderOf(number) }) as const);
      await store.commit({ writes, audit: [] });
    }
  } finally {
    close();
  }
}

function orderOf(number: number): Order {
  const name = `host-${number}.team-${number % 997}.example.test`;
  const now = Date.now();
  // From 80 days ago to 280 days from now, so that the list is not sorted by its numbers.
  const validTo = new Date(now + (((number * 7919) % 360) - 80) * dayMs);
  const address = emailAddressSchema.parse(`admin-${number % 4999}@example.test`);
  return {
    orderId: orderIdSchema.parse(newId()),
    caAccountId,
    caOrderId: caOrderIdSchema.parse(String(100_000_000 + number)),
    product: "Standard SSL",
    validationType: "ov",
    commonName: name,
    dnsNames: [dnsNameSchema.parse(name), dnsNameSchema.parse(`www.${name}`)],
    recipients: { fulfillment: [{ address, source: "requester" }], approver: [] },
    csrSpkiSha256: number.toString(16).padStart(64, "0"),
    status: statuses[number % statuses.length] ?? "issued",
    vendorStatus: "issued",
    orderedAt: new Date(validTo.getTime() - 199 * dayMs),
    issuances: [{ caCertificateId: "1", validFrom: new Date(validTo.getTime() - 198 * dayMs), validTo }],
    syncedAt: new Date(now),
    detailsAt: new Date(now),
    goneAt: null,
    imports: {},
  };
}

import type { OrderDetailsView } from "@sealpost/api/client";

/** To the import for this order, with the mail that brought what it waits for where one has come. */
export function importHref({ orderId, arrival }: Pick<OrderDetailsView, "orderId" | "arrival">): string {
  const mail = arrival?.kind === "fulfillment" ? `&mail=${arrival.mailId}` : "";
  return `/security/ssl/certificates/import?order=${orderId}${mail}`;
}

/** To the import, which fetches the certificate from the CA by itself. */
export function downloadHref(orderId: string): string {
  return `/security/ssl/certificates/import?order=${orderId}&from=ca`;
}

import { randomUUID } from "node:crypto";

/**
 * A UUID of version 7 (RFC 9562 section 5.7): what is made one after the other stands side by side in every index,
 * where ids without an order would touch another page for each order of a sync. Unique; not a secret.
 */
export function newId(): string {
  const ms = Date.now().toString(16).padStart(12, "0");
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${randomUUID().slice(15)}`;
}

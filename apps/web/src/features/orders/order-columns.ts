import type { OrderColumn } from "@sealpost/domain";

/** In the order of the table. */
export const choosableColumns: readonly OrderColumn[] = [
  "type",
  "ca",
  "orderNumber",
  "status",
  "domainAdministrator",
  "ordered",
  "imported",
  "asOf",
];

export const defaultColumns = choosableColumns.filter(
  (column) => column !== "orderNumber" && column !== "asOf",
);

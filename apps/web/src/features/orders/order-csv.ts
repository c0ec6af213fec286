import type { AccountView, OrderRowView } from "@sealpost/api/client";
import { stringify } from "csv-stringify/sync";
import type { useTranslations } from "next-intl";

interface CsvAbout {
  readonly t: ReturnType<typeof useTranslations<never>>;
  readonly locale: "en" | "de";
  readonly accounts: readonly Pick<AccountView, "caAccountId" | "label" | "adapter">[];
}

/** What the file tells of an order. */
export type CsvOrder = Pick<
  OrderRowView,
  | "commonName"
  | "dnsNames"
  | "validationType"
  | "product"
  | "caAccountId"
  | "caOrderId"
  | "status"
  | "vendorStatus"
  | "recipients"
  | "lastFulfillment"
  | "orderedAt"
  | "expiresAt"
  | "importedAt"
  | "syncedAt"
>;

/** What a cell shows of an order. */
type Cell = (order: CsvOrder) => string;

/**
 * Orders as CSV (RFC 4180), in the words of the page: with a byte order mark, so that spreadsheets read it as UTF-8, and
 * with semicolons in German, where the comma is the decimal sign. Moments in ISO 8601, UTC. A cell that a spreadsheet
 * would take for a formula begins with an apostrophe: names and messages come from outside.
 */
export function csvOf({ t, locale, accounts }: CsvAbout): {
  head(): string;
  rows(orders: readonly CsvOrder[]): string;
} {
  const delimiter = locale === "de" ? ";" : ",";
  const write = (lines: readonly (readonly string[])[]) =>
    stringify(
      lines.map((line) => [...line]),
      { delimiter, escape_formulas: true, record_delimiter: "windows" },
    );
  const columns = columnsOf(t, accounts);
  return {
    head: () => `\uFEFF${write([columns.map(([head]) => head)])}`,
    rows: (orders) => write(orders.map((order) => columns.map(([, cell]) => cell(order)))),
  };
}

function columnsOf(t: CsvAbout["t"], accounts: CsvAbout["accounts"]): readonly (readonly [string, Cell])[] {
  const account = (order: CsvOrder) => accounts.find(({ caAccountId }) => caAccountId === order.caAccountId);
  const email = ({ lastFulfillment: last }: CsvOrder) =>
    last ? t(`resend.result.${last.status}.title`) : "";
  return [
    [t("orders.columns.commonName"), (order) => order.commonName],
    [t("order.names"), (order) => order.dnsNames.join(" ")],
    [t("orders.columns.type"), (order) => order.validationType.toUpperCase().replace("UNKNOWN", "")],
    [t("order.product"), (order) => order.product],
    [t("order.caAccount"), (order) => account(order)?.label ?? ""],
    [t("order.orderNumber"), (order) => order.caOrderId],
    [t("orders.columns.status"), (order) => t(`status.${order.status}`)],
    [t("orders.csv.vendorStatus"), (order) => order.vendorStatus],
    [t("orders.columns.domainAdministrator"), addresses],
    [t("orders.columns.email"), email],
    [t("orders.csv.emailAt"), ({ lastFulfillment: last }) => last?.settledAt ?? last?.requestedAt ?? ""],
    [t("orders.columns.ordered"), (order) => order.orderedAt ?? ""],
    [t("orders.columns.expires"), (order) => order.expiresAt ?? ""],
    [t("orders.columns.imported"), (order) => order.importedAt ?? ""],
    [t("orders.csv.asOf"), (order) => order.syncedAt],
  ];
}

function addresses({ recipients: { fulfillment } }: CsvOrder): string {
  return fulfillment === "not-loaded" ? "" : fulfillment.map(({ address }) => address).join(" ");
}

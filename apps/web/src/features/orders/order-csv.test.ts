import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import de from "../../messages/de.json";
import en from "../../messages/en.json";
import { type CsvOrder, csvOf } from "./order-csv";

const order: CsvOrder = {
  commonName: "*.a.test",
  dnsNames: ["*.a.test", "a.test"],
  validationType: "ov",
  product: 'Standard "SSL", one year',
  caAccountId: "1",
  caOrderId: "4711",
  status: "issued",
  vendorStatus: "issued",
  recipients: {
    fulfillment: [{ address: "ana@a.test", source: "requester" }],
    approver: "not-loaded",
  },
  lastFulfillment: null,
  orderedAt: "2026-11-01T10:00:00.000Z",
  expiresAt: null,
  importedAt: null,
  syncedAt: "2026-11-25T10:00:00.000Z",
};

function csvIn(locale: "en" | "de", label = "Production") {
  const t = createTranslator({ locale, messages: locale === "en" ? en : de });
  const accounts = [{ caAccountId: "1", label, adapter: "digicert" }];
  return csvOf({ t: t as Parameters<typeof csvOf>[0]["t"], locale, accounts });
}

describe("orders as CSV", () => {
  it("has the heads of the page in its language, a byte order mark, and the delimiter that spreadsheets expect there", () => {
    expect(csvIn("en").head()).toMatch(/^\uFEFFCommon name,Names,Type,Product,CA account,.+,As of\r\n$/);
    expect(csvIn("de").head()).toMatch(/^\uFEFFAllgemeiner Name;Namen;Typ;Produkt;CA-Konto;.+;Stand\r\n$/);
  });

  it("quotes what must be quoted, and leaves empty what is not known", () => {
    expect(csvIn("en").rows([order])).toBe(
      '*.a.test,*.a.test a.test,OV,"Standard ""SSL"", one year",Production,4711,Issued,issued,ana@a.test,,,2026-11-01T10:00:00.000Z,,,2026-11-25T10:00:00.000Z\r\n',
    );
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])(
    "lets no spreadsheet take %j for a formula, wherever it comes from",
    (text) => {
      const row = csvIn("en", text).rows([{ ...order, product: text, vendorStatus: text }]);
      expect(row.split("'").length - 1).toBe(3);
    },
  );
});

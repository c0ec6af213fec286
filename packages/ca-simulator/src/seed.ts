import type { CertificateDesk } from "./certificate-desk.ts";
import type { NewOrder } from "./new-order.ts";
import { digicertRows } from "./seed-digicert.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** `ageDays`: since it was placed and issued. Names and companies are invented, under reserved endings. */
export type SeedRow = Omit<NewOrder, "issuedAt" | "approvesAt" | "completesAt"> & {
  readonly ageDays: number;
};

const rows: readonly SeedRow[] = [
  // Issued lately, or soon to end: what a desk has to do.
  {
    commonName: "shop.nordwind-logistik.example",
    dnsNames: [
      "shop.nordwind-logistik.example",
      "www.shop.nordwind-logistik.example",
      "pay.nordwind-logistik.example",
    ],
    ageDays: 192,
    status: "Complete",
  },
  {
    commonName: "cloud.atelier-brandt.example",
    product: "RapidSSL - 1 year",
    keyType: "rsa-2048",
    mailStyle: "body",
    ageDays: 195,
    status: "Complete",
    approverEmail: "admin@atelier-brandt.example",
  },
  {
    commonName: "payin.meridian-pay.example",
    product: "GeoTrust True BusinessID",
    organization: "Meridian Pay Ltd",
    dnsNames: [
      "payin.meridian-pay.example",
      "api.meridian-pay.example",
      "hooks.meridian-pay.example",
      "status.meridian-pay.example",
      "docs.meridian-pay.example",
    ],
    ageDays: 187,
    status: "Complete",
    approverEmail: "tls-orders@meridian-pay.example",
  },
  {
    commonName: "mail.hafen-klinikum.example",
    product: "GeoTrust True BusinessID",
    organization: "Hafen-Klinikum gGmbH",
    dnsNames: ["mail.hafen-klinikum.example", "autodiscover.hafen-klinikum.example"],
    keyType: "rsa-3072",
    ageDays: 186,
    status: "Complete",
    approverEmail: "postmaster@hafen-klinikum.example",
  },
  {
    commonName: "*.fieldnotes.example",
    product: "EssentialSSL Wildcard",
    dnsNames: ["*.fieldnotes.example", "fieldnotes.example"],
    ageDays: 2,
    approverEmail: "webmaster@fieldnotes.example",
  },
  {
    commonName: "checkout.olivegrove.example",
    product: "GeoTrust True BusinessID with EV",
    organization: "Olive Grove Stores Inc",
    dnsNames: ["checkout.olivegrove.example", "www.checkout.olivegrove.example"],
    keyType: "ec-p384",
    ageDays: 1,
    approverEmail: "it@olivegrove.example",
  },
  {
    commonName: "vpn.stadtwerke-lindau.example",
    product: "GeoTrust True BusinessID",
    organization: "Stadtwerke Lindau",
    keyType: "rsa-2048",
    ageDays: 7,
    status: "Complete",
    approverEmail: "administrator@stadtwerke-lindau.example",
  },
  {
    commonName: "portal.kestrel-insurance.example",
    product: "GeoTrust True BusinessID",
    organization: "Kestrel Insurance plc",
    dnsNames: [
      "portal.kestrel-insurance.example",
      "login.kestrel-insurance.example",
      "claims.kestrel-insurance.example",
      "files.kestrel-insurance.example",
    ],
    ageDays: 3,
    approverEmail: "domains@kestrel-insurance.example",
  },
  { commonName: "status.parcelworks.example", ageDays: 0.2 },
  {
    commonName: "xn--bcher-kva.example",
    dnsNames: ["xn--bcher-kva.example", "www.xn--bcher-kva.example"],
    ageDays: 4,
    approverEmail: "hostmaster@xn--bcher-kva.example",
  },
  {
    commonName: "git.parcelworks.example",
    product: "RapidSSL - 1 year",
    keyType: "rsa-2048",
    mailStyle: "body",
    ageDays: 170,
    status: "Complete",
  },
  {
    commonName: "intranet.alpenblick-hotels.example",
    product: "GeoTrust True BusinessID",
    organization: "Alpenblick Hotels AG",
    dnsNames: [
      "intranet.alpenblick-hotels.example",
      "buchung.alpenblick-hotels.example",
      "gaeste.alpenblick-hotels.example",
    ],
    ageDays: 60,
    status: "Complete",
  },
  {
    commonName: "www.harbour-books.example",
    dnsNames: ["www.harbour-books.example", "harbour-books.example"],
    keyType: "rsa-2048",
    ageDays: 30,
    status: "Complete",
  },
  {
    commonName: "*.greenfield.school.example",
    product: "PositiveSSL Wildcard",
    dnsNames: ["*.greenfield.school.example", "greenfield.school.example"],
    keyType: "rsa-2048",
    ageDays: 90,
    status: "Complete",
  },
  {
    commonName: "imap.weber-und-sohn.example",
    product: "QuickSSL Premium",
    dnsNames: ["imap.weber-und-sohn.example", "smtp.weber-und-sohn.example"],
    mailStyle: "body",
    ageDays: 14,
    status: "Complete",
  },
  {
    commonName: "xn--mller-kva.example",
    product: "QuickSSL Premium",
    mailStyle: "body",
    ageDays: 45,
    status: "Complete",
    approverEmail: "admin@xn--mller-kva.example",
  },
  { commonName: "registry.northlight.example", keyType: "ec-p384", ageDays: 20, status: "Complete" },
  {
    commonName: "booking.fjordline-cabins.example",
    dnsNames: Array.from({ length: 12 }, (_, i) =>
      i === 0 ? "booking.fjordline-cabins.example" : `cabin-${i}.fjordline-cabins.example`,
    ),
    product: "PositiveSSL Multi-Domain",
    keyType: "rsa-2048",
    ageDays: 10,
    status: "Complete",
  },
  {
    commonName: "api.tidewater-energy.example",
    product: "GeoTrust True BusinessID with EV",
    organization: "Tidewater Energy LLC",
    keyType: "rsa-3072",
    ageDays: 100,
    status: "Complete",
  },
  { commonName: "lager.moebel-krause.example", ageDays: 120, status: "Complete" },
  {
    commonName: "customer-portal.a-company-with-a-remarkably-long-name.example",
    ageDays: 25,
    status: "Complete",
  },
  {
    commonName: "id.cobalt-identity.example",
    product: "GeoTrust True BusinessID",
    organization: "Cobalt Identity GmbH",
    keyType: "ec-p384",
    ageDays: 75,
    status: "Complete",
  },
  {
    commonName: "media.brightwater.example",
    product: "RapidSSL - 1 year",
    mailStyle: "body",
    keyType: "rsa-2048",
    ageDays: 140,
    status: "Complete",
  },
  {
    commonName: "*.lumen-labs.example",
    product: "EssentialSSL Wildcard",
    dnsNames: ["*.lumen-labs.example", "lumen-labs.example"],
    ageDays: 50,
    status: "Complete",
  },
  {
    commonName: "extranet.sonnenhof-pflege.example",
    product: "GeoTrust True BusinessID",
    organization: "Sonnenhof Pflege e.V.",
    ageDays: 35,
    status: "Complete",
  },
  {
    commonName: "www.quarry-cycles.example",
    dnsNames: ["www.quarry-cycles.example", "quarry-cycles.example"],
    ageDays: 5,
  },
  // With the CA.
  {
    commonName: "sso.meridian-pay.example",
    product: "GeoTrust True BusinessID with EV",
    organization: "Meridian Pay Ltd",
    ageDays: 0.5,
    status: "Pending CA Approval",
    approverEmail: "tls-orders@meridian-pay.example",
  },
  {
    commonName: "*.rivermead.school.example",
    product: "EssentialSSL Wildcard",
    dnsNames: ["*.rivermead.school.example", "rivermead.school.example"],
    ageDays: 0.7,
    status: "Pending CA Approval",
    approverEmail: "admin@rivermead.school.example",
  },
  {
    commonName: "intranet.hafen-klinikum.example",
    product: "GeoTrust True BusinessID",
    organization: "Hafen-Klinikum gGmbH",
    dnsNames: [
      "intranet.hafen-klinikum.example",
      "dienstplan.hafen-klinikum.example",
      "labor.hafen-klinikum.example",
    ],
    keyType: "rsa-3072",
    ageDays: 1,
    status: "Pending CA Approval",
    approverEmail: "postmaster@hafen-klinikum.example",
  },
  {
    commonName: "files.atelier-brandt.example",
    ageDays: 2,
    status: "Pending CA Approval",
    approverEmail: "admin@atelier-brandt.example",
  },
  {
    commonName: "wiki.stadtwerke-lindau.example",
    product: "GeoTrust True BusinessID",
    organization: "Stadtwerke Lindau",
    keyType: "rsa-2048",
    ageDays: 3,
    status: "Pending CA Approval",
  },
  // Ended by the CA or the customer.
  {
    commonName: "old-shop.olivegrove.example",
    ageDays: 40,
    status: "Canceled",
    approverEmail: "it@olivegrove.example",
  },
  { commonName: "test.parcelworks.example", ageDays: 80, status: "Canceled" },
  {
    commonName: "demo.kestrel-insurance.example",
    product: "GeoTrust True BusinessID",
    organization: "Kestrel Insurance plc",
    ageDays: 15,
    status: "Canceled",
  },
  // Expired.
  {
    commonName: "legacy.stadtwerke-lindau.example",
    product: "GeoTrust True BusinessID",
    organization: "Stadtwerke Lindau",
    keyType: "rsa-2048",
    ageDays: 201,
    status: "Complete",
  },
  { commonName: "spring-sale.olivegrove.example", ageDays: 210, status: "Complete" },
  {
    commonName: "beta.fieldnotes.example",
    ageDays: 230,
    status: "Complete",
    approverEmail: "webmaster@fieldnotes.example",
  },
  { commonName: "archive.harbour-books.example", keyType: "rsa-2048", ageDays: 260, status: "Complete" },
  {
    commonName: "2025.fjordline-cabins.example",
    product: "RapidSSL - 1 year",
    mailStyle: "body",
    validityDays: 397,
    ageDays: 500,
    status: "Complete",
  },
  {
    commonName: "www.kantine-nord.example",
    product: "QuickSSL Premium",
    mailStyle: "body",
    keyType: "rsa-2048",
    validityDays: 397,
    ageDays: 700,
    status: "Complete",
  },
  {
    commonName: "ftp.weber-und-sohn.example",
    product: "QuickSSL Premium",
    mailStyle: "body",
    keyType: "rsa-2048",
    validityDays: 397,
    ageDays: 900,
    status: "Complete",
  },
  { commonName: "events.northlight.example", ageDays: 320, status: "Complete" },
  { commonName: "survey.cobalt-identity.example", ageDays: 400, status: "Complete" },
];

/** The last order placed: the status clock moves it on, so that the sandbox shows a mail arriving by itself. */
const arriving = {
  commonName: "new.lumen-labs.example",
  approvesAfterMs: 2 * 60 * 1000,
  completesAfterMs: 5 * 60 * 1000,
};

/** Whose mail lies in the mailbox from the start: the certificate, or the request for approval while pending. */
const delivered: readonly string[] = [
  "cloud.atelier-brandt.example",
  "*.fieldnotes.example",
  "imap.weber-und-sohn.example",
  "xn--bcher-kva.example",
  "portal.kestrel-insurance.example",
  "files.atelier-brandt.example",
  arriving.commonName,
];

/** Fills a new sandbox: every status, every kind of order. The keys are made side by side. */
export async function seedSandbox(desk: CertificateDesk, now: Date): Promise<void> {
  // Oldest first, as the numbers of a CA run; in whole seconds, as its dates do.
  const inTime = [...rows, ...digicertRows].toSorted((a, b) => b.ageDays - a.ageDays);
  const wholeSeconds = Math.floor(now.getTime() / 1000) * 1000;
  await Promise.all(
    inTime.map(({ ageDays, ...order }) =>
      desk.place({ ...order, issuedAt: new Date(wholeSeconds - ageDays * dayMs) }),
    ),
  );
  await desk.place({
    commonName: arriving.commonName,
    status: "Pending CA Approval",
    approvesAt: new Date(now.getTime() + arriving.approvesAfterMs),
    completesAt: new Date(now.getTime() + arriving.completesAfterMs),
  });
  for (const order of desk.orders.toSorted((a, b) => a.id - b.id)) {
    const kind = order.certificatePem === null ? "approver" : "fulfillment";
    if (delivered.includes(order.commonName)) await desk.send(order, kind, { at: new Date(order.createdAt) });
  }
}

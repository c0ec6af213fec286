import type { SeedRow } from "../../seed.ts";

/** What small companies of the other CAs' customers have bought here. */
export const godaddySeed: readonly SeedRow[] = [
  // Issued lately, or soon to end.
  {
    commonName: "blog.fieldnotes.example",
    dnsNames: ["blog.fieldnotes.example", "www.blog.fieldnotes.example"],
    ageDays: 3,
    approverEmail: "webmaster@fieldnotes.example",
  },
  {
    commonName: "*.quarry-cycles.example",
    product: "DV_WILDCARD_SSL",
    dnsNames: ["*.quarry-cycles.example", "quarry-cycles.example"],
    keyType: "rsa-2048",
    ageDays: 186,
    status: "Complete",
  },
  // In daily use.
  {
    commonName: "booking.alpenblick-hotels.example",
    product: "UCC_OV_SSL",
    validation: "ov",
    organization: "Alpenblick Hotels AG",
    dnsNames: ["booking.alpenblick-hotels.example", "spa.alpenblick-hotels.example"],
    keyType: "rsa-3072",
    ageDays: 71,
    status: "Complete",
    technicalEmail: "betrieb@alpenblick-hotels.example",
  },
  {
    commonName: "www.meridian-pay.example",
    validation: "ev",
    organization: "Meridian Pay Ltd",
    keyType: "ec-p384",
    ageDays: 40,
    status: "Complete",
  },
  {
    commonName: "mail.hafen-klinikum.example",
    ageDays: 96,
    status: "Complete",
    vendorStatus: "PENDING_REKEY",
  },
  // With the CA, or not even asked for.
  { commonName: "tickets.kantine-nord.example", ageDays: 0.6, status: "Pending CA Approval" },
  {
    commonName: "spare.lumen-labs.example",
    ageDays: 21,
    status: "Pending CA Approval",
    vendorStatus: "UNUSED",
  },
  // Ended.
  {
    commonName: "old.cobalt-identity.example",
    ageDays: 120,
    status: "Complete",
    vendorStatus: "REVOKED",
  },
  { commonName: "beta.northlight.example", ageDays: 50, status: "Canceled" },
];

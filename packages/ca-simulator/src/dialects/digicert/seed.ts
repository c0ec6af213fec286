import type { SeedRow } from "../../seed.ts";

/** Orders of the same companies at another CA. */
export const digicertSeed: readonly SeedRow[] = [
  // Issued lately, or soon to end.
  {
    commonName: "checkout.quarry-cycles.example",
    product: "RapidSSL DV",
    ageDays: 1,
    approverEmail: "webmaster@quarry-cycles.example",
  },
  {
    commonName: "*.brightwater.example",
    product: "Wildcard Certificate",
    validation: "ov",
    organization: "Brightwater Media Ltd",
    dnsNames: ["*.brightwater.example", "brightwater.example"],
    keyType: "rsa-2048",
    ageDays: 189,
    status: "Complete",
    approverEmail: "tls@brightwater.example",
  },
  // In daily use.
  {
    commonName: "portal.alpenblick-hotels.example",
    validation: "ov",
    organization: "Alpenblick Hotels AG",
    dnsNames: ["portal.alpenblick-hotels.example", "karriere.alpenblick-hotels.example"],
    keyType: "rsa-3072",
    ageDays: 62,
    status: "Complete",
    technicalEmail: "betrieb@alpenblick-hotels.example",
  },
  {
    commonName: "www.northlight.example",
    validation: "ev",
    organization: "Northlight Systems Inc.",
    dnsNames: ["www.northlight.example", "northlight.example"],
    keyType: "ec-p384",
    ageDays: 28,
    status: "Complete",
  },
  { commonName: "xn--caf-dma.lumen-labs.example", ageDays: 17, status: "Complete" },
  {
    commonName: "vpn.hafen-klinikum.example",
    validation: "ov",
    organization: "Hafen-Klinikum gGmbH",
    ageDays: 104,
    status: "Complete",
    vendorStatus: "reissue_pending",
    approverEmail: "postmaster@hafen-klinikum.example",
  },
  // With the CA.
  { commonName: "shop.kantine-nord.example", ageDays: 0.9, status: "Pending CA Approval" },
  {
    commonName: "edge.cobalt-identity.example",
    validation: "ov",
    organization: "Cobalt Identity GmbH",
    ageDays: 1.5,
    status: "Pending CA Approval",
    vendorStatus: "needs_approval",
  },
  // Ended.
  {
    commonName: "relay.meridian-pay.example",
    validation: "ev",
    organization: "Meridian Pay Ltd",
    ageDays: 130,
    status: "Complete",
    vendorStatus: "revoked",
  },
  { commonName: "preview.fieldnotes.example", ageDays: 33, status: "Canceled" },
  {
    commonName: "2025.northlight.example",
    validation: "ov",
    organization: "Northlight Systems Inc.",
    validityDays: 397,
    keyType: "rsa-2048",
    ageDays: 420,
    status: "Complete",
  },
];

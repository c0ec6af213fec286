import type { SeedRow } from "../../seed.ts";

/** What teams with their sites in the cloud keep there. */
export const azureAppServiceSeed: readonly SeedRow[] = [
  // Issued lately, or soon to end.
  {
    commonName: "booking.alpenblick-hotels.example",
    ageDays: 3,
    status: "Complete",
    approverEmail: "cloud@alpenblick-hotels.example",
  },
  {
    commonName: "*.gleis-neun.example",
    product: "StandardDomainValidatedWildCardSsl",
    dnsNames: ["*.gleis-neun.example", "gleis-neun.example"],
    keyType: "rsa-2048",
    ageDays: 187,
    status: "Complete",
    approverEmail: "plattform@gleis-neun.example",
  },
  // In daily use.
  { commonName: "members.tandem-verein.example", keyType: "rsa-2048", ageDays: 58, status: "Complete" },
  {
    commonName: "api.cobalt-identity.example",
    ageDays: 96,
    status: "Complete",
    vendorStatus: "PendingRekey",
    approverEmail: "sre@cobalt-identity.example",
  },
  // With the CA.
  { commonName: "feedback.brightwater.example", ageDays: 0.4, status: "Pending CA Approval" },
  // Ended.
  {
    commonName: "legacy.meridian-pay.example",
    validityDays: 397,
    keyType: "rsa-2048",
    ageDays: 405,
    status: "Complete",
    vendorStatus: "Expired",
  },
];

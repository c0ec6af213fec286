import type { SeedRow } from "../../seed.ts";

/** What smaller companies keep at a reseller. */
export const namecheapSeed: readonly SeedRow[] = [
  // Issued lately, or soon to end.
  {
    commonName: "shop.honigwerk.example",
    dnsNames: ["shop.honigwerk.example", "www.shop.honigwerk.example"],
    ageDays: 2,
    status: "Complete",
    approverEmail: "admin@honigwerk.example",
    technicalEmail: "mira@honigwerk.example",
  },
  {
    commonName: "*.tidepool-studio.example",
    product: "Standard Wildcard SSL",
    dnsNames: ["*.tidepool-studio.example", "tidepool-studio.example"],
    keyType: "rsa-2048",
    ageDays: 190,
    status: "Complete",
    technicalEmail: "hosting@tidepool-studio.example",
  },
  // In daily use.
  {
    commonName: "praxis.dr-lindner.example",
    keyType: "rsa-3072",
    ageDays: 75,
    status: "Complete",
    technicalEmail: "edv@dr-lindner.example",
  },
  {
    commonName: "my.riverbank-credit.example",
    validation: "ov",
    organization: "Riverbank Credit Union",
    ageDays: 41,
    status: "Complete",
    approverEmail: "webmaster@riverbank-credit.example",
  },
  // With the CA, or not yet sent to it.
  {
    commonName: "xn--mnchen-3ya.brezn-radio.example",
    ageDays: 0.4,
    status: "Pending CA Approval",
    approverEmail: "hostmaster@brezn-radio.example",
  },
  {
    commonName: "next.tidepool-studio.example",
    ageDays: 5,
    status: "Pending CA Approval",
    vendorStatus: "newpurchase",
  },
  // Ended.
  {
    commonName: "old.honigwerk.example",
    ageDays: 120,
    status: "Complete",
    vendorStatus: "replaced",
    technicalEmail: "mira@honigwerk.example",
  },
  { commonName: "trial.papierflieger.example", ageDays: 50, status: "Canceled" },
];

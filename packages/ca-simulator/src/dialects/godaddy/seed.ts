import type { SeedRow } from "../../seed.ts";

/** Orders of smaller companies, who bought where they have their domains. */
export const godaddySeed: readonly SeedRow[] = [
  { commonName: "www.tideline-surf.example", ageDays: 2, technicalEmail: "hello@tideline-surf.example" },
  {
    commonName: "*.maple-and-main.example",
    dnsNames: ["*.maple-and-main.example", "maple-and-main.example"],
    keyType: "rsa-2048",
    ageDays: 191,
    status: "Complete",
  },
  {
    commonName: "book.harbour-dental.example",
    validation: "ov",
    organization: "Harbour Dental Group",
    ageDays: 75,
    status: "Complete",
    technicalEmail: "office@harbour-dental.example",
  },
  { commonName: "xn--mller-kva.example", ageDays: 20, status: "Complete" },
  { commonName: "tickets.old-mill.example", ageDays: 0.5, status: "Pending CA Approval" },
  {
    commonName: "api.tideline-surf.example",
    ageDays: 60,
    status: "Complete",
    vendorStatus: "PENDING_REKEY",
  },
  { commonName: "legacy.harbour-dental.example", ageDays: 120, status: "Complete", vendorStatus: "REVOKED" },
  { commonName: "beta.old-mill.example", ageDays: 15, status: "Canceled" },
];

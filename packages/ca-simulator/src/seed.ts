import type { CertificateDesk } from "./certificate-desk.ts";
import { dialects } from "./dialects/registry.ts";
import type { NewOrder } from "./new-order.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** `ageDays`: since it was placed and issued. Names and companies are invented, under reserved endings. */
export type SeedRow = Omit<NewOrder, "ca" | "issuedAt" | "approvesAt" | "completesAt"> & {
  readonly ageDays: number;
};

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
  const rows = dialects.flatMap(({ ca, seed }) => seed.map((row) => ({ ca, ...row })));
  const inTime = rows.toSorted((a, b) => b.ageDays - a.ageDays);
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

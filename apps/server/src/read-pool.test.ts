import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createReadPool } from "./read-pool.ts";

const bytes = readFileSync(
  new URL("../../../packages/certificates/vectors/files/pem/shop.crt", import.meta.url),
);

it("turns away what finds no place in a full queue, says when to come again, and goes on reading", async () => {
  await using pool = createReadPool({ anchorsPem: [], library: null, fetchIssuer: null });
  const read = () =>
    pool.read([{ name: "shop.crt", bytes }], { passphrase: null, now: new Date(0), certificate: null });
  const outcomes = await Promise.allSettled(Array.from({ length: 60 }, read));
  const readings = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const refusals = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(readings.length).toBeGreaterThanOrEqual(32);
  expect(refusals.length).toBeGreaterThan(0);
  for (const { facts } of readings) expect(facts.certificate?.commonName).toBe("shop.example.test");
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ refusal: { code: "too-many-requests", retryAt: expect.any(Date) } });
  expect((await read()).facts.certificate?.commonName).toBe("shop.example.test");
});

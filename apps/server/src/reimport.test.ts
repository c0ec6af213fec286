import { readFileSync } from "node:fs";
import type { Role } from "@sealpost/domain";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTestRouters, type TestRouters } from "./test-router.ts";

const file = (name: string) =>
  readFileSync(new URL(`../../../packages/certificates/vectors/files/${name}`, import.meta.url), "utf8");
const now = new Date("2026-11-23T00:00:00Z");

let routers: TestRouters;
let callerAs: Awaited<ReturnType<TestRouters["open"]>>["callerAs"];
beforeAll(async () => {
  routers = await startTestRouters();
  ({ callerAs } = await routers.open({ anchorsPem: [file("pki/root.crt")], intermediates: null }));
});
// One pool of threads for all; each test finds no certificate.
afterEach(async () => {
  for (const { certificateId } of (await certificates().list({})).certificates)
    await certificates().delete({ certificateId });
});
afterAll(() => routers[Symbol.asyncDispose]());

const certificates = (role: Role = "importer", at = now) => callerAs(role, at).certificates;
const orders = () => callerAs("importer", now).orders;
function form(text: string, fields: Readonly<Record<string, string>> = {}): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries({ text, ...fields })) data.append(name, value);
  return data;
}
const idsOf = (plan: { readonly findings: ReadonlyArray<{ readonly id: string }> }) =>
  plan.findings.map(({ id }) => id);

describe("the same certificate again", () => {
  const leaf = file("pem/shop.crt");
  const whole = leaf + file("pem/intermediate.crt") + file("pem/shop.key");

  it("gets the chain and the key it lacks, stays the same version, and is whole afterwards", async () => {
    const first = await certificates().import(form(leaf, { mode: "certificate-only", notes: "kept" }));
    expect(first).toMatchObject({ isChainComplete: false, isKeyStored: false });
    const plan = await certificates().preview(form(whole));
    expect(plan).toMatchObject({ completes: ["chain", "private-key"], known: { importedBy: "importer" } });
    const before = await routers.store.vaultItems();
    const healed = await certificates("key-custodian").import(form(whole));
    expect(healed).toMatchObject({
      certificateId: first.certificateId,
      version: 1,
      importedBy: "importer",
      notes: "kept",
      isChainComplete: true,
      isKeyStored: true,
      mode: "certificate-and-key",
    });
    // The chain is sealed anew: what was replaced is named no more.
    const after = await routers.store.vaultItems();
    expect([before.size, after.size]).toEqual([1, 2]);
    expect([...before.keys()].some((ref) => after.has(ref))).toBe(false);
    await expect(certificates().import(form(whole))).rejects.toMatchObject({
      cause: { refusal: { code: "already-imported", certificateId: first.certificateId } },
    });
    expect((await certificates().list({})).certificates).toHaveLength(1);
  });

  it("changes nothing when less comes than there is", async () => {
    await certificates().import(form(whole));
    const less = form(leaf, { mode: "certificate-only" });
    expect((await certificates().preview(form(leaf, { mode: "certificate-only" }))).completes).toEqual([]);
    await expect(certificates().import(less)).rejects.toMatchObject({
      cause: { refusal: { code: "already-imported" } },
    });
    expect((await certificates().list({})).certificates[0]).toMatchObject({
      isKeyStored: true,
      isChainComplete: true,
    });
  });
});

describe("another certificate for the same order", () => {
  const [april, may] = [file("leaf/for-servers-and-clients.pem"), file("leaf/in-its-first-second.pem")];
  const only = (order: string) => ({ mode: "certificate-only", order });

  it("becomes the next version and the current one, and one click goes back", async () => {
    const order = await routers.placeOrder(["site.example.test"], now);
    const first = await certificates().import(form(april, only(order)));
    const plan = await certificates().preview(form(may, only(order)));
    expect(plan).toMatchObject({ nextVersion: 2, previousVersion: 1 });
    expect(idsOf(plan)).not.toContain("older-certificate");
    const second = await certificates().import(form(may, only(order)));
    expect(second).toMatchObject({ version: 2, isCurrent: true });
    expect((await certificates().get(first)).isCurrent).toBe(false);
    await expect(certificates("viewer").makeCurrent(first)).rejects.toMatchObject({
      cause: { refusal: { code: "forbidden" } },
    });
    expect(await certificates().makeCurrent(first)).toMatchObject({ isCurrent: true });
    expect((await certificates().get(second)).isCurrent).toBe(false);
    expect(await certificates().makeCurrent(second)).toMatchObject({ isCurrent: true });
  });

  it("is warned about where it ends before the version that is there, and does not take its place", async () => {
    const order = await routers.placeOrder(["site.example.test"], now);
    const newer = await certificates().import(form(may, only(order)));
    const plan = await certificates().preview(form(april, only(order)));
    expect(plan.findings).toContainEqual(
      expect.objectContaining({
        id: "older-certificate",
        severity: "warning",
        params: expect.objectContaining({ version: 1, laterAt: "2027-05-01T00:00:00.000Z" }),
      }),
    );
    const older = await certificates().import(form(april, only(order)));
    expect(older).toMatchObject({ version: 2, isCurrent: false });
    expect((await certificates().get(newer)).isCurrent).toBe(true);
  });

  it("leaves the order waiting for the one in force where it ends before that: the CA names it no more", async () => {
    const inForce = { caCertificateId: "renewed", validFrom: now, validTo: new Date("2027-11-01T00:00:00Z") };
    const order = await routers.placeOrder(["site.example.test"], now, [inForce]);
    const { certificateId } = await certificates().import(form(april, only(order)));
    const { attention, expiresAt, issuances, certificateIds } = await orders().get({ orderId: order });
    expect({ attention, expiresAt }).toEqual({
      attention: "needs-action",
      expiresAt: "2027-11-01T00:00:00.000Z",
    });
    expect(issuances).toMatchObject([{ caCertificateId: "renewed", certificateId: null }]);
    expect(certificateIds).toEqual([certificateId]);
  });

  it("is the reissue of two that end the same day, by when they begin", async () => {
    const { validFrom, validTo } = await certificates().get(
      await certificates().import(form(may, only("none"))),
    );
    const [from, to] = [new Date(validFrom), new Date(validTo)];
    const ago = (days: number) => new Date(from.getTime() - days * 24 * 60 * 60 * 1000);
    const others = [
      { caCertificateId: "later", validFrom: ago(-40), validTo: to },
      { caCertificateId: "own", validFrom: from, validTo: to },
      { caCertificateId: "first", validFrom: ago(30), validTo: to },
    ];
    for (const { certificateId } of (await certificates().list({})).certificates)
      await certificates().delete({ certificateId });
    const order = await routers.placeOrder(["site.example.test"], now, others);
    const { certificateId } = await certificates().import(form(may, only(order)));
    const { issuances } = await orders().get({ orderId: order });
    expect(issuances.map((one) => one.certificateId)).toEqual([null, certificateId, null]);
  });

  it("keeps the version before it on the order: only what was deleted is gone", async () => {
    const inForce = { caCertificateId: "1", validFrom: now, validTo: new Date("2027-04-01T00:00:00Z") };
    const order = await routers.placeOrder(["site.example.test"], now, [inForce]);
    const first = await certificates().import(form(april, only(order)));
    const second = await certificates().import(form(may, only(order)));
    const ids = async () => (await orders().get({ orderId: order })).certificateIds;
    expect(await ids()).toEqual([second.certificateId, first.certificateId]);
    await certificates().delete({ certificateId: first.certificateId });
    expect(await ids()).toEqual([second.certificateId]);
  });

  it("is said to have another key", async () => {
    const order = await routers.placeOrder(["site.example.test"], now);
    await certificates().import(form(april, only(order)));
    expect(idsOf(await certificates().preview(form(may, only(order))))).toContain("key-changed");
  });

  it("gives its place to the one that ends last when it is deleted, and not to what was imported last", async () => {
    const order = await routers.placeOrder(["site.example.test"], now);
    const oldest = file("leaf/of-six-days-with-three-left.pem");
    const first = await certificates().import(form(april, only(order)));
    const current = await certificates().import(form(may, only(order)));
    const late = await certificates().import(form(oldest, only(order)));
    expect(late).toMatchObject({ version: 3, isCurrent: false });
    await certificates().delete(current);
    expect((await certificates().get(first)).isCurrent).toBe(true);
    expect((await certificates().get(late)).isCurrent).toBe(false);
  });

  it("gives its place back to the one before when it is deleted", async () => {
    const order = await routers.placeOrder(["site.example.test"], now);
    const first = await certificates().import(form(april, only(order)));
    const second = await certificates().import(form(may, only(order)));
    await certificates().delete(second);
    expect(await certificates().get(first)).toMatchObject({ version: 1, isCurrent: true });
  });
});

describe("wrong passphrases", () => {
  const locked = file("pem/shop.crt") + file("keys/dek-shop-aes128.key");
  const tryWith = async (role: Role, passphrase: string, at = now) =>
    await certificates(role, at).preview(form(locked, { passphrase }));

  it("pause one person for a minute after the fifth, say until when, and let the others go on", async () => {
    for (const wrong of ["a", "b", "c", "d"])
      expect((await tryWith("importer", wrong)).passphrasePausedUntil).toBeNull();
    const until = new Date(now.getTime() + 60_000).toISOString();
    expect(await tryWith("importer", "e")).toMatchObject({ passphrasePausedUntil: until });
    const paused = await tryWith("importer", "f");
    expect(paused.passphrasePausedUntil).toBe(until);
    expect(idsOf(paused)).toContain("passphrase-required");
    expect(idsOf(await tryWith("key-custodian", "x"))).toContain("wrong-passphrase");
    const later = await tryWith("importer", "g", new Date(now.getTime() + 61_000));
    expect(idsOf(later)).toContain("wrong-passphrase");
  });
});

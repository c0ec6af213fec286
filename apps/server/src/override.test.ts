import { readFileSync } from "node:fs";
import { auditActs, type Role } from "@sealpost/domain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestRouters, type TestRouters } from "./test-router.ts";

const file = (name: string) =>
  readFileSync(new URL(`../../../packages/certificates/vectors/files/${name}`, import.meta.url), "utf8");
const now = new Date("2026-11-23T00:00:00Z");

let routers: TestRouters;
let callerAs: Awaited<ReturnType<TestRouters["open"]>>["callerAs"];
beforeEach(async () => {
  routers = await startTestRouters();
  ({ callerAs } = await routers.open({ anchorsPem: [file("pki/root.crt")], intermediates: null }));
});
afterEach(() => routers[Symbol.asyncDispose]());

/** A certificate for shop.example.test, for an order that also names others. */
async function attempt(role: Role, overrideReason: string | null, at = now) {
  const form = new FormData();
  form.append("text", file("text/crlf-line-ends.txt") + file("pem/shop.key"));
  form.append("order", await routers.placeOrder(["shop.example.test", "old.example.test"], now));
  if (overrideReason !== null) form.append("overrideReason", overrideReason);
  return await callerAs(role, at).certificates.import(form);
}

describe("importing in spite of a name that is missing", () => {
  it("is refused to everybody without a reason, and to an importer with one", async () => {
    const blocked = { cause: { refusal: { code: "import-blocked" } } };
    await expect(attempt("administrator", null)).rejects.toMatchObject(blocked);
    await expect(attempt("importer", "dropped on purpose")).rejects.toMatchObject(blocked);
    expect((await callerAs("viewer", now).certificates.list({})).certificates).toEqual([]);
  });

  it("is done for a key custodian who says why, and the trace keeps the reason and the name", async () => {
    const certificate = await attempt("key-custodian", "old.example.test was dropped on purpose");
    const { orderId } = certificate;
    const { trace } = await callerAs("viewer", now).orders.get({ orderId: orderId ?? "" });
    expect(trace[0]).toMatchObject({
      act: "certificate.import",
      outcome: "done",
      actorName: "key-custodian",
      details: { overrideReason: "old.example.test was dropped on purpose" },
    });
  });

  it("is traced with its reason too when it only adds the key to what is there", async () => {
    const order = await routers.placeOrder(["shop.example.test", "old.example.test"], now);
    const imported = async (reason: string, fields: Readonly<Record<string, string>>) => {
      const form = new FormData();
      const all = { ...fields, order, overrideReason: reason };
      for (const [name, value] of Object.entries(all)) form.append(name, value);
      return await callerAs("key-custodian", now).certificates.import(form);
    };
    const certificate = file("text/crlf-line-ends.txt");
    await imported("first reason", { text: certificate, mode: "certificate-only" });
    const { certificateId } = await imported("second reason", { text: certificate + file("pem/shop.key") });
    const about = { kind: "certificate", id: certificateId } as const;
    const [newest] = await routers.store.auditOf(about, auditActs, 1);
    expect(newest).toMatchObject({
      act: "certificate.import",
      details: { added: "private-key", findings: "hostname-mismatch", overrideReason: "second reason" },
    });
  });

  it("wants a reason that says something and holds no key", async () => {
    for (const [reason, problem] of [
      ["   ", "empty"],
      ["x".repeat(501), "too-long"],
      [file("pem/shop.key"), "too-long|holds-key-material"],
    ] as const)
      await expect(attempt("key-custodian", reason)).rejects.toMatchObject({
        cause: {
          refusal: {
            code: "invalid-input",
            field: "overrideReason",
            problem: expect.stringMatching(problem),
          },
        },
      });
  });

  it("overrides nothing else: an expired certificate stays out", async () => {
    const later = new Date("2099-01-01T00:00:00Z");
    await expect(attempt("administrator", "never mind", later)).rejects.toMatchObject({
      cause: { refusal: { code: "import-blocked" } },
    });
  });
});

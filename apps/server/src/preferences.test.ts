import { afterEach, beforeEach, expect, it } from "vitest";
import { startTestRouters, type TestRouters } from "./test-router.ts";

const now = new Date("2026-11-23T00:00:00Z");
let routers: TestRouters;
let callerAs: Awaited<ReturnType<TestRouters["open"]>>["callerAs"];
beforeEach(async () => {
  routers = await startTestRouters();
  ({ callerAs } = await routers.open({ anchorsPem: [], intermediates: null }));
});
afterEach(() => routers[Symbol.asyncDispose]());

it("each person keeps views, columns, keys, language and dismissed notices of their own, which nobody else sees", async () => {
  const mine = callerAs("operator", now);
  await mine.preferences.change({ change: "view-saved", name: " Shops ", query: "q=shop&type=ev" });
  await mine.preferences.change({ change: "view-saved", name: "Soon", query: "expires=7" });
  await mine.preferences.change({ change: "view-saved", name: "Shops", query: "q=shop" });
  await mine.preferences.change({ change: "columns-chosen", columns: ["status", "asOf"] });
  await mine.preferences.change({ change: "single-keys-switched", hasSingleKeys: false });
  await mine.preferences.change({ change: "view-removed", name: "Soon" });
  await mine.preferences.change({ change: "language-chosen", language: "de" });
  await mine.preferences.change({ change: "first-steps-switched", showsFirstSteps: false });
  for (const mailId of ["one", "two", "one"])
    await mine.preferences.change({ change: "arrival-dismissed", mailId });
  expect((await mine.session.me())?.preferences).toEqual({
    views: [{ name: "Shops", query: "q=shop" }],
    columns: ["status", "asOf"],
    hasSingleKeys: false,
    language: "de",
    showsFirstSteps: false,
    dismissedMails: ["two", "one"],
  });
  const nothing = {
    views: [],
    columns: null,
    hasSingleKeys: true,
    language: null,
    showsFirstSteps: true,
    dismissedMails: [],
  };
  expect((await callerAs("viewer", now).session.me())?.preferences).toEqual(nothing);
});

it("takes thirty views and no address that is none", async () => {
  const mine = callerAs("viewer", now);
  const save = (name: string, query: string) =>
    mine.preferences.change({ change: "view-saved", name, query });
  for (let i = 0; i < 30; i++) await save(`view ${i}`, `q=${i}`);
  await expect(save("one more", "q=1")).rejects.toMatchObject({
    cause: { refusal: { code: "invalid-input", field: "views" } },
  });
  await expect(save("view 1", "-----BEGIN CERTIFICATE-----\nMII")).rejects.toThrow();
  await save("view 1", "q=another");
  expect((await mine.session.me())?.preferences.views).toHaveLength(30);
});

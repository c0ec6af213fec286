import { expect, openOrders, sharedTest } from "../world.ts";

sharedTest.use({ timezoneId: "America/Los_Angeles" });

sharedTest(
  "a day that a CA names is that day in every time zone; a moment is told by the person's own clock",
  async ({ page, world }) => {
    const { createdAt } = await world.control.placeOrder({ ca: "namecheap", commonName: "days.test" });
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByRole("link", { name: "days.test", exact: true }).click();
    const named = new Date(createdAt).toLocaleDateString("en-US", {
      day: "numeric",
      month: "short",
      timeZone: "UTC",
    });
    const ordered = page.getByRole("listitem").filter({ hasText: "Ordered at" }).locator("time");
    await expect(ordered).toHaveText(named);
    await expect(ordered).toHaveAttribute("data-tip", /UTC$/);
    const asOf = page.getByText(/ says .*as of/).locator("time");
    await expect(asOf).toHaveAttribute("data-tip", /P[SD]T$/);
  },
);

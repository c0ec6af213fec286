import { enter, expect, listens, openOrders, sharedTest, test } from "../world.ts";

sharedTest(
  "a refusal is shown in the CA's words, no mail leaves, and Send is free at once",
  async ({ page, world }) => {
    const order = await world.control.placeOrder({ commonName: "no.example.test" });
    await world.control.setFault("resend", order.id, "refuse");
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    const send = page.getByRole("button", { name: "Send, no.example.test" });
    await send.click();
    await page.getByRole("button", { name: "Resend email" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("heading", { name: "No email was sent" })).toBeVisible();
    await expect(dialog.getByText("The CA does not send this email at the moment.")).toBeVisible();
    expect((await world.control.journal()).mails.filter((mail) => mail.orderId === order.id)).toEqual([]);
    await dialog.getByRole("button", { name: "Close" }).click();
    await expect(send).not.toHaveAttribute("aria-disabled");

    await world.control.clearFaults();
    await send.click();
    await page.getByRole("button", { name: "Resend email" }).click();
    await expect(dialog.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
    expect((await world.control.journal()).mails.filter((mail) => mail.orderId === order.id)).toHaveLength(1);
  },
);

test("a lost answer is said as it is, and is not repeated by itself", async ({ page, world }) => {
  const order = await world.control.placeOrder({ commonName: "maybe.example.test" });
  await world.control.setFault("resend", order.id, "no-answer-after-mail");
  await enter(page, world);
  await page.getByRole("button", { name: "Sync now" }).click();
  await page.getByRole("button", { name: "Send, maybe.example.test" }).click();
  await page.getByRole("button", { name: "Resend email" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading", { name: "The email may have been sent" })).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  await world.restart();
  expect(
    (await world.control.mails()).filter((mail) => mail.subject.includes(String(order.id))),
  ).toHaveLength(1);
});

sharedTest(
  "an address that changes while the dialog is open gets no mail, and the person is told the new one",
  async ({ page, world }) => {
    const order = await world.control.placeOrder({
      commonName: "moved.example.test",
      approverEmail: "old@moved.example.test",
    });
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByRole("button", { name: "Send, moved.example.test" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText("old@moved.example.test")).toBeVisible();
    await world.control.changeApproverEmail(order.id, "new@moved.example.test");
    await dialog.getByRole("button", { name: "Resend email" }).click();
    await expect(dialog.getByRole("heading", { name: "No email was sent" })).toBeVisible();
    await expect(dialog.getByText("new@moved.example.test")).toBeVisible();
    expect((await world.control.journal()).mails.filter((mail) => mail.orderId === order.id)).toEqual([]);
  },
);

sharedTest(
  "two tabs that press at once make one mail, and the cool-down names its end",
  async ({ page, context, world }) => {
    const order = await world.control.placeOrder({ commonName: "twice.example.test" });
    await openOrders(page, world);
    await page.getByRole("button", { name: "Sync now" }).click();
    await expect(page.getByRole("link", { name: "twice.example.test", exact: true })).toBeVisible();
    const other = await context.newPage();
    await other.route("**/api/events", (route) => route.fulfill({ status: 503 }), { times: 1 });
    await other.goto(page.url());
    await listens(other);
    for (const tab of [page, other]) {
      await tab.getByRole("button", { name: "Send, twice.example.test" }).click();
      await expect(tab.getByRole("button", { name: "Resend email" })).not.toHaveAttribute("aria-disabled");
    }
    await world.control.setFault("resend", order.id, "slow");
    await Promise.all([page, other].map((tab) => tab.getByRole("button", { name: "Resend email" }).click()));
    const accepted = (tab: typeof page) => tab.getByRole("heading", { name: "The CA accepted the request" });
    const told = (tab: typeof page) => tab.getByText(/Ana Kovač asked for this email/);
    for (const tab of [page, other]) await expect(accepted(tab).or(told(tab)).first()).toBeVisible();
    await expect
      .poll(
        async () => (await world.control.journal()).mails.filter((mail) => mail.orderId === order.id).length,
      )
      .toBe(1);
    // Nothing cools down before the CA has answered.
    await expect
      .poll(async () => (await accepted(page).count()) + (await accepted(other).count()))
      .toBeGreaterThan(0);
    await page.goto(page.url());
    await expect(
      page.getByRole("row", { name: /twice\.example\.test/ }).getByText(/again in 0:\d\d/),
    ).toBeVisible();
  },
);

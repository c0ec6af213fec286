import { administrator, enter, expect, startWorld, test } from "../world.ts";

test("the printed link makes the first administrator once; afterwards it is spent, and said so", async ({
  page,
  world,
}) => {
  await enter(page, world);
  await page.goto("about:blank");
  await page.goto(world.setupLink);
  await page.getByLabel("Name").fill("Mallory");
  await page.getByLabel("Email").fill("mallory@example.test");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Create and sign in" }).click();
  await expect(page.getByText("This link has been used")).toBeVisible();
});

test("one signs out, is slowed down after wrong passwords, and comes back to the page one wanted", async ({
  page,
  world,
}) => {
  await enter(page, world);
  await page.getByRole("button", { name: /Ana Kovač/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto(`${world.url}/ca-accounts`);
  await expect(page).toHaveURL(/sign-in\?next=/);
  const submit = async (password: string) => {
    await page.getByLabel("Email").fill(administrator.email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  };
  await submit("wrong password 1");
  await expect(page.getByText("Email or password is wrong.")).toBeVisible();
  await submit(administrator.password);
  await expect(page.getByRole("heading", { name: "CA accounts" })).toBeVisible();
  for (let i = 0; i < 6; i++)
    await page.request.post(`${world.url}/api/auth/sign-in/email`, {
      headers: { origin: world.url },
      data: { email: administrator.email, password: `wrong ${i}` },
    });
  const slowed = await page.request.post(`${world.url}/api/auth/sign-in/email`, {
    headers: { origin: world.url },
    data: { email: administrator.email, password: "wrong" },
  });
  expect(slowed.status()).toBe(429);
});

test("a session elsewhere is seen and ended; the password is changed, and the old one no longer opens", async ({
  page,
  request,
  world,
}) => {
  await enter(page, world);
  const phone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1";
  const { email, password: known } = administrator;
  const entered = await request.post(`${world.url}/api/auth/sign-in/email`, {
    headers: { origin: world.url, "user-agent": phone },
    data: { email, password: known },
  });
  expect(entered.status()).toBe(200);
  await page.goto(`${world.url}/account`);
  await expect(page.getByText("this browser")).toHaveCount(1);
  await page.getByRole("button", { name: "End the session of Safari on iPhone" }).click();
  await expect(page.getByText("Safari on iPhone")).toHaveCount(0);
  expect(await (await request.get(`${world.url}/api/auth/get-session`)).json()).toBeNull();
  await page.getByLabel("Current password").fill(administrator.password);
  await page.getByLabel("New password").fill("Sommerzeit2026");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/too easy to guess/);
  await page.getByLabel("New password").fill("another horse battery");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("The password is changed.")).toBeVisible();
  const signIn = (password: string) =>
    page.request.post(`${world.url}/api/auth/sign-in/email`, {
      headers: { origin: world.url },
      data: { email: administrator.email, password },
    });
  expect((await signIn(administrator.password)).status()).toBe(401);
  expect((await signIn("another horse battery")).status()).toBe(200);
});

test("without the sandbox the console starts empty, trusts nothing of it, and begins with connecting an account", async ({
  page,
}) => {
  const world = await startWorld({ SEALPOST_SANDBOX: "off" });
  try {
    await enter(page, world);
    await expect(page.getByRole("heading", { name: "Connect a CA account" })).toBeVisible();
    await expect(page.getByText("Nothing here is real")).toHaveCount(0);
    await page.getByRole("link", { name: "Connect a CA account" }).click();
    await page.getByRole("button", { name: "Connect account" }).click();
    await expect(page.getByRole("dialog").getByLabel("API key")).toBeVisible();
  } finally {
    await world.stop();
  }
});

test("a path whose escapes stand for nothing is turned away, and the console goes on", async ({ world }) => {
  for (const path of ["/%", "/%ff", "/api/trpc/%"])
    expect((await fetch(`${world.url}${path}`)).status).toBe(400);
  expect((await fetch(`${world.url}/sign-in`)).status).toBe(200);
});

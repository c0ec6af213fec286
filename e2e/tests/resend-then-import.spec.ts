import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { enter, expect, filesBelow, keyFile, mailFor, test } from "../world.ts";

test("a lost mail is sent again, dropped into Import as it came, and downloaded byte for byte; nothing of it shows anywhere else", async ({
  page,
  world,
}) => {
  const order = await world.control.placeOrder({
    commonName: "lost.example.test",
    dnsNames: ["lost.example.test", "www.lost.example.test"],
    approverEmail: "admin@lost.example.test",
  });
  const answers: { url: string; body: Buffer }[] = [];
  page.on("response", async (response) => {
    if (response.url().startsWith(world.url))
      answers.push({ url: response.url(), body: await response.body().catch(() => Buffer.alloc(0)) });
  });
  await enter(page, world);
  await page.getByRole("button", { name: "Sync now" }).click();
  await page.getByRole("button", { name: "Send, lost.example.test" }).click();

  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("admin@lost.example.test")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Resend email" }).click();
  await expect(dialog.getByRole("heading", { name: "The CA accepted the request" })).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  const { mails } = await world.control.journal();
  expect(mails.filter((mail) => mail.orderId === order.id)).toMatchObject([
    { kind: "fulfillment", to: "admin@lost.example.test" },
  ]);

  await page.getByRole("link", { name: "Import, lost.example.test" }).click();
  const mail = await mailFor(world, order.id);
  await page.locator("input[type=file]").first().setInputFiles([mail]);
  await expect(page.locator("[data-finding=missing-key]")).toBeVisible();
  await page.getByLabel("Add the private key").setInputFiles([keyFile(order.privateKeyPem ?? "")]);
  await expect(page.getByText("Fits the certificate")).toBeVisible();
  await expect(page.getByText("Same key as the order's CSR")).toBeVisible();
  await expect(page.getByText("TLS 1.3")).toBeVisible();
  await page.getByRole("button", { name: `Import for order ${order.id}` }).click();
  await expect(page.getByRole("heading", { name: "lost.example.test" })).toBeVisible();
  await expect(page).toHaveURL(/\/certificates\/[0-9a-f-]{36}$/);

  await page.getByRole("button", { name: "Actions" }).click();
  const downloading = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Download PEM" }).click();
  const pem = await readFile(await (await downloading).path(), "utf8");
  const leaf = order.certificatePem ?? "";
  expect(pem.startsWith(leaf)).toBe(true);
  expect(
    createPrivateKey(pem.slice(pem.indexOf("-----BEGIN PRIVATE KEY"))).equals(
      createPrivateKey(order.privateKeyPem ?? ""),
    ),
  ).toBe(true);

  await page.getByRole("link", { name: "Orders", exact: true }).first().click();
  await expect(page.getByRole("link", { name: "Import, lost.example.test" })).toHaveCount(0);

  await expectNothingShown(world, answers, leaf, order.privateKeyPem ?? "");
});

/** Base64, DER and hex windows of a PEM's content: in whatever form it were written, one of them would be found. */
function windowsOf(pem: string): Buffer[] {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const starts = Array.from({ length: 6 }, (_, index) => 30 + index * Math.floor((der.length - 70) / 6));
  return starts.flatMap((start) => {
    const part = der.subarray(start, start + 36);
    const aligned = der.subarray(start - (start % 3), start - (start % 3) + 36);
    return [
      part,
      Buffer.from(part.toString("hex")),
      Buffer.from(part.toString("hex").toUpperCase()),
      Buffer.from(aligned.toString("base64")),
    ];
  });
}

function isFound(haystack: Buffer, needles: readonly Buffer[]): boolean {
  const plain = Buffer.from(haystack.toString("latin1").replace(/\\n|\s/g, ""), "latin1");
  return needles.some((needle) => haystack.includes(needle) || plain.includes(needle));
}

async function expectNothingShown(
  world: { dataDirectory: string; log(): string },
  answers: readonly { url: string; body: Buffer }[],
  certificatePem: string,
  keyPem: string,
): Promise<void> {
  for (const pem of [certificatePem, keyPem]) {
    const needles = windowsOf(pem);
    // The search must be able to find: as PEM, as DER, as hex, as JSON.
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
    for (const planted of [
      Buffer.from(pem),
      der,
      Buffer.from(der.toString("hex")),
      Buffer.from(JSON.stringify({ pem })),
    ]) {
      expect(isFound(Buffer.concat([Buffer.from("before"), planted, Buffer.from("after")]), needles)).toBe(
        true,
      );
    }
    const files = (await filesBelow(world.dataDirectory)).filter(
      (file) => !file.path.includes("/simulator/"),
    );
    expect(files.some((file) => file.path.endsWith("sealpost.db"))).toBe(true);
    for (const file of files) expect(isFound(file.bytes, needles), file.path).toBe(false);
    expect(isFound(Buffer.from(world.log()), needles), "log").toBe(false);
    const others = answers.filter(
      (answer) => !/\/api\/certificates\/[^/]+\/(certificate|key|pem)$/.test(answer.url),
    );
    expect(others.length).toBeGreaterThan(20);
    for (const answer of others) expect(isFound(answer.body, needles), answer.url).toBe(false);
  }
}

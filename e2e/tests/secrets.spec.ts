import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accountAt, enter, expect, startWorld, test } from "../world.ts";

test("a secret in a file of the console's, a temporary file or an answer fails the test that let it out", async ({
  page,
}) => {
  const world = await startWorld();
  const { credential } = accountAt(world, "ibm-classic");
  const apiKey = credential.apiKey ?? "";
  const [order] = (await world.control.orders()).filter(({ privateKeyPem }) => privateKeyPem !== null);
  await enter(page, world);
  await writeFile(join(world.temporary, "planted.pem"), order?.privateKeyPem ?? "");
  await writeFile(join(world.dataDirectory, "planted.json"), JSON.stringify({ apiKey }));
  // As the name of somebody, which the list of people hands out again.
  await page.evaluate(async (name) => {
    const about = { name, email: "eve@example.test", role: "viewer" };
    const headers = { "content-type": "application/json" };
    await fetch("/api/trpc/people.invite", { method: "POST", headers, body: JSON.stringify(about) });
    await (await fetch("/api/trpc/people.list")).text();
  }, apiKey);
  const said = await world.stop().then(
    () => "",
    (error) => String(error),
  );
  for (const leak of [
    `tmp/planted.pem: private key of order ${order?.id}`,
    "data/planted.json: apiKey at ibm-classic",
    "sealpost.db-wal: apiKey at ibm-classic",
    "answer /api/trpc/people.list: apiKey at ibm-classic",
  ])
    expect(said).toContain(leak);
  expect(said).not.toContain(apiKey);
});

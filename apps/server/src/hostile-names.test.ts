import { appRouter } from "@sealpost/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Api,
  administrator,
  apiOf,
  connectAccount,
  enter,
  post,
  startTestConsole,
  type TestConsole,
} from "./test-console.ts";

let world: TestConsole;
let api: Api;
let cookie: string;
beforeAll(async () => {
  world = await startTestConsole();
  cookie = await enter(world);
  api = apiOf(world, cookie);
});
afterAll(() => world[Symbol.asyncDispose]());

const names = [
  `../../etc/passwd`,
  `..\\..\\boot.ini`,
  `a"; filename="b.exe`,
  `a.test\r\nX-Injected: yes\r\n\r\nbody`,
  `<script>alert(1)</script>.test`,
  `\u202Etxt.exe`,
  `${"a".repeat(400)}.test`,
];

describe("names that a CA or a file brings along", () => {
  it.each(names)(
    "become a file name of plain characters, in one header and no folder: %j",
    async (commonName) => {
      const { control } = world.simulator;
      const placed = await control.placeOrder({ commonName, dnsNames: ["plain.example.test"] });
      const order = await control.order(placed.id);
      const form = new FormData();
      form.append("file", new File([order?.certificatePem ?? ""], commonName));
      form.append("key", placed.privateKeyPem ?? "");
      form.append("order", "none");
      const { certificateId } = await api.certificates.import.mutate(form);
      const answer = await post(
        world,
        `/api/certificates/${certificateId}/pem`,
        { reason: "for the test" },
        { cookie },
      );
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-disposition")).toMatch(
        /^attachment; filename="[\w.-]{1,110}\.pem"$/,
      );
      expect(answer.headers.get("content-disposition")).not.toMatch(/"\.\.?[/\\]/);
      expect(answer.headers.has("x-injected")).toBe(false);
    },
  );

  it("are carried from the CA into the import as one file each, and open no second part of the form", async () => {
    const { control } = world.simulator;
    const order = await control.placeOrder({
      ca: "digicert",
      commonName: `a"; name="key`,
      dnsNames: ["carried.example.test"],
    });
    await connectAccount(world, api, "digicert");
    const { rows } = await api.orders.list.query({ search: String(order.id) });
    const answer = await post(world, `/api/orders/${rows[0]?.orderId}/download`, {}, { cookie });
    expect(answer.status).toBe(200);
    const form = await answer.formData();
    expect([...new Set(form.keys())]).toEqual(["file"]);
    expect(form.getAll("file").every((file) => typeof file !== "string" && file.size > 0)).toBe(true);
  });
});

describe("keys that nobody asked for", () => {
  const planted = `"__proto__":{"polluted":"yes","role":"administrator"},"constructor":{"prototype":{"polluted":"yes"}}`;

  it("change nothing that is shared, whatever procedure or form they are sent to", async () => {
    const bodies = [`{${planted}}`, `[{${planted}}]`, `{"json":{${planted}}}`];
    for (const name of Object.keys(appRouter._def.procedures))
      for (const body of bodies) {
        const headers = { cookie, origin: world.url, "content-type": "application/json" };
        const said = await fetch(`${world.url}/api/trpc/${name}`, { method: "POST", headers, body });
        expect([name, said.status >= 500 && said.status !== 502]).toEqual([name, false]);
      }
    const form = new FormData();
    for (const name of ["__proto__", "constructor", "prototype", "__proto__[polluted]", "toString"])
      form.append(name, "yes");
    await api.certificates.preview.mutate(form).catch(() => null);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Reflect.get({}, "role")).toBeUndefined();
  });

  it("give nobody a role, a scope or a right", async () => {
    const { email, password } = administrator;
    const more = {
      role: "administrator",
      scope: "all",
      rights: ["people:manage"],
      personId: "1",
      banned: false,
    };
    const said = await post(world, "/api/auth/sign-in/email", { email, password, ...more });
    expect(said.status).toBe(200);
    const before = await api.session.me.query();
    const headers = { cookie, origin: world.url };
    await post(world, "/api/auth/update-user", { name: "Mallory", role: "administrator" }, headers);
    expect(await api.session.me.query()).toEqual(before);
  });
});

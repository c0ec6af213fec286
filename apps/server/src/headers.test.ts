import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, enter, startTestConsole, type TestConsole } from "./test-console.ts";

// The console as it stands behind a proxy that ends TLS: every kind of answer, looked at as a browser would get it.

const publicUrl = "https://sealpost.example.com";
let world: TestConsole;
let cookie: string;
beforeAll(async () => {
  world = await startTestConsole({ SEALPOST_PUBLIC_URL: publicUrl });
  cookie = await enter(world);
});
afterAll(() => world[Symbol.asyncDispose]());

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function ask({ method, path, headers = {}, body }: Asked) {
  return new Promise<{ status: number; headers: Headers; body: string }>((resolve, reject) => {
    const { port } = new URL(world.url);
    const host = new URL(publicUrl).host;
    const asking = request({ host: "127.0.0.1", port, method, path, headers: { host, ...headers } });
    asking.on("response", async (answer) => {
      const pairs = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
        (values ?? []).map((value): [string, string] => [name, value]),
      );
      const chunks = await answer.toArray();
      resolve({
        status: answer.statusCode ?? 0,
        headers: new Headers(pairs),
        body: Buffer.concat(chunks).toString(),
      });
    });
    asking.on("error", reject).end(body);
  });
}

const json = { origin: publicUrl, "content-type": "application/json" };
const kinds: readonly (Asked & {
  readonly what: string;
  readonly status: number;
  readonly asPerson?: true;
})[] = [
  { what: "health", method: "GET", path: "/healthz", status: 200 },
  { what: "what everybody may know", method: "GET", path: "/api/system", status: 200 },
  { what: "an answer", method: "GET", path: "/api/trpc/orders.counts", status: 200, asPerson: true },
  {
    what: "several answers",
    method: "GET",
    path: "/api/trpc/orders.counts,accounts.list?batch=1",
    status: 200,
    asPerson: true,
  },
  {
    what: "a wrong input",
    method: "GET",
    path: "/api/trpc/orders.get?input=%7B",
    status: 400,
    asPerson: true,
  },
  {
    what: "an order nobody has",
    method: "POST",
    path: "/api/orders/none/download",
    headers: json,
    status: 404,
    asPerson: true,
  },
  { what: "a procedure nobody has", method: "GET", path: "/api/trpc/orders.steal", status: 404 },
  {
    what: "too many calls at once",
    method: "GET",
    path: `/api/trpc/${"orders.list,".repeat(30)}orders.list?batch=1`,
    status: 400,
    asPerson: true,
  },
  { what: "nobody's question", method: "GET", path: "/api/trpc/orders.list", status: 401 },
  {
    what: "nobody's download",
    method: "POST",
    path: "/api/certificates/none/key",
    headers: json,
    status: 401,
  },
  {
    what: "a wrong password",
    method: "POST",
    path: "/api/auth/sign-in/email",
    headers: json,
    body: JSON.stringify({ email: administrator.email, password: "wrong" }),
    status: 401,
  },
  {
    what: "a sign-in that is no JSON",
    method: "POST",
    path: "/api/auth/sign-in/email",
    headers: json,
    body: "{",
    status: 400,
  },
  {
    what: "a sign-in as long as a book",
    method: "POST",
    path: "/api/auth/sign-in/email",
    headers: json,
    body: "a".repeat(100_000),
    status: 413,
  },
  {
    what: "a spent link",
    method: "POST",
    path: "/api/setup",
    headers: json,
    body: JSON.stringify({ token: "x", ...administrator }),
    status: 403,
  },
  { what: "a path nobody has", method: "GET", path: "/api/nowhere", status: 404 },
  { what: "a foreign host", method: "GET", path: "/", headers: { host: "evil.test" }, status: 421 },
  {
    what: "a foreign origin",
    method: "POST",
    path: "/api/trpc/accounts.syncNow",
    headers: { ...json, origin: "https://evil.test" },
    status: 403,
    asPerson: true,
  },
  { what: "another method", method: "DELETE", path: "/api/system", headers: json, status: 405 },
  {
    what: "JSON as long as a book",
    method: "POST",
    path: "/api/trpc/accounts.syncNow",
    headers: json,
    body: JSON.stringify("a".repeat(300_000)),
    status: 413,
    asPerson: true,
  },
  {
    what: "a body without end",
    method: "POST",
    path: "/api/trpc/accounts.syncNow",
    headers: { ...json, "content-length": "99999999" },
    status: 413,
  },
  { what: "pages that do not stand yet", method: "GET", path: "/", status: 503 },
];

describe("every answer, behind https", () => {
  it.each(kinds)(
    "keeps the browser safe: $what ($status)",
    async ({ what: _, status, asPerson, headers, ...asked }) => {
      const said = await ask({ ...asked, headers: { ...headers, ...(asPerson ? { cookie } : {}) } });
      expect(said.status).toBe(status);
      expect(Object.fromEntries(said.headers)).toMatchObject({
        "content-security-policy": expect.stringMatching(/^default-src 'none'.*frame-ancestors 'none'$/),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": expect.stringContaining("camera=()"),
        "referrer-policy": "same-origin",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "x-content-type-options": "nosniff",
        "x-request-id": expect.stringMatching(/^[\da-f-]{36}$/),
      });
      for (const banner of [
        "server",
        "x-powered-by",
        "x-middleware-rewrite",
        "via",
        "access-control-allow-origin",
      ])
        expect(said.headers.get(banner)).toBeNull();
      if (asked.path.startsWith("/api/")) expect(said.headers.get("cache-control")).toContain("no-store");
      expect(said.body).not.toMatch(/\bat .+:\d+|node_modules|sqlite|stack|Error:/i);
      for (const set of said.headers.getSetCookie()) expect(set).toMatch(/^__Host-/);
    },
  );

  it("gives cookies that only https carries, no script reads, and no other site sends", async () => {
    const { email, password } = administrator;
    const asked = { "sign-in/email": { email, password }, "passkey/challenge": {} };
    for (const [path, body] of Object.entries(asked)) {
      const said = await ask({
        method: "POST",
        path: `/api/auth/${path}`,
        headers: json,
        body: JSON.stringify(body),
      });
      const cookies = said.headers.getSetCookie();
      expect(cookies.length).toBeGreaterThan(0);
      for (const one of cookies) {
        expect(one).toMatch(/^__Host-/);
        expect(one.split("; ").map((part) => part.toLowerCase())).toEqual(
          expect.arrayContaining(["path=/", "httponly", "secure", "samesite=lax"]),
        );
        expect(one.toLowerCase()).not.toContain("domain=");
      }
    }
  });
});

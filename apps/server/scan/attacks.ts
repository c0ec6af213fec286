import { connectTo, sayRaw, untilClosed } from "./raw-http.ts";
import { type Ask, ask, change, type Said, type Target } from "./target.ts";

/** What was found, by the attack's stable id, with what was seen. */
export interface Finding {
  readonly id: AttackId;
  readonly seen: string;
}

type Report = (seen: string) => void;
type Attack = (target: Target, report: Report) => Promise<void>;

const evil = "https://evil.test";
export const pages = [
  "/",
  "/sign-in",
  "/de/sign-in",
  "/security/ssl/orders",
  "/nowhere/at/all",
  "/nowhere.txt",
];
export const entries = ["/healthz", "/api/system", "/api/nowhere", "/api/trpc/orders.list", "/api/events"];
/** Anything that only somebody inside would know. */
const inner =
  /\bat .{1,80}:\d+:\d+|node_modules|\/home\/|file:\/\/|SQLITE|SqliteError|select [(*"`].* from [("`]|TypeError|ZodError/i;

async function missingHeaders(target: Target, report: Report): Promise<void> {
  const isHttps = target.url.startsWith("https:");
  for (const path of [...pages, ...entries]) {
    const { headers } = await ask(target, { path });
    const wants: readonly (readonly [string, RegExp])[] = [
      ["content-security-policy", /frame-ancestors 'none'/],
      ["x-content-type-options", /^nosniff$/],
      ["referrer-policy", /^(same-origin|no-referrer)$/],
      ["permissions-policy", /camera=\(\)/],
      ["cross-origin-opener-policy", /^same-origin$/],
      ["cross-origin-resource-policy", /^same-origin$/],
      ["x-request-id", /./],
      ...(isHttps ? [["strict-transport-security", /max-age=\d{8}/] as const] : []),
    ];
    for (const [name, value] of wants)
      if (!value.test(headers.get(name) ?? "")) report(`${path}: ${name}: ${headers.get(name)}`);
  }
}

async function weakPolicy(target: Target, report: Report): Promise<void> {
  const nonces = new Set<string>();
  for (const path of [...pages, ...pages]) {
    const { headers, body } = await ask(target, { path });
    if (!headers.get("content-type")?.startsWith("text/html") || headers.has("location")) continue;
    const policy = headers.get("content-security-policy") ?? "";
    const of = (name: string) => new RegExp(`(?:^|; ?)${name} ([^;]*)`).exec(policy)?.[1] ?? "";
    const scripts = of("script-src") || of("default-src");
    if (/unsafe|\*|https?:/.test(scripts) || scripts === "") report(`${path}: scripts from ${scripts}`);
    if (/unsafe/.test(of("style-src"))) report(`${path}: styles from ${of("style-src")}`);
    for (const name of ["object-src", "base-uri"])
      if ((of(name) || (name === "object-src" ? of("default-src") : "")) !== "'none'")
        report(`${path}: ${name} is not 'none'`);
    const nonce = /'nonce-([^']+)'/.exec(scripts)?.[1];
    if (nonce && nonces.has(nonce)) report(`${path}: the nonce ${nonce} came twice`);
    if (nonce) nonces.add(nonce);
    for (const [tag] of body.matchAll(/<script\b[^>]*>/g))
      if (nonce && !tag.includes(`nonce="${nonce}"`) && !tag.includes("application/json"))
        report(`${path}: a script without the nonce`);
  }
}

async function openCors(target: Target, report: Report): Promise<void> {
  for (const path of [...pages, ...entries]) {
    for (const method of ["GET", "OPTIONS"]) {
      const headers = { origin: evil, "access-control-request-method": "POST" };
      const said = await ask(target, { path, method, headers, asPerson: true });
      const allowed = said.headers.get("access-control-allow-origin");
      if (allowed !== null) report(`${method} ${path}: allowed for ${allowed}`);
    }
  }
}

async function forgedChange(target: Target, report: Report): Promise<void> {
  const own = new URL(target.url);
  const origins = [
    evil,
    "null",
    "",
    `${own.origin}.evil.test`,
    `${own.protocol}//evil.test#${own.host}`,
    own.origin.replace("//", "//evil."),
    own.origin.replace(own.protocol, own.protocol === "http:" ? "https:" : "http:"),
    `${own.origin}/`,
  ];
  const paths = [
    "/api/trpc/accounts.syncNow",
    "/api/auth/sign-out",
    "/api/auth/passkey/challenge",
    "/api/setup",
    "/api/orders/1/download",
  ];
  for (const path of paths) {
    for (const origin of origins) {
      for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
        const headers = { origin, "content-type": type };
        const { status } = await ask(target, { path, method: "POST", headers, body: "{}", asPerson: true });
        if (status !== 403) report(`POST ${path} from "${origin}" as ${type}: ${status}`);
      }
    }
    const { status } = await ask(target, { path, method: "POST", body: "{}", asPerson: true });
    if (status !== 403) report(`POST ${path} without an origin: ${status}`);
    const read = await ask(target, { path: `${path}?input=%7B%7D`, asPerson: true });
    if (read.status < 400) report(`GET ${path} changes something: ${read.status}`);
  }
}

async function foreignReading(target: Target, report: Report): Promise<void> {
  const foreign: readonly Record<string, string>[] = [
    { origin: evil },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" },
    { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" },
  ];
  for (const path of ["/api/events", "/api/system", "/api/trpc/orders.counts"]) {
    for (const headers of foreign) {
      const { status } = await ask(target, { path, headers, asPerson: true });
      if (status !== 403) report(`GET ${path} with ${JSON.stringify(headers)}: ${status}`);
    }
  }
}

async function hostBelieved(target: Target, report: Report): Promise<void> {
  for (const path of [...pages, ...entries]) {
    const foreign = await ask(target, { path, headers: { host: "evil.test" } });
    if (path !== "/healthz" && foreign.status !== 421) report(`${path} for evil.test: ${foreign.status}`);
    const headers = {
      "x-forwarded-host": "evil.test",
      "x-forwarded-proto": "ftp",
      forwarded: "host=evil.test",
    };
    const said = await ask(target, { path, headers });
    if (`${said.headers.get("location")}${said.body}`.includes("evil.test"))
      report(`${path} repeats a forwarded host`);
  }
}

/** What is broken in one way or another, for every door. */
function brokenAsks(target: Target): Ask[] {
  const origin = new URL(target.url).origin;
  const headers = { origin, "content-type": "application/json" };
  const bodies = [
    "{",
    "[]",
    "null",
    "1e999",
    `{"json":`,
    `{"id":{"$gt":""}}`,
    "\u0000",
    `"${"a".repeat(5000)}"`,
  ];
  const doors = [
    "/api/trpc/orders.requestResend",
    "/api/trpc/certificates.preview",
    "/api/trpc/accounts.connect",
    "/api/auth/sign-in/email",
    "/api/auth/sign-in/passkey",
    "/api/setup",
    "/api/reset",
  ];
  const inputs = [
    "%7B",
    "%00",
    "%7B%22cursor%22%3A%22%27%3B--%22%7D",
    "%FF%FE",
    "%7B%22search%22%3A1%7D",
    "%E0%A4%A",
  ];
  return [
    ...doors.flatMap((path) => bodies.map((body) => ({ path, method: "POST", headers, body }))),
    ...doors.map((path) => ({
      path,
      method: "POST",
      headers: { origin, "content-type": "multipart/form-data; boundary=x" },
      body: "--y\r\nbroken",
    })),
    ...["orders.list", "orders.get", "certificates.list", "orders.list,orders.get"].flatMap((name) =>
      inputs.map((input) => ({ path: `/api/trpc/${name}?input=${input}` })),
    ),
    ...["/%", "/%ff", "/%00", "/api/trpc/%00", "/api/trpc/__proto__", "/api/trpc/constructor.name"].map(
      (path) => ({
        path,
      }),
    ),
    { path: "/sign-in", headers: { cookie: "NEXT_LOCALE=%00; sealpost-theme=<script>" } },
    { path: "/sign-in", headers: { "next-router-state-tree": "%7Bbroken", rsc: "1" } },
    { path: "/sign-in", headers: { "x-middleware-subrequest": "middleware:middleware:middleware" } },
  ];
}

async function talkingFaults(target: Target, report: Report): Promise<void> {
  for (const broken of brokenAsks(target)) {
    const { status, body } = await ask(target, { ...broken, asPerson: true });
    const what = `${broken.method ?? "GET"} ${broken.path.slice(0, 60)} ${(broken.body ?? "").slice(0, 20)}`;
    const said = inner.exec(body)?.[0];
    if (said) report(`${what}: says ${said.slice(0, 60)}`);
    // Pages that do not stand yet say so by 503.
    if (status >= 500 && status !== 503) report(`${what}: ${status}`);
  }
}

async function banners(target: Target, report: Report): Promise<void> {
  for (const path of [...pages, ...entries]) {
    const { headers, body } = await ask(target, { path });
    for (const name of ["server", "x-powered-by", "x-aspnet-version", "via"])
      if (headers.has(name)) report(`${path}: ${name}: ${headers.get(name)}`);
    const generator = /<meta name="generator"[^>]*>/i.exec(body)?.[0];
    if (generator) report(`${path}: ${generator}`);
  }
}

async function smuggling(target: Target, report: Report): Promise<void> {
  const { host, origin } = new URL(target.url);
  const lines = [
    ["Content-Length: 4", "Transfer-Encoding: chunked"],
    ["Transfer-Encoding: chunked", "Content-Length: 4"],
    ["Content-Length: 4", "Content-Length: 5"],
    ["Transfer-Encoding: xchunked", "Content-Length: 4"],
    ["Transfer-Encoding : chunked", "Content-Length: 4"],
    ["Transfer-Encoding:\tchunked", "Content-Length: 4"],
    ["X: a\r\n Transfer-Encoding: chunked", "Content-Length: 4"],
    ["X: a\nTransfer-Encoding: chunked", "Content-Length: 4"],
    ["Transfer-Encoding: identity, chunked", "Content-Length: 4"],
    ["Content-Length: 0x4"],
  ];
  const hidden = `GET /api/smuggled HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  for (const path of ["/api/system", "/sign-in"]) {
    for (const variant of lines) {
      const head = [`POST ${path} HTTP/1.1`, `Host: ${host}`, `Origin: ${origin}`, ...variant];
      const { answers } = await sayRaw(target.url, `${head.join("\r\n")}\r\n\r\n0\r\n\r\n${hidden}`);
      if (answers.length !== 1 || answers[0]?.status !== 400)
        report(`${path} with ${variant.join(" and ")}: ${answers.map(({ status }) => status).join(", ")}`);
    }
  }
  const split = [
    "/api/system?a=%0d%0ax-injected:1",
    "/sign-in?next=/%0d%0ax-injected:1",
    "/%0d%0ax-injected:1",
  ];
  for (const path of split)
    if ((await ask(target, { path })).headers.has("x-injected")) report(`${path}: a header was added`);
}

async function openRedirect(target: Target, report: Report): Promise<void> {
  const ways = [
    "//evil.test",
    "//evil.test/..",
    "/\\evil.test",
    "/%2F%2Fevil.test",
    "/%5Cevil.test",
    "/.evil.test",
  ];
  const paths = [...ways, ...ways.map((way) => `/de${way}`), ...ways.map((way) => `/sign-in?next=${way}`)];
  for (const path of paths) {
    const { headers } = await ask(target, { path, asPerson: true });
    const to = headers.get("location");
    if (to !== null && new URL(to, target.url).origin !== new URL(target.url).origin)
      report(`${path}: leads to ${to}`);
  }
}

async function strayFiles(target: Target, report: Report): Promise<void> {
  const up = ["../", "..%2f", "%2e%2e/", "..%5c", "....//", "..%c0%af"];
  const files = ["etc/passwd", "package.json", "data/sealpost.db"];
  const paths = [
    ...up.flatMap((step) => files.map((file) => `/${step.repeat(6)}${file}`)),
    ...up.flatMap((step) => files.map((file) => `/_next/static/${step.repeat(6)}${file}`)),
    ...["/.env", "/.git/config", "/.git/HEAD", "/package.json", "/node_modules/next/package.json"],
    ...["/_next/image?url=%2Fetc%2Fpasswd&w=64&q=75", `/_next/image?url=${evil}/x.png&w=64&q=75`],
    ...["/api/certificates/..%2f..%2fmaster/key", "/_next/../package.json", "/_next/server/middleware.js"],
  ];
  for (const path of paths) {
    const { status, body } = await ask(target, { path, asPerson: true });
    if (status === 200 && /root:x:|"name": ?"|\[core\]|ref: refs|SQLite format|PRIVATE KEY/.test(body))
      report(`${path}: hands out a file`);
  }
}

async function noLimits(target: Target, report: Report): Promise<void> {
  const { origin, host } = new URL(target.url);
  const long = "a".repeat(20_000);
  const tries: readonly (readonly [string, Promise<Said>, readonly number[]])[] = [
    ["a long head", ask(target, { path: "/", headers: { "x-long": long } }), [431]],
    ["a long cookie", ask(target, { path: "/api/system", headers: { cookie: `a=${long}` } }), [431]],
    ["a long address", ask(target, { path: `/${"a".repeat(9000)}` }), [414]],
    ["a long sign-in", change(target, "/api/auth/sign-in/email", `"${"a".repeat(100_000)}"`), [413]],
    ["long JSON", change(target, "/api/trpc/accounts.syncNow", `"${"a".repeat(400_000)}"`), [401, 413]],
    [
      "a hundred calls",
      ask(target, { path: `/api/trpc/${"orders.counts,".repeat(99)}orders.counts?batch=1` }),
      [400],
    ],
  ];
  for (const [what, said, wanted] of tries) {
    const { status } = await said;
    if (!wanted.includes(status)) report(`${what}: ${status}`);
  }
  // Said to be short, or not said at all: what counts is what comes.
  const chunk = `10000\r\n${"a".repeat(65_536)}\r\n`;
  const head = `POST /api/auth/sign-in/email HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const { answers } = await sayRaw(target.url, `${head}${chunk.repeat(8)}0\r\n\r\n`);
  if (answers[0]?.status !== 413) report(`half a megabyte in chunks: ${answers[0]?.status}`);
}

async function strangeMethods(target: Target, report: Report): Promise<void> {
  for (const path of ["/", "/api/system", "/api/trpc/orders.list"]) {
    for (const method of ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"]) {
      const headers = { origin: new URL(target.url).origin };
      const { status } = await ask(target, { path, method, headers, asPerson: true });
      if (status !== 405) report(`${method} ${path}: ${status}`);
    }
  }
}

async function injection(target: Target, report: Report): Promise<void> {
  if (!target.cookie) return;
  const searches = [
    `' or 1=1 --`,
    `"; drop table orders; --`,
    "%' union select 1",
    "NEAR(",
    `*"`,
    "^a",
    "col:a",
    "\u0000",
  ];
  for (const search of searches) {
    const input = encodeURIComponent(JSON.stringify({ search }));
    for (const name of ["orders.list", "certificates.list"]) {
      const { status, body } = await ask(target, {
        path: `/api/trpc/${name}?input=${input}`,
        asPerson: true,
      });
      if (status >= 500) report(`${name} for ${search}: ${status}`);
      else if (/"rows":\[\{/.test(body)) report(`${name} for ${search}: rows came`);
    }
  }
}

async function pollution(target: Target, report: Report): Promise<void> {
  const bodies = [
    `{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}`,
    `{"email":"a@example.test","password":"x","__proto__":{"polluted":"yes"}}`,
    `[{"__proto__":{"polluted":"yes"}}]`,
  ];
  const paths = [
    "/api/trpc/accounts.connect",
    "/api/auth/sign-in/email",
    "/api/setup",
    "/api/trpc/accounts.syncNow",
  ];
  for (const path of paths) for (const body of bodies) await change(target, path, body, { asPerson: true });
  await ask(target, { path: "/api/system?__proto__[polluted]=yes&constructor.prototype.polluted=yes" });
  for (const path of ["/api/system", "/api/trpc/session.me"]) {
    const { body } = await ask(target, { path, asPerson: true });
    if (body.includes("polluted")) report(`${path}: carries what was planted`);
  }
}

async function bombs(target: Target, report: Report): Promise<void> {
  const nested = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const objects = `${'{"a":'.repeat(30_000)}1${"}".repeat(30_000)}`;
  const list = `{"statuses":[${"1,".repeat(60_000)}1]}`;
  for (const body of [nested, objects, list, `{"search":"${"a ".repeat(90_000)}"}`]) {
    for (const path of ["/api/trpc/accounts.connect", "/api/trpc/orders.requestResend", "/api/setup"]) {
      const { status, ms } = await change(target, path, body, { asPerson: true });
      if (status === 0 || status >= 500 || ms > 3000)
        report(`${path} with ${body.slice(0, 12)}…: ${status} after ${Math.round(ms)} ms`);
    }
  }
  const slow = [
    `${"a".repeat(4000)}!`,
    `${"a@".repeat(2000)}`,
    `${"-".repeat(4000)}.`,
    `${" ".repeat(4000)}x`,
  ];
  for (const text of slow) {
    const input = encodeURIComponent(
      JSON.stringify({ search: text.slice(0, 200), cursor: text.slice(0, 1000) }),
    );
    const said = [
      await ask(target, { path: `/api/trpc/orders.list?input=${input}`, asPerson: true }),
      await change(
        target,
        "/api/setup",
        JSON.stringify({ token: "x", name: "x", email: text, password: text }),
      ),
    ];
    for (const { ms } of said) if (ms > 3000) report(`${text.slice(0, 8)}…: ${Math.round(ms)} ms`);
  }
  const { status } = await ask(target, { path: "/healthz" });
  if (status !== 200) report(`afterwards the console answers ${status}`);
}

async function openProcedures(target: Target, report: Report): Promise<void> {
  for (const name of target.procedures) {
    if (name === "session.me") continue;
    const said = [
      await ask(target, { path: `/api/trpc/${name}?input=%7B%7D` }),
      await change(target, `/api/trpc/${name}`, "{}"),
      await change(target, `/api/trpc/${name}`, "{}", {
        headers: { cookie: "sealpost-3000=a.b; __Host-sealpost=a.b" },
      }),
    ];
    // A query is not asked by POST nor a change by GET: those are refused before anything else.
    for (const { status } of said) if (![401, 405].includes(status)) report(`${name} for nobody: ${status}`);
  }
  for (const path of [
    "/api/events",
    "/api/certificates/x/key",
    "/api/orders/x/download",
    "/api/mails/x/open",
  ]) {
    const said = path === "/api/events" ? await ask(target, { path }) : await change(target, path, "{}");
    if (![401, 404].includes(said.status)) report(`${path} for nobody: ${said.status}`);
  }
  if (!target.cookie) return;
  const forged = target.cookie.replace(/=(.)/, (_, first) => `=${first === "A" ? "B" : "A"}`);
  const { status } = await ask(target, { path: "/api/trpc/orders.counts", headers: { cookie: forged } });
  if (status !== 401) report(`a cookie of which one letter was changed: ${status}`);
}

async function cached(target: Target, report: Report): Promise<void> {
  for (const path of [
    "/api/system",
    "/api/trpc/orders.counts",
    "/api/trpc/session.me",
    "/security/ssl/orders",
  ]) {
    const { status, headers } = await ask(target, { path, asPerson: true });
    if (status === 200 && !headers.get("cache-control")?.includes("no-store"))
      report(`${path}: ${headers.get("cache-control")}`);
  }
}

/** Signing in tells nobody who has an account here. */
async function enumeration(target: Target, report: Report): Promise<void> {
  const wrong = (email: string) => JSON.stringify({ email, password: "not the password of anybody" });
  const [known, unknown] = [
    await change(target, "/api/auth/sign-in/email", wrong("ana@example.test")),
    await change(target, "/api/auth/sign-in/email", wrong("nobody@example.test")),
  ];
  if (known.status !== unknown.status || known.body !== unknown.body)
    report(
      `a known address ${known.status} ${known.body.trim()}, an unknown one ${unknown.status} ${unknown.body.trim()}`,
    );
}

async function slowClients(target: Target, report: Report): Promise<void> {
  if (!target.isThorough) return;
  const { host, origin } = new URL(target.url);
  const begun = [
    `GET / HTTP/1.1\r\nHost: ${host}\r\n`,
    `POST /api/auth/sign-in/email HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nContent-Length: 100\r\n\r\n{`,
  ];
  await Promise.all(
    begun.map(async (text) => {
      const socket = await connectTo(target.url);
      socket.resume().write(text);
      const drip = setInterval(() => socket.write(" "), 5000);
      const tooLong = setTimeout(() => {
        report(`${text.split("\r\n")[0]}: waited for 90 s`);
        socket.destroy();
      }, 90_000);
      await untilClosed(socket);
      clearInterval(drip);
      clearTimeout(tooLong);
    }),
  );
}

async function flood(target: Target, report: Report): Promise<void> {
  if (!target.isThorough) return;
  for (let round = 0; round < 400; round++) {
    const said = await Promise.all(Array.from({ length: 16 }, () => ask(target, { path: "/api/system" })));
    const refused = said.find(({ status }) => status === 429);
    if (!refused) continue;
    if (!refused.headers.has("retry-after")) report("429 without a word when to come again");
    return;
  }
  report("6400 requests in a row were all answered");
}

/** In this order: a few wrong passwords lock sign-in for a minute, and what locks the scan out comes last. */
export const attacks = {
  enumeration,
  "missing-header": missingHeaders,
  "weak-policy": weakPolicy,
  "open-cors": openCors,
  "forged-change": forgedChange,
  "foreign-reading": foreignReading,
  "host-believed": hostBelieved,
  "talking-fault": talkingFaults,
  "version-banner": banners,
  smuggling,
  "open-redirect": openRedirect,
  "stray-file": strayFiles,
  "no-limit": noLimits,
  "strange-method": strangeMethods,
  injection,
  pollution,
  bomb: bombs,
  "open-procedure": openProcedures,
  cached,
  "slow-client": slowClients,
  flood,
} as const satisfies Record<string, Attack>;

export type AttackId = keyof typeof attacks;

/** Runs every attack, one after the other. `onDone` hears of each. */
export async function scan(
  target: Target,
  onDone: (id: AttackId, count: number) => void = () => {},
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const id of Object.keys(attacks).filter(isAttackId)) {
    const before = found.length;
    await attacks[id](target, (seen) => found.push({ id, seen }));
    onDone(id, found.length - before);
  }
  return found;
}

function isAttackId(text: string): text is AttackId {
  return Object.hasOwn(attacks, text);
}

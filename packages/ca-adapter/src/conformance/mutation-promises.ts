import { once } from "node:events";
import { createServer, request as requestHttp } from "node:http";
import { CaError, type CaOrder } from "@sealpost/domain";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type ConformanceWorld, everything, never, type OpenWorld, requestFor } from "./world.ts";

/** One way to spoil an answer that was right. */
interface Mutation {
  readonly status: number | null;
  /** Where the body ends; null: whole. */
  readonly cutAt: number | null;
  /** Whether the head still promises the whole body. */
  readonly isHalf: boolean;
  /** Which of the body's values is replaced, counted through, and what by; null: none. */
  readonly value: readonly [place: number, by: fc.JsonValue] | null;
  /** Where the CA repeats the credential in its answer; null: nowhere. */
  readonly echo: "before" | "as-error" | null;
}

const mutations: fc.Arbitrary<Mutation> = fc.record({
  status: fc.option(
    fc.constantFrom(200, 201, 202, 204, 206, 301, 400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503),
  ),
  cutAt: fc.option(fc.nat(4000), { freq: 3 }),
  isHalf: fc.boolean(),
  value: fc.option(fc.tuple(fc.nat(80), fc.jsonValue({ maxDepth: 2 })), { freq: 2 }),
  echo: fc.option(fc.constantFrom("before", "as-error")),
});

/** What an adapter promises of answers that are almost right. */
export function promiseSense(open: OpenWorld): void {
  it("takes no spoiled answer for another status, throws nothing but CaError, and shows no secret", async () => {
    const world = await open();
    const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
    await world.placeOrder({ commonName: "b.example.test", state: "pending" });
    const request = await requestFor(world, caOrderId);
    const right = await everyWordOf(world);
    await using proxy = await startProxy(world);
    const authority = world.open({ baseUrl: proxy.baseUrl, callTimeoutMs: 5000 });
    const list = { cursor: null, changedSince: null };
    const readings = [
      async () => [await authority.getOrder(caOrderId, never)],
      async () => (await authority.listOrders(list, never)).orders,
    ];
    const others = [
      async () => void (await authority.probe(never)),
      async () => void (await authority.download?.({ caOrderId, caCertificateId: null }, never)),
    ];
    const run = async (call: () => Promise<unknown>) => {
      const result = await call().catch((error: unknown) => error);
      if (result instanceof Error) expect(result).toBeInstanceOf(CaError);
      for (const secret of world.secrets) expect(everything(result)).not.toContain(secret);
      return result;
    };
    await fc.assert(
      fc.asyncProperty(mutations, async (mutation) => {
        proxy.mutation = mutation;
        for (const read of readings)
          await run(async () => {
            for (const order of await read()) expectHonest(order, proxy.delivered(), right);
          });
        for (const other of others) await run(other);
        const before = (await world.mails()).length;
        const asked = await run(async () => await authority.resendEmail(request, never));
        const hasLeft = (await world.mails()).length > before;
        // What left, nothing may call provably unsent.
        if (hasLeft && asked instanceof CaError) expect(asked.kind).not.toBe("unavailable");
      }),
      { numRuns: 60 },
    );
  }, 120_000);
}

/** The CA's words for statuses as the adapter takes them from answers nobody has spoiled. */
async function everyWordOf(world: ConformanceWorld): Promise<ReadonlyMap<string, string>> {
  const { orders } = await world.authority.listOrders({ cursor: null, changedSince: null }, never);
  return new Map(orders.map(({ vendorStatus, status }) => [vendorStatus, status]));
}

/** The word shown stands in the answer, and means what it always means. */
function expectHonest(order: CaOrder, delivered: string, right: ReadonlyMap<string, string>): void {
  if (order.status !== "unknown") expect(delivered).toContain(JSON.stringify(order.vendorStatus));
  const meaning = right.get(order.vendorStatus);
  if (meaning !== undefined) expect(order.status).toBe(meaning);
}

/** Stands between adapter and CA and spoils what comes back. */
async function startProxy(world: ConformanceWorld) {
  const target = new URL(world.baseUrl);
  let delivered = "";
  const state = { mutation: null as Mutation | null };
  const server = createServer((incoming, outgoing) => {
    const asking = requestHttp(
      new URL(incoming.url ?? "/", target),
      { method: incoming.method ?? "GET", headers: { ...incoming.headers, host: target.host }, agent: false },
      async (answer) => {
        const body = Buffer.concat(await answer.toArray()).toString("utf8");
        const { mutation } = state;
        const spoiled = mutation ? spoil(body, mutation, world.secrets) : body;
        delivered += spoiled;
        const length =
          mutation?.isHalf && mutation.cutAt !== null ? body.length + 10 : Buffer.byteLength(spoiled);
        outgoing.writeHead(mutation?.status ?? answer.statusCode ?? 200, {
          "content-type": answer.headers["content-type"] ?? "",
          "content-length": String(length),
        });
        outgoing.write(spoiled, () => (mutation?.isHalf ? outgoing.destroy() : outgoing.end()));
      },
    );
    asking.on("error", () => outgoing.destroy());
    incoming.pipe(asking);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}${target.pathname}`,
    delivered: () => delivered,
    set mutation(mutation: Mutation) {
      delivered = "";
      state.mutation = mutation;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function spoil(body: string, { cutAt, value, echo }: Mutation, secrets: readonly string[]): string {
  const changed = value === null ? body : replaced(body, ...value);
  const cut = changed.slice(0, cutAt ?? changed.length);
  const words = secrets.join(" ");
  if (echo === "before") return `${words} ${cut}`;
  return echo === "as-error" ? errorLike(body, words) : cut;
}

/** An error in the form of the answer, with these words wherever it has any. */
function errorLike(body: string, words: string): string {
  if (!isXml(body)) return JSON.stringify({ error: words, errors: [{ code: words, message: words }] });
  const [head = ""] = /<\w+/.exec(body) ?? [];
  return `${head} Status="ERROR"><Errors><Error Number="${words}">${words}</Error></Errors></${head.slice(1)}>`;
}

function isXml(body: string): boolean {
  return body.startsWith("<?xml");
}

/** Puts another value in the place of the n-th one, wherever it stands. */
function replaced(body: string, place: number, by: fc.JsonValue): string {
  if (isXml(body)) return replacedInXml(body, place, typeof by === "string" ? by : JSON.stringify(by));
  let at = 0;
  try {
    return JSON.stringify(JSON.parse(body, (_, value: unknown) => (at++ === place ? by : value)));
  } catch {
    return body;
  }
}

/** What is worth spoiling in XML: attributes, CDATA, text, and elements that hold no others. */
const xmlValues = [
  /(?<==")[^"]*(?=")/g,
  /(?<=<!\[CDATA\[)[^\]]*(?=\]\]>)/g,
  /(?<=>)[^<]+(?=<)/g,
  /<(\w+)[^<>]*(?:\/>|>[^<]*<\/\1>)/g,
];

function replacedInXml(body: string, place: number, by: string): string {
  const values = xmlValues.flatMap((pattern) => [...body.matchAll(pattern)]);
  const value = values.toSorted((one, other) => one.index - other.index)[place];
  if (!value) return body;
  const text = by.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  return body.slice(0, value.index) + text + body.slice(value.index + value[0].length);
}

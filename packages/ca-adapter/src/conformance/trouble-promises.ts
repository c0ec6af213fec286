import { once } from "node:events";
import { createServer } from "node:http";
import { CaError, type CaErrorKind, type CaOrderId } from "@sealpost/domain";
import { expect, it } from "vitest";
import {
  type ConformanceOptions,
  type ConformanceWorld,
  everything,
  never,
  type OpenWorld,
  outcomeOf,
  requestFor,
  wholeList,
} from "./world.ts";

const resendFaults: readonly [fault: string, kind: CaErrorKind, mails: number][] = [
  ["refuse", "state-conflict", 0],
  ["false", "state-conflict", 0],
  ["unauthorized", "unauthorized", 0],
  ["forbidden", "forbidden", 0],
  ["not-found", "not-found", 0],
  ["rate-limit", "rate-limited", 0],
  ["http-500", "outcome-unknown", 0],
  ["http-503", "outcome-unknown", 0],
  ["html", "outcome-unknown", 0],
  ["garbage", "outcome-unknown", 0],
  ["half-answer", "outcome-unknown", 0],
  ["empty-200", "outcome-unknown", 0],
  ["error-in-200", "outcome-unknown", 0],
  ["redirect", "outcome-unknown", 0],
  ["huge", "outcome-unknown", 0],
  ["no-answer-before-mail", "outcome-unknown", 0],
  ["no-answer-after-mail", "outcome-unknown", 1],
];

const readFaults: readonly [fault: string, kind: CaErrorKind][] = [
  ["html", "unexpected-response"],
  ["garbage", "unexpected-response"],
  ["empty-200", "unexpected-response"],
  ["error-in-200", "unexpected-response"],
  ["redirect", "unexpected-response"],
  ["huge", "unexpected-response"],
  ["half-answer", "unavailable"],
  ["http-500", "unavailable"],
  ["http-503", "unavailable"],
  ["rate-limit", "rate-limited"],
];

/** What an adapter promises when things go wrong. */
export function promiseTrouble(open: OpenWorld, options: ConformanceOptions): void {
  const { differs = {}, noRetryAfter } = options;
  const resendCalls = options.callsPerResend?.calls ?? 1;

  it("proves a good credential and says unauthorized of a wrong one, asking once", async () => {
    const world = await open();
    await world.authority.probe(never);
    const before = (await world.calls()).length;
    const wrong = world.open({ isWrongCredential: true });
    await expect(wrong.probe(never)).rejects.toMatchObject({ kind: "unauthorized" });
    expect(await world.calls()).toHaveLength(before + 1);
  });

  it.each(resendFaults)(
    "meets the fault %s in a resend with %s unless its protocol differs, asks once, and %i mails left",
    async (fault, usual, mails) => {
      const world = await open();
      const request = await requestFor(world, await placed(world));
      await world.setFault("resend", fault);
      const before = (await world.calls()).length;
      const outcome = await outcomeOf(world.authority.resendEmail(request, never));
      expect(typeof outcome === "string" ? outcome : outcome.kind).toBe(differs[fault]?.as ?? usual);
      expect(await world.mails()).toHaveLength(mails);
      expect(await world.calls()).toHaveLength(before + resendCalls);
      for (const secret of world.secrets) expect(everything(outcome)).not.toContain(secret);
    },
  );

  it.each(readFaults)(
    "says of a reading answered with %s that it is %s, asking once",
    async (fault, kind) => {
      const world = await open();
      const caOrderId = await placed(world);
      await world.setFault("read", fault);
      const before = (await world.calls()).length;
      const error = await outcomeOf(world.authority.getOrder(caOrderId, never));
      expect(error).toMatchObject({ kind });
      expect(await world.calls()).toHaveLength(before + 1);
      for (const secret of world.secrets) expect(everything(error)).not.toContain(secret);
      await expect(wholeList(world)).rejects.toMatchObject({ kind });
    },
  );

  it("tells when to come back when the CA limits its rate and says so", async () => {
    const world = await open();
    const request = await requestFor(world, await placed(world));
    await world.setFault("resend", "rate-limit");
    const retryAfterS = noRetryAfter === undefined ? expect.any(Number) : null;
    await expect(world.authority.resendEmail(request, never)).rejects.toMatchObject({ retryAfterS });
  });

  it.each(["resend", "read"] as const)(
    "ends a %s whose answer comes byte by byte for ever",
    async (scope) => {
      const world = await open();
      const caOrderId = await placed(world);
      const request = await requestFor(world, caOrderId);
      await world.setFault(scope, "endless");
      const hasty = world.open({ callTimeoutMs: 300 });
      const call = scope === "resend" ? hasty.resendEmail(request, never) : hasty.getOrder(caOrderId, never);
      const kind = scope === "resend" ? "outcome-unknown" : "unavailable";
      await expect(call).rejects.toMatchObject({ kind });
    },
  );

  // Measured by the wall clock, so a machine that pauses gets another try.
  it.each(["resend", "read"] as const)("ends a %s within 50 ms of an abort", { retry: 2 }, async (scope) => {
    const world = await open();
    const caOrderId = await placed(world);
    const request = await requestFor(world, caOrderId);
    await world.setFault(scope, "hang-before-mail");
    const abort = new AbortController();
    const before = (await world.calls()).length;
    const call =
      scope === "resend"
        ? world.authority.resendEmail(request, abort.signal)
        : world.authority.getOrder(caOrderId, abort.signal);
    const ended = outcomeOf(call).then((outcome) => ({ outcome, at: performance.now() }));
    const calls = scope === "resend" ? resendCalls : 1;
    await expect.poll(async () => (await world.calls()).length, { interval: 5 }).toBe(before + calls);
    const abortedAt = performance.now();
    abort.abort();
    const { outcome, at } = await ended;
    expect(outcome).toMatchObject({ kind: scope === "resend" ? "outcome-unknown" : "unavailable" });
    expect(at - abortedAt).toBeLessThan(50);
  });

  it.each(["nobody listens", "the name is unknown", "the TLS handshake fails"] as const)(
    "says unavailable, since nothing can have left, when %s",
    async (trouble) => {
      const world = await open();
      const request = await requestFor(world, await placed(world));
      await using nowhere = await startNowhere(trouble);
      const { pathname } = new URL(world.baseUrl);
      const authority = world.open({ baseUrl: new URL(pathname, nowhere.origin).href });
      await expect(authority.resendEmail(request, never)).rejects.toMatchObject({ kind: "unavailable" });
    },
  );

  it("follows no redirect, least of all with its credential to another host", async () => {
    const world = await open();
    const request = await requestFor(world, await placed(world));
    const visits: string[] = [];
    await using stranger = await startAnswering((path) => {
      visits.push(path);
      return {};
    });
    await using moved = await startAnswering(() => ({ location: `${stranger.origin}/elsewhere` }));
    const { pathname } = new URL(world.baseUrl);
    const authority = world.open({ baseUrl: new URL(pathname, moved.origin).href });
    const outcomes = [
      await outcomeOf(authority.resendEmail(request, never)),
      await outcomeOf(authority.getOrder(request.caOrderId, never)),
      await outcomeOf(authority.probe(never)),
    ];
    for (const outcome of outcomes) expect(outcome).toBeInstanceOf(CaError);
    expect(visits).toEqual([]);
  });

  it("leaves nothing at the CA when it was aborted before it began", async () => {
    const world = await open();
    const request = await requestFor(world, await placed(world));
    const before = (await world.calls()).length;
    const aborted = world.authority.resendEmail(request, AbortSignal.abort());
    await expect(aborted).rejects.toMatchObject({ kind: "unavailable" });
    expect(await world.calls()).toHaveLength(before);
  });
}

async function placed(world: ConformanceWorld): Promise<CaOrderId> {
  const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
  return caOrderId;
}

/** A server that answers everything with 302 and these headers. */
async function startAnswering(headersFor: (path: string) => Readonly<Record<string, string>>) {
  const server = createServer((request, response) => {
    response.writeHead(302, headersFor(request.url ?? "")).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const end = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { origin: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: end };
}

/** An address where no call can arrive. */
async function startNowhere(trouble: "nobody listens" | "the name is unknown" | "the TLS handshake fails") {
  // Speaks no TLS, so that a handshake with it fails.
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const end = async () => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  if (trouble === "nobody listens") await end();
  const origins = {
    "nobody listens": `http://127.0.0.1:${port}`,
    "the name is unknown": "https://no-such-host.invalid",
    "the TLS handshake fails": `https://127.0.0.1:${port}`,
  } as const;
  return { origin: origins[trouble], [Symbol.asyncDispose]: end };
}

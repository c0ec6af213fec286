import {
  CaError,
  type CaErrorKind,
  type CaOrder,
  type CaOrderPage,
  type Capability,
  type CertificateAuthority,
  type EmailKind,
} from "@sealpost/domain";
import { afterEach, describe, expect, it } from "vitest";

/** A world with one CA in it: how to speak with it, and how to steer the simulator behind it. */
export interface ConformanceWorld extends AsyncDisposable {
  readonly authority: CertificateAuthority;
  readonly withWrongCredential: CertificateAuthority;
  /** Every secret of the account: none may ever show. */
  readonly secrets: readonly string[];
  placeOrder(input: {
    readonly commonName: string;
    readonly state: "issued" | "pending";
  }): Promise<{ readonly caOrderId: CaOrder["caOrderId"] }>;
  setFault(scope: "resend" | "read", fault: string | null): Promise<void>;
  /** Mails the CA really sent. */
  mailCount(): Promise<number>;
  /** Calls the CA saw. */
  callCount(): Promise<number>;
}

export interface ConformanceOptions {
  readonly adapter: string;
  readonly start: () => Promise<ConformanceWorld>;
  /** What this CA cannot do, with the reason a person would be told. */
  readonly unsupported: Readonly<Partial<Record<Capability, string>>>;
}

const never = new AbortController().signal;
const kinds = {
  "resend-fulfillment": "fulfillment",
  "resend-approver": "approver",
} as const satisfies Partial<Record<Capability, EmailKind>>;

/** The promises every adapter keeps, run over HTTP. Gaps are subtracted as data, never by leaving a case out. */
export function caConformance({ adapter, start, unsupported }: ConformanceOptions): void {
  describe(`${adapter} keeps the promises of a certificate authority`, () => {
    const worlds: ConformanceWorld[] = [];
    afterEach(async () => {
      for (const world of worlds.splice(0)) await world[Symbol.asyncDispose]();
    });
    const open = async () => {
      const world = await start();
      worlds.push(world);
      return world;
    };
    const resend = (
      world: ConformanceWorld,
      caOrderId: CaOrder["caOrderId"],
      kind: EmailKind,
      signal: AbortSignal = never,
    ) => {
      const unnamed = { caCertificateId: null, mailId: null, recipients: [] };
      return world.authority.resendEmail({ caOrderId, kind, ...unnamed }, signal);
    };

    it("claims exactly the capabilities that are not declared missing", async () => {
      const { authority } = await open();
      for (const gap of Object.keys(unsupported)) expect([...authority.capabilities]).not.toContain(gap);
    });

    it("proves a good credential and says unauthorized of a wrong one, asking once", async () => {
      const world = await open();
      await world.authority.probe(never);
      const before = await world.callCount();
      await expect(world.withWrongCredential.probe(never)).rejects.toMatchObject({ kind: "unauthorized" });
      expect((await world.callCount()) - before).toBe(1);
    });

    it("lists each order exactly once, and tells the same of it as its own call does", async () => {
      const world = await open();
      const placed = [];
      for (let i = 0; i < 7; i++)
        placed.push(await world.placeOrder({ commonName: `host-${i}.example.test`, state: "issued" }));
      const listed = await wholeList(world.authority);
      expect(listed.map((order) => order.caOrderId).sort()).toEqual(
        placed.map((order) => order.caOrderId).sort(),
      );
      const [first] = listed;
      if (!first) throw new Error("nothing was listed");
      const own = await world.authority.getOrder(first.caOrderId, never);
      expect(own).toMatchObject({
        commonName: first.commonName,
        status: first.status,
        issuances: first.issuances,
        hasDetails: true,
      });
    });

    it("lists an account without orders as empty, and one with a single order as one", async () => {
      const world = await open();
      expect(await wholeList(world.authority)).toEqual([]);
      await world.placeOrder({ commonName: "only.example.test", state: "issued" });
      expect(await wholeList(world.authority)).toHaveLength(1);
    });

    it("says not-found of an order that does not exist", async () => {
      const world = await open();
      const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
      await world.setFault("read", "not-found");
      await expect(world.authority.getOrder(caOrderId, never)).rejects.toMatchObject({ kind: "not-found" });
    });

    for (const [capability, kind] of [
      ["resend-fulfillment", kinds["resend-fulfillment"]],
      ["resend-approver", kinds["resend-approver"]],
    ] as const) {
      if (capability in unsupported) continue;
      it(`resolves a resend of the ${kind} mail only after the CA has sent exactly one`, async () => {
        const world = await open();
        const state = kind === "fulfillment" ? "issued" : "pending";
        const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state });
        await resend(world, caOrderId, kind);
        expect(await world.mailCount()).toBe(1);
      });
    }

    it("hands on the CA's own words when it refuses, and no mail leaves", async () => {
      const world = await open();
      const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "pending" });
      const refused = await resend(world, caOrderId, "fulfillment").catch((error: unknown) => error);
      expect(refused).toMatchObject({ kind: "state-conflict", caMessage: expect.stringMatching(/\w/) });
      expect(await world.mailCount()).toBe(0);
    });

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
      ["no-answer-before-mail", "outcome-unknown", 0],
      ["no-answer-after-mail", "outcome-unknown", 1],
    ];
    it.each(resendFaults)(
      "meets the fault %s in a resend with %s, asks once, and %i mails left",
      async (fault, kind, mails) => {
        const world = await open();
        const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
        await world.setFault("resend", fault);
        const before = await world.callCount();
        const error = await resend(world, caOrderId, "fulfillment").catch((caught: unknown) => caught);
        expect(error).toBeInstanceOf(CaError);
        expect(error).toMatchObject({ kind });
        expect(await world.mailCount()).toBe(mails);
        expect((await world.callCount()) - before).toBe(1);
        for (const secret of world.secrets) expect(everything(error)).not.toContain(secret);
      },
    );

    it("says when to come back when the CA limits its rate", async () => {
      const world = await open();
      const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
      await world.setFault("resend", "rate-limit");
      await expect(resend(world, caOrderId, "fulfillment")).rejects.toMatchObject({
        retryAfterS: expect.any(Number),
      });
    });

    it.each(["html", "garbage", "empty-200", "error-in-200"])(
      "says unexpected-response of a reading answered with %s",
      async (fault) => {
        const world = await open();
        await world.placeOrder({ commonName: "a.example.test", state: "issued" });
        await world.setFault("read", fault);
        await expect(wholeList(world.authority)).rejects.toMatchObject({
          kind: "unexpected-response",
        });
      },
    );

    // Measured by the wall clock, so a machine that pauses gets another try.
    it.each(["resend", "read"] as const)(
      "ends a %s within 50 ms of an abort",
      { retry: 2 },
      async (scope) => {
        const world = await open();
        const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
        await world.setFault(scope, "hang-before-mail");
        const abort = new AbortController();
        const before = await world.callCount();
        const call =
          scope === "resend"
            ? resend(world, caOrderId, "fulfillment", abort.signal)
            : world.authority.getOrder(caOrderId, abort.signal);
        const ended = call.catch((error: unknown) => ({ error, at: performance.now() }));
        await expect.poll(() => world.callCount(), { interval: 5 }).toBe(before + 1);
        const abortedAt = performance.now();
        abort.abort();
        const { error, at } = await ended.then((value) =>
          "at" in value ? value : Promise.reject(new Error("it was not ended")),
        );
        expect(error).toMatchObject({ kind: scope === "resend" ? "outcome-unknown" : "unavailable" });
        expect(at - abortedAt).toBeLessThan(50);
      },
    );
  });
}

/** Every order of every page. */
async function wholeList(authority: CertificateAuthority): Promise<readonly CaOrder[]> {
  const orders: CaOrder[] = [];
  let cursor: string | null = null;
  do {
    const page: CaOrderPage = await authority.listOrders({ cursor, changedSince: null }, never);
    orders.push(...page.orders);
    cursor = page.next;
  } while (cursor !== null);
  return orders;
}

/** An error with everything a careless logger would print of it. */
function everything(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? "";
  return [String(error), error.stack, JSON.stringify(error), error.cause ? everything(error.cause) : ""].join(
    "\n",
  );
}

import fc from "fast-check";
import { expect, it } from "vitest";
import { neverSynced } from "../account/ca-account.ts";
import { personActor } from "../actor.ts";
import type { Order, OrderStatus } from "../order/order.ts";
import { CaError, type CaErrorKind } from "../ports/certificate-authority.ts";
import { emailAddressSchema } from "../values/email-address.ts";
import { caAccountIdSchema, caOrderIdSchema, idempotencyKeySchema, orderIdSchema } from "../values/ids.ts";
import { decideResend, type RequestResendInput } from "./request-resend.ts";
import { defaultResendPolicy } from "./resend-policy.ts";
import { isOpen, type ResendRequest } from "./resend-request.ts";
import { claimed, judgeFailure, requeued, settled } from "./settle-resend.ts";

// The machine as it is: the domain's own decisions over a list of requests. The model beside it is written from the
// product's rules alone and knows nothing of how they are kept.

const address = emailAddressSchema.parse("admin@example.test");
const key = idempotencyKeySchema.parse("00000000-0000-4000-8000-000000000000");
const ctx = {
  actor: personActor({
    personId: "ana",
    name: "Ana",
    role: "operator",
    scope: "all",
    signedInAt: new Date(0),
  }),
  newId: () => "id",
  resendPolicy: defaultResendPolicy,
} as const;
const account = {
  caAccountId: caAccountIdSchema.parse("a"),
  adapter: "x",
  label: "X",
  baseUrl: "",
  settings: {},
  credentialRef: null,
  state: "connected",
  isSandbox: false,
  capabilities: ["resend-fulfillment"],
  connectedAt: new Date(0),
  sync: neverSynced,
} as const;

class Machine {
  now = new Date("2026-11-23T12:00:00Z");
  status: OrderStatus = "issued";
  requests: ResendRequest[] = [];
  ended: string[] = [];
  /** Mails that the CA was asked for and may have sent. */
  mailsAsked = 0;

  order(): Order {
    return {
      orderId: orderIdSchema.parse("o"),
      caAccountId: account.caAccountId,
      caOrderId: caOrderIdSchema.parse("1"),
      product: "",
      validationType: "dv",
      commonName: "a.test",
      dnsNames: [],
      recipients: { fulfillment: [{ address, source: "order-approver" }], approver: "not-loaded" },
      csrSpkiSha256: null,
      status: this.status,
      vendorStatus: "",
      orderedAt: null,
      issuances: [],
      syncedAt: this.now,
      detailsAt: null,
      goneAt: null,
      imports: {},
    };
  }

  replace(next: ResendRequest): void {
    this.requests = this.requests.map((one) => (isOpen(one) ? next : one));
    if (!isOpen(next)) this.ended.push(next.status);
  }

  check(): void {
    expect(this.requests.filter(isOpen).length).toBeLessThanOrEqual(1);
    expect(this.requests.filter((one) => !isOpen(one)).map((one) => one.status)).toEqual(this.ended);
    const mayExist = this.ended.filter(
      (status) => status === "accepted" || status === "outcome-unknown",
    ).length;
    const underWay = this.requests.filter((one) => one.status === "forwarding").length;
    expect(this.mailsAsked).toBeLessThanOrEqual(mayExist + underWay);
    expect(this.mailsAsked).toBeGreaterThanOrEqual(
      this.ended.filter((status) => status === "accepted").length,
    );
  }
}

interface Model {
  now: number;
  isIssued: boolean;
  open: "no" | "queued" | "with-the-ca";
  restsUntil: number;
  isLastUnknown: boolean;
  mailsToday: number;
}

type Command = fc.Command<Model, Machine>;
const coolDownMs = 60_000;

class Ask implements Command {
  readonly confirmsUnknown: boolean;
  readonly seesRightAddress: boolean;
  readonly mailsToday: number;
  constructor(confirmsUnknown: boolean, seesRightAddress: boolean, mailsToday: number) {
    this.confirmsUnknown = confirmsUnknown;
    this.seesRightAddress = seesRightAddress;
    this.mailsToday = mailsToday;
  }
  check = () => true;
  run(model: Model, machine: Machine): void {
    const seen = this.seesRightAddress ? address : emailAddressSchema.parse("old@example.test");
    const situation = {
      order: machine.order(),
      account,
      history: machine.requests,
      mailsToday: { [seen]: this.mailsToday },
    };
    const input: RequestResendInput = {
      orderId: situation.order.orderId,
      kind: "fulfillment",
      idempotencyKey: key,
      confirmedRecipients: [seen],
      chosenRecipients: [],
      format: null,
      message: null,
      confirmedUnknown: this.confirmsUnknown,
    };
    const decision = decideResend(ctx, situation, input, machine.now);
    const expected = this.expected(model);
    expect("code" in decision ? decision.code : "made").toBe(expected);
    if ("code" in decision) return;
    machine.requests.push(decision.request);
    model.open = "queued";
    machine.check();
  }
  expected(model: Model): string {
    if (!model.isIssued) return "order-not-issued";
    if (model.open !== "no") return "resend-under-way";
    if (model.now < model.restsUntil) return "cooling-down";
    if (!this.seesRightAddress) return "recipient-changed";
    if (model.isLastUnknown && !this.confirmsUnknown) return "earlier-outcome-unknown";
    return this.mailsToday >= 20 ? "daily-limit" : "made";
  }
  toString = () =>
    `ask(unknown ${this.confirmsUnknown}, address ${this.seesRightAddress}, today ${this.mailsToday})`;
}

class Claim implements Command {
  check = (model: Readonly<Model>) => model.open === "queued";
  run(model: Model, machine: Machine): void {
    const request = machine.requests.find((one) => one.status === "requested");
    if (!request) throw new Error("nothing is queued");
    machine.replace(claimed(request, machine.now));
    model.open = "with-the-ca";
    machine.check();
  }
  toString = () => "claim";
}

type Answer = "yes" | CaErrorKind;

class Answered implements Command {
  readonly answer: Answer;
  constructor(answer: Answer) {
    this.answer = answer;
  }
  check = (model: Readonly<Model>) => model.open === "with-the-ca";
  run(model: Model, machine: Machine): void {
    const request = machine.requests.find((one) => one.status === "forwarding");
    if (!request) throw new Error("nothing is with the CA");
    const left =
      this.answer === "yes" || this.answer === "outcome-unknown" || this.answer === "unexpected-response";
    if (left) machine.mailsAsked += 1;
    const verdict =
      this.answer === "yes"
        ? ({ status: "accepted", reason: null } as const)
        : judgeFailure(new CaError(this.answer), "asking");
    machine.replace(
      verdict === "requeue"
        ? requeued(request, null, null, machine.now)
        : settled(request, verdict, machine.now),
    );
    if (this.answer === "rate-limited" || this.answer === "unavailable") model.open = "queued";
    else {
      model.open = "no";
      if (left) model.restsUntil = model.now + coolDownMs;
      if (left) model.isLastUnknown = this.answer !== "yes";
    }
    machine.check();
  }
  toString = () => `answer(${this.answer})`;
}

class Crash implements Command {
  check = (model: Readonly<Model>) => model.open === "with-the-ca";
  run(model: Model, machine: Machine): void {
    const request = machine.requests.find((one) => one.status === "forwarding");
    if (!request) throw new Error("nothing is with the CA");
    machine.replace(settled(request, { status: "outcome-unknown", reason: "interrupted" }, machine.now));
    model.open = "no";
    model.restsUntil = model.now + coolDownMs;
    model.isLastUnknown = true;
    machine.check();
  }
  toString = () => "crash";
}

class TakeBack implements Command {
  check = (model: Readonly<Model>) => model.open === "queued";
  run(model: Model, machine: Machine): void {
    const request = machine.requests.find((one) => one.status === "requested");
    if (!request) throw new Error("nothing is queued");
    machine.replace(settled(request, { status: "not-sent", reason: "cancelled" }, machine.now));
    model.open = "no";
    machine.check();
  }
  toString = () => "take back";
}

class Wait implements Command {
  readonly seconds: number;
  constructor(seconds: number) {
    this.seconds = seconds;
  }
  check = () => true;
  run(model: Model, machine: Machine): void {
    machine.now = new Date(machine.now.getTime() + this.seconds * 1000);
    model.now += this.seconds * 1000;
  }
  toString = () => `wait(${this.seconds})`;
}

class Turn implements Command {
  check = () => true;
  run(model: Model, machine: Machine): void {
    machine.status = machine.status === "issued" ? "cancelled" : "issued";
    model.isIssued = !model.isIssued;
  }
  toString = () => "the CA changes its mind";
}

const answers: readonly Answer[] = [
  "yes",
  "outcome-unknown",
  "unexpected-response",
  "rate-limited",
  "unavailable",
  "unauthorized",
  "not-found",
  "state-conflict",
];

it("the state machine of a resend does what the product's rules say, in whatever order things happen", () => {
  const commands = fc.commands(
    [
      fc.tuple(fc.boolean(), fc.boolean(), fc.constantFrom(0, 0, 0, 20)).map((args) => new Ask(...args)),
      fc.constant(new Ask(true, true, 0)),
      fc.constant(new Claim()),
      fc.constantFrom(...answers).map((answer) => new Answered(answer)),
      fc.constant(new Crash()),
      fc.constant(new TakeBack()),
      fc.constantFrom(1, 30, 60, 3600).map((seconds) => new Wait(seconds)),
      fc.constant(new Turn()),
    ],
    { maxCommands: 30, size: "max" },
  );
  const reached = new Set<string>();
  let runs = 0;
  fc.assert(
    fc.property(commands, (run) => {
      const machine = new Machine();
      const model: Model = {
        now: machine.now.getTime(),
        isIssued: true,
        open: "no",
        restsUntil: 0,
        isLastUnknown: false,
        mailsToday: 0,
      };
      fc.modelRun(() => ({ model, real: machine }), run);
      for (const status of machine.ended) reached.add(status);
      runs += 1;
    }),
    { numRuns: 10_000 },
  );
  expect(runs).toBeGreaterThanOrEqual(10_000);
  expect(reached).toEqual(new Set(["accepted", "refused", "outcome-unknown", "not-sent"]));
}, 120_000);

import { randomUUID } from "node:crypto";
import { type OpenOptions, openCertificateAuthority } from "@sealpost/ca-adapter";
import { openStore } from "@sealpost/db";
import {
  type CaAccount,
  CaError,
  type Change,
  caAccountIdSchema,
  caOrderIdSchema,
  createRefusalGate,
  ctxFor,
  defaultMailPolicy,
  defaultResendPolicy,
  idempotencyKeySchema,
  type MaterialReader,
  neverSynced,
  PassphraseTries,
  type Ports,
  personActor,
  refreshedOrder,
  requestResend,
} from "@sealpost/domain";
import { createAuditSeal, openVault } from "@sealpost/vault";
import { createLogger } from "./logger.ts";
import { Worker } from "./worker.ts";

// The store and the worker as the server runs them, in a process that a test can kill at a moment of its choice.
// A gate stops it for ever right before a step, as a power cut would.

export type Gate = "before-claim" | "after-claim" | "before-outcome" | null;

export interface HarnessSettings {
  readonly directory: string;
  readonly account: Pick<OpenOptions, "baseUrl" | "settings" | "credential">;
  readonly gate: Gate;
}

type Asked = { readonly ask: readonly string[] };

// Loaded ahead of its turn, so that a test waits for no start.
const settings = await new Promise<HarnessSettings>((resolve) => process.once("message", resolve));
const vault = await openVault({
  directory: `${settings.directory}/vault`,
  masterKeys: [Buffer.alloc(32, 7)],
});
const seal = createAuditSeal(await vault.heldKey("audit"));
const { store } = openStore({ file: `${settings.directory}/sealpost.db`, seal });
const log = createLogger("silent");
const account: CaAccount = {
  caAccountId: caAccountIdSchema.parse("account"),
  adapter: "ibm-classic",
  label: "Main",
  baseUrl: settings.account.baseUrl,
  settings: settings.account.settings,
  credentialRef: null,
  state: "connected",
  isSandbox: true,
  capabilities: ["list-orders", "resend-fulfillment", "resend-approver"],
  connectedAt: new Date(),
  sync: neverSynced,
};
const authority = () => openCertificateAuthority({ adapter: "ibm-classic", ...settings.account });
const unread = () => Promise.reject(new CaError("unexpected-response"));
const reader: MaterialReader = { read: unread, readMail: unread };
const ports: Ports = {
  store: { ...store, commit: gated },
  vault,
  reader,
  intermediates: { add: () => Promise.reject(new Error("nothing is imported here")) },
  passphraseTries: new PassphraseTries(),
  openAuthority: async () => authority(),
  openMailbox: () => Promise.reject(new Error("no mailbox is asked here")),
  clock: { now: () => new Date() },
  newId: randomUUID,
  resendPolicy: defaultResendPolicy,
  refusalGate: createRefusalGate(),
  mailPolicy: defaultMailPolicy,
  passkeys: null,
  groupRoles: null,
};

await store.commit({ writes: [{ write: "account-saved", account }], audit: [] });
const worker = new Worker(ports, log);
await worker.start();
process.on(
  "message",
  (message: Asked) => void Promise.all(message.ask.map(ask)).then(() => process.send?.({ asked: true })),
);
process.send?.({ ready: true });

async function ask(number: string): Promise<void> {
  const now = new Date();
  const said = await authority().getOrder(caOrderIdSchema.parse(number), new AbortController().signal);
  const order = refreshedOrder(account, said, null, ports.newId, now);
  await store.commit({ writes: [{ write: "order-synced", order }], audit: [] });
  const ana = { personId: "ana", name: "Ana", role: "operator", scope: "all", signedInAt: now } as const;
  const ctx = ctxFor(ports, personActor(ana));
  const recipients = order.recipients.fulfillment;
  const confirmedRecipients =
    recipients === "not-loaded" ? [] : recipients.map((recipient) => recipient.address);
  const idempotencyKey = idempotencyKeySchema.parse(randomUUID());
  await requestResend(ctx, {
    orderId: order.orderId,
    kind: "fulfillment",
    idempotencyKey,
    confirmedRecipients,
    chosenRecipients: [],
    format: null,
    message: null,
  });
  worker.nudge();
}

async function gated(change: Change): Promise<void> {
  const step = change.writes.find((write) => write.write === "resend-moved");
  const isClaim = step?.write === "resend-moved" && step.request.status === "forwarding";
  const isOutcome = step?.write === "resend-moved" && step.from === "forwarding";
  if (isClaim && settings.gate === "before-claim") await stopForEver();
  if (isOutcome && settings.gate === "before-outcome") await stopForEver();
  await store.commit(change);
  if (isClaim && settings.gate === "after-claim") await stopForEver();
}

function stopForEver(): Promise<never> {
  process.send?.({ gate: settings.gate });
  return new Promise(() => {});
}

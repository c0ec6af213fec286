import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { appRouter, refusalOf } from "@sealpost/api";
import type { RouterInputs } from "@sealpost/api/client";
import {
  type CaAccount,
  type CaAccountId,
  type CertificateId,
  CertificateMaterial,
  type Ctx,
  caAccountIdSchema,
  caOrderIdSchema,
  certificateIdSchema,
  chainStart,
  ctxFor,
  dnsNameSchema,
  downloadFromCa,
  emailAddressSchema,
  exportCertificate,
  type ImportedCertificate,
  idempotencyKeySchema,
  type Mailbox,
  type MailId,
  mailboxIdSchema,
  mailIdSchema,
  neverSynced,
  neverWatched,
  noEvidence,
  type Order,
  type OrderId,
  openMail,
  orderIdSchema,
  personActor,
  personIdSchema,
  type ReceivedMail,
  type RefusalCode,
  type ResendRequest,
  type ResendRequestId,
  type Right,
  type Role,
  resendRequestIdSchema,
  rightsOfRole,
  roles,
  type Scope,
  sessionIdSchema,
  systemActor,
  vaultRefSchema,
} from "@sealpost/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestRouters, type TestRouters } from "./test-router.ts";

// Who may do what, as a table of everything that can be asked for: each procedure of the router, and each download
// beside it, by each role, in each scope, freshly signed in or not. A procedure without its row does not compile.

type Caller = ReturnType<Awaited<ReturnType<TestRouters["open"]>>["callerAs"]>;

/** What a cell acts on, all of it in one account. */
interface Things {
  readonly orderId: OrderId;
  readonly requestId: ResendRequestId;
  readonly certificateId: CertificateId;
  readonly mailId: MailId;
  /** Of a mail that is about no order. */
  readonly unmatchedId: MailId;
}

interface Row {
  /** The right that opens it; null: anybody who is signed in. */
  readonly right: Right | null;
  /** Answers null to who has not signed in. */
  readonly isOpen?: true;
  /** What somebody without the right hears, where it is not `forbidden`. */
  readonly withoutRight?: readonly RefusalCode[];
  /** What somebody hears whose scope does not hold the account; `nothing`: an answer in which nothing of it stands. */
  readonly outOfScope: "not-found" | "forbidden" | "order-required" | "nothing" | "no-matter";
  readonly wantsRecentSignIn?: true;
  /** What it acts on is another thing afterwards: the next cell gets its own. */
  readonly changes?: true;
  /** Refusals that come only to who may do it: this world has no CA that answers, and one certificate to import. */
  readonly elseRefusedAs?: readonly RefusalCode[];
  readonly ask: (caller: Caller, things: Things, ctx: Ctx) => unknown;
}

type Path = {
  [R in keyof RouterInputs & string]: `${R}.${keyof RouterInputs[R] & string}`;
}[keyof RouterInputs & string];

const now = new Date("2026-11-23T00:00:00Z");
const nextYear = new Date("2027-11-23T00:00:00Z");
/** Stands in every id and name of what the cells act on, so that it is seen where it must not stand. */
const mark = "guarded";
const ours = caAccountIdSchema.parse(`${mark}-account`);
const theirs = caAccountIdSchema.parse("another-account");
const label = `${mark} label`;

const file = (name: string) =>
  readFileSync(new URL(`../../../packages/certificates/vectors/files/${name}`, import.meta.url), "utf8");
const material = file("text/crlf-line-ends.txt") + file("pem/shop.key");
function importForm(order: string): FormData {
  const form = new FormData();
  form.append("text", material);
  form.append("order", order);
  return form;
}
const recipient = emailAddressSchema.parse("admin@example.test");
const confirmed = { kind: "fulfillment" as const, confirmedRecipients: [recipient] };
const fields = { adapter: "ibm-classic", label, baseUrl: "https://ca.example.test/", fields: {} };
const noCa = ["ca-error"] as const;
const mailbox: Mailbox = {
  mailboxId: mailboxIdSchema.parse(`${mark}-mailbox`),
  label,
  host: "imap.example.test",
  port: 993,
  security: "tls",
  userName: recipient,
  credentialRef: null,
  folders: ["INBOX"],
  lookBackDays: 14,
  state: "connected",
  connectedAt: new Date(0),
  watch: neverWatched,
};
const { mailboxId } = mailbox;
const mailboxForm = {
  ...{ label, host: mailbox.host, port: mailbox.port, security: mailbox.security },
  ...{ userName: mailbox.userName, password: "a password" },
};
/** Mails of every account may lie in a mailbox, so that it is there only for who sees all of them. */
const onlyForAll = ["not-found"] as const;

/** This world's address can have none. */
const noPasskeys = ["passkey-refused"] as const;

const personId = personIdSchema.parse("somebody");
/** This world has no administrator who could sign in. */
const notTheLast = ["forbidden", "last-administrator"] as const;

const rows: Record<Path, readonly Row[]> = {
  "session.me": [{ right: null, isOpen: true, outOfScope: "no-matter", ask: (c) => c.session.me() }],
  "session.list": [{ right: null, outOfScope: "no-matter", ask: (c) => c.session.list() }],
  "session.end": [
    {
      right: null,
      outOfScope: "no-matter",
      wantsRecentSignIn: true,
      elseRefusedAs: ["not-found"],
      ask: (c) => c.session.end({ sessionId: sessionIdSchema.parse(`${mark}-session`) }),
    },
  ],
  "session.endOthers": [
    { right: null, outOfScope: "no-matter", wantsRecentSignIn: true, ask: (c) => c.session.endOthers() },
  ],
  "passkeys.list": [{ right: null, outOfScope: "no-matter", ask: (c) => c.passkeys.list() }],
  "passkeys.begin": [
    {
      right: null,
      outOfScope: "no-matter",
      wantsRecentSignIn: true,
      elseRefusedAs: noPasskeys,
      ask: (c) => c.passkeys.begin(),
    },
  ],
  "passkeys.add": [
    {
      right: null,
      outOfScope: "no-matter",
      wantsRecentSignIn: true,
      elseRefusedAs: noPasskeys,
      ask: (c) =>
        c.passkeys.add({ name: "New", credentialId: "a", clientDataJSON: "a", attestationObject: "a" }),
    },
  ],
  "passkeys.rename": [
    {
      right: null,
      outOfScope: "no-matter",
      elseRefusedAs: ["not-found"],
      ask: (c) => c.passkeys.rename({ passkeyId: `${mark}-passkey`, name: "New" }),
    },
  ],
  "passkeys.remove": [
    {
      right: null,
      outOfScope: "no-matter",
      wantsRecentSignIn: true,
      elseRefusedAs: ["not-found"],
      ask: (c) => c.passkeys.remove({ passkeyId: `${mark}-passkey` }),
    },
  ],
  "orders.firstSteps": [{ right: "orders:see", outOfScope: "nothing", ask: (c) => c.orders.firstSteps() }],
  "orders.list": [{ right: "orders:see", outOfScope: "nothing", ask: (c) => c.orders.list({ limit: 50 }) }],
  "orders.counts": [{ right: "orders:see", outOfScope: "nothing", ask: (c) => c.orders.counts() }],
  "orders.get": [
    { right: "orders:see", outOfScope: "not-found", ask: (c, { orderId }) => c.orders.get({ orderId }) },
  ],
  "orders.refresh": [
    {
      right: "orders:see",
      outOfScope: "not-found",
      elseRefusedAs: noCa,
      ask: (c, { orderId }) => c.orders.refresh({ orderId }),
    },
  ],
  "orders.prepareResend": [
    {
      right: "orders:see",
      outOfScope: "not-found",
      ask: (c, { orderId }) => c.orders.prepareResend({ orderId, kind: "fulfillment" }),
    },
  ],
  "orders.requestResend": [
    {
      right: "orders:resend",
      withoutRight: ["resend-not-allowed"],
      outOfScope: "not-found",
      changes: true,
      ask: (c, { orderId }) =>
        c.orders.requestResend({ ...confirmed, orderId, idempotencyKey: randomUUID() }),
    },
    {
      right: "orders:change-recipient",
      outOfScope: "not-found",
      elseRefusedAs: ["recipient-changed"],
      withoutRight: ["forbidden", "resend-not-allowed"],
      changes: true,
      ask: (c, { orderId }) =>
        c.orders.requestResend({
          ...confirmed,
          orderId,
          idempotencyKey: randomUUID(),
          chosenRecipients: [recipient],
        }),
    },
  ],
  "orders.requestResends": [
    {
      right: "orders:resend-bulk",
      outOfScope: "not-found",
      changes: true,
      ask: (c, { orderId }) =>
        c.orders.requestResends({ requests: [{ ...confirmed, orderId, idempotencyKey: randomUUID() }] }),
    },
  ],
  "preferences.change": [
    {
      right: "orders:see",
      outOfScope: "no-matter",
      ask: (c) => c.preferences.change({ change: "single-keys-switched", hasSingleKeys: true }),
    },
  ],
  "orders.cancelResend": [
    {
      right: "orders:resend",
      outOfScope: "not-found",
      changes: true,
      ask: (c, { requestId }) => c.orders.cancelResend({ requestId }),
    },
  ],
  "orders.resendRequest": [
    {
      right: "orders:see",
      outOfScope: "not-found",
      ask: (c, { requestId }) => c.orders.resendRequest({ requestId }),
    },
  ],
  "orders.resendRequests": [
    {
      right: "orders:see",
      outOfScope: "not-found",
      ask: (c, { requestId }) => c.orders.resendRequests({ requestIds: [requestId] }),
    },
  ],
  "orders.resendPolicy": [
    { right: "orders:see", outOfScope: "no-matter", ask: (c) => c.orders.resendPolicy() },
  ],
  "certificates.list": [
    { right: "orders:see", outOfScope: "nothing", ask: (c) => c.certificates.list({ limit: 50 }) },
  ],
  "certificates.get": [
    {
      right: "orders:see",
      outOfScope: "not-found",
      ask: (c, { certificateId }) => c.certificates.get({ certificateId }),
    },
  ],
  "certificates.preview": [
    {
      right: "certificates:import",
      outOfScope: "not-found",
      ask: (c, { orderId }) => c.certificates.preview(importForm(orderId)),
    },
    {
      right: "certificates:import",
      outOfScope: "nothing",
      ask: (c) => c.certificates.preview(importForm("found")),
    },
  ],
  "certificates.import": [
    {
      right: "certificates:import",
      outOfScope: "not-found",
      elseRefusedAs: ["already-imported", "import-blocked"],
      ask: (c, { orderId }) => c.certificates.import(importForm(orderId)),
    },
    {
      right: "certificates:import",
      outOfScope: "order-required",
      elseRefusedAs: ["already-imported", "order-required"],
      ask: (c) => c.certificates.import(importForm("none")),
    },
  ],
  "certificates.editNotes": [
    {
      right: "certificates:import",
      outOfScope: "not-found",
      ask: (c, { certificateId }) => c.certificates.editNotes({ certificateId, notes: "n" }),
    },
  ],
  "certificates.makeCurrent": [
    {
      right: "certificates:import",
      outOfScope: "not-found",
      ask: (c, { certificateId }) => c.certificates.makeCurrent({ certificateId }),
    },
  ],
  "certificates.delete": [
    {
      right: "certificates:import",
      outOfScope: "not-found",
      changes: true,
      ask: (c, { certificateId }) => c.certificates.delete({ certificateId }),
    },
  ],
  "accounts.list": [{ right: "orders:see", outOfScope: "nothing", ask: (c) => c.accounts.list() }],
  "accounts.catalog": [{ right: "orders:see", outOfScope: "no-matter", ask: (c) => c.accounts.catalog() }],
  "accounts.connect": [
    {
      right: "accounts:manage",
      outOfScope: "not-found",
      wantsRecentSignIn: true,
      changes: true,
      ask: (c) => c.accounts.connect({ ...fields, caAccountId: ours }),
    },
    {
      // A new account is in nobody's scope: it takes somebody who sees all of them.
      right: "accounts:manage",
      outOfScope: "forbidden",
      wantsRecentSignIn: true,
      elseRefusedAs: ["invalid-input", "forbidden"],
      changes: true,
      ask: (c) => c.accounts.connect({ ...fields, caAccountId: null }),
    },
  ],
  "accounts.test": [
    {
      right: "accounts:manage",
      outOfScope: "not-found",
      elseRefusedAs: noCa,
      ask: (c) => c.accounts.test({ caAccountId: ours }),
    },
  ],
  "accounts.setState": [
    {
      right: "accounts:manage",
      outOfScope: "not-found",
      wantsRecentSignIn: true,
      changes: true,
      ask: (c) => c.accounts.setState({ caAccountId: ours, state: "paused" }),
    },
  ],
  "accounts.syncNow": [
    {
      right: "orders:see",
      outOfScope: "not-found",
      ask: (c) => c.accounts.syncNow({ caAccountId: ours }),
    },
    { right: "orders:see", outOfScope: "nothing", ask: (c) => c.accounts.syncNow({}) },
  ],
  "accounts.stopSync": [
    {
      right: "orders:see",
      outOfScope: "not-found",
      ask: (c) => c.accounts.stopSync({ caAccountId: ours }),
    },
  ],
  "audit.list": [{ right: "audit:see", outOfScope: "nothing", ask: (c) => c.audit.list({}) }],
  "audit.actors": [{ right: "audit:see", outOfScope: "nothing", ask: (c) => c.audit.actors() }],
  "audit.head": [{ right: "audit:see", outOfScope: "no-matter", ask: (c) => c.audit.head() }],
  "audit.check": [
    {
      right: "audit:see",
      outOfScope: "no-matter",
      ask: (c) => c.audit.check({ sequence: 0, hash: chainStart }),
    },
  ],
  "mails.arrivals": [{ right: "orders:see", outOfScope: "nothing", ask: (c) => c.mails.arrivals() }],
  "mails.get": [
    { right: "orders:see", outOfScope: "not-found", ask: (c, { mailId }) => c.mails.get({ mailId }) },
  ],
  "mails.unmatched": [{ right: "orders:see", outOfScope: "nothing", ask: (c) => c.mails.unmatched() }],
  "mails.assign": [
    {
      right: "certificates:import",
      outOfScope: "not-found",
      elseRefusedAs: ["mailbox-error", "mailbox-not-connected", ...onlyForAll],
      ask: (c, { orderId, unmatchedId }) => c.mails.assign({ mailId: unmatchedId, orderId }),
    },
    {
      right: "certificates:import",
      outOfScope: "not-found",
      elseRefusedAs: ["conflict"],
      ask: (c, { orderId, mailId }) => c.mails.assign({ mailId, orderId }),
    },
  ],
  "mails.putAway": [
    {
      right: "certificates:import",
      outOfScope: "not-found",
      elseRefusedAs: onlyForAll,
      ask: (c, { unmatchedId }) => c.mails.putAway({ mailId: unmatchedId, isPutAway: false }),
    },
  ],
  "mailboxes.list": [{ right: "orders:see", outOfScope: "nothing", ask: (c) => c.mailboxes.list() }],
  "people.list": [
    {
      right: "people:manage",
      outOfScope: "forbidden",
      elseRefusedAs: ["forbidden"],
      ask: (c) => c.people.list(),
    },
  ],
  "people.invite": [
    {
      right: "people:manage",
      outOfScope: "forbidden",
      wantsRecentSignIn: true,
      elseRefusedAs: ["forbidden"],
      ask: (c) => c.people.invite({ name: "New", email: `${randomUUID()}@example.test`, role: "viewer" }),
    },
  ],
  "people.change": [
    {
      right: "people:manage",
      outOfScope: "forbidden",
      wantsRecentSignIn: true,
      elseRefusedAs: notTheLast,
      ask: (c) => c.people.change({ personId, role: "operator" }),
    },
  ],
  "people.setState": [
    {
      right: "people:manage",
      outOfScope: "forbidden",
      wantsRecentSignIn: true,
      elseRefusedAs: notTheLast,
      ask: (c) => c.people.setState({ personId, state: "disabled" }),
    },
  ],
  "people.reset": [
    {
      right: "people:manage",
      outOfScope: "forbidden",
      wantsRecentSignIn: true,
      elseRefusedAs: notTheLast,
      ask: (c) => c.people.reset({ personId }),
    },
  ],
  "mailboxes.connect": [
    {
      right: "accounts:manage",
      outOfScope: "not-found",
      wantsRecentSignIn: true,
      changes: true,
      elseRefusedAs: onlyForAll,
      ask: (c) => c.mailboxes.connect({ ...mailboxForm, mailboxId }),
    },
    {
      right: "accounts:manage",
      outOfScope: "forbidden",
      wantsRecentSignIn: true,
      elseRefusedAs: ["mailbox-label-taken", "forbidden"],
      changes: true,
      ask: (c) => c.mailboxes.connect(mailboxForm),
    },
  ],
  "mailboxes.test": [
    {
      right: "accounts:manage",
      outOfScope: "not-found",
      elseRefusedAs: ["mailbox-error", ...onlyForAll],
      ask: (c) => c.mailboxes.test({ mailboxId }),
    },
  ],
  "mailboxes.setState": [
    {
      right: "accounts:manage",
      outOfScope: "not-found",
      wantsRecentSignIn: true,
      changes: true,
      elseRefusedAs: onlyForAll,
      ask: (c) => c.mailboxes.setState({ mailboxId, state: "paused" }),
    },
  ],
};

const downloads: Readonly<Record<string, Row>> = {
  "/api/certificates/…/certificate": {
    right: "certificates:download",
    outOfScope: "not-found",
    ask: (_, { certificateId }, ctx) => exportCertificate(ctx, certificateId, "certificate", null),
  },
  "/api/certificates/…/key": {
    right: "keys:export",
    outOfScope: "not-found",
    wantsRecentSignIn: true,
    ask: (_, { certificateId }, ctx) => exportCertificate(ctx, certificateId, "key", "for the test"),
  },
  "/api/certificates/…/pem": {
    right: "keys:export",
    outOfScope: "not-found",
    wantsRecentSignIn: true,
    ask: (_, { certificateId }, ctx) => exportCertificate(ctx, certificateId, "pem", "for the test"),
  },
  "/api/orders/…/download": {
    right: "certificates:import",
    outOfScope: "not-found",
    elseRefusedAs: noCa,
    ask: (_, { orderId }, ctx) => downloadFromCa(ctx, orderId, new AbortController().signal),
  },
  "/api/mails/…/open": {
    right: "certificates:import",
    outOfScope: "not-found",
    elseRefusedAs: ["mailbox-error", "mailbox-not-connected"],
    ask: (_, { mailId }, ctx) => openMail(ctx, mailId, new AbortController().signal),
  },
};

const scopes: Readonly<Record<string, Scope>> = {
  "every account": "all",
  "both accounts": new Set([ours, theirs]),
  "another account": new Set([theirs]),
  "no account": new Set(),
};
const signIns = {
  "a moment ago": new Date(now.getTime() - 1000),
  "an hour ago": new Date(now.getTime() - 3_600_000),
  "in the future": new Date(now.getTime() + 1000),
};

let routers: TestRouters;
let open: Awaited<ReturnType<TestRouters["open"]>>;
let shared: Things;
beforeAll(async () => {
  routers = await startTestRouters();
  open = await routers.open({ anchorsPem: [file("pki/root.crt")], intermediates: null });
  await routers.store.commit({ writes: [{ write: "account-saved", account: account(theirs) }], audit: [] });
  const person = {
    personId,
    name: "Somebody",
    email: "some@example.test",
    role: "viewer",
    scope: "all",
  } as const;
  await routers.store.commit({ writes: [{ write: "person-invited", person, at: now }], audit: [] });
  shared = await makeThings();
});
afterAll(() => routers[Symbol.asyncDispose]());

function account(caAccountId: CaAccountId): CaAccount {
  return {
    caAccountId,
    adapter: fields.adapter,
    label: caAccountId === ours ? label : "Another",
    baseUrl: "",
    settings: {},
    credentialRef: vaultRefSchema.parse("credential"),
    state: "connected",
    isSandbox: false,
    capabilities: ["resend-fulfillment", "choose-recipient", "download"],
    connectedAt: new Date(0),
    sync: neverSynced,
  };
}

/** An order with an open request and an imported certificate, sealed, all of the account in question. */
async function makeThings(): Promise<Things> {
  const id = `${mark}-${randomUUID()}`;
  const orderId = orderIdSchema.parse(id);
  const requestId = resendRequestIdSchema.parse(id);
  const certificateId = certificateIdSchema.parse(id);
  const mailId = mailIdSchema.parse(id);
  const unmatchedId = mailIdSchema.parse(`${id}-unmatched`);
  const order: Order = {
    orderId,
    caAccountId: ours,
    caOrderId: caOrderIdSchema.parse(id),
    product: "PositiveSSL",
    validationType: "dv",
    commonName: `${mark}.example.test`,
    dnsNames: [dnsNameSchema.parse("shop.example.test")],
    csrSpkiSha256: null,
    recipients: { approver: [], fulfillment: [{ address: recipient, source: "administrator-contact" }] },
    status: "issued",
    vendorStatus: "Approved",
    orderedAt: now,
    issuances: [{ caCertificateId: id, validFrom: now, validTo: nextYear }],
    imports: {},
    syncedAt: now,
    detailsAt: now,
    goneAt: null,
  };
  const request: ResendRequest = {
    requestId,
    orderId,
    kind: "approver",
    idempotencyKey: idempotencyKeySchema.parse(randomUUID()),
    confirmedRecipients: [recipient],
    chosenRecipients: [],
    format: null,
    message: null,
    requestedBy: { personId: personIdSchema.parse("ana"), name: "Ana" },
    requestedAt: now,
    status: "requested",
    notBefore: now,
    attempts: 0,
    claimedAt: null,
    settledAt: null,
    reason: null,
    caMessage: null,
    answeredInMs: null,
    evidence: noEvidence,
  };
  const { vault } = open.portsAt(now);
  const pem = new CertificateMaterial(Buffer.from(material));
  const certificate: ImportedCertificate = {
    certificateId,
    fingerprintSha256: id,
    spkiSha256: id,
    serialNumber: "01",
    commonName: `${mark}.example.test`,
    dnsNames: ["shop.example.test"],
    organization: null,
    issuer: "Example CA",
    keyType: "EC P-256",
    signatureAlgorithm: "ecdsa-with-SHA256",
    validFrom: now,
    validTo: now,
    isChainComplete: true,
    chainNames: [],
    mode: "certificate-and-key",
    certificateRef: await vault.put({ kind: "certificate", boundTo: id }, pem),
    keyRef: await vault.put({ kind: "private-key", boundTo: id }, pem),
    orderId,
    caCertificateId: null,
    version: 1,
    isCurrent: true,
    notes: mark,
    importedAt: now,
    importedBy: "Ana",
  };
  const writes = [
    { write: "account-saved", account: account(ours) },
    { write: "order-synced", order },
    { write: "resend-requested", request },
    { write: "certificate-imported", certificate },
    { write: "mailbox-saved", mailbox },
    { write: "mail-received", mail: mailAbout(orderId, mailId) },
    { write: "mail-received", mail: mailAbout(null, unmatchedId) },
  ] as const;
  await routers.store.commit({ writes, audit: [] });
  return { orderId, requestId, certificateId, mailId, unmatchedId };
}

function mailAbout(orderId: OrderId | null, mailId: MailId): ReceivedMail {
  return {
    ...{ mailId, mailboxId, messageId: mailId, orderId, requestId: null },
    ...{ receivedAt: now, sentAt: now, sender: "ca@issuer.test", recipients: [recipient] },
    place: { folder: "INBOX", uidValidity: "1", uid: 1 },
    verdict: { dkim: "none", dmarc: "none", sender: "none" },
    ...{ kind: "fulfillment", matchedBy: ["names"], contradictions: [], orderNumbers: [], names: [] },
    ...{ holdsPrivateKey: false, putAwayAt: null },
  };
}

interface Cell {
  readonly role: Role;
  readonly scope: string;
  readonly signIn: keyof typeof signIns;
}

/** How long ago one signed in matters only to rows that say so; all others are asked as by somebody who came long ago. */
function cellsOf(row: Row): readonly Cell[] {
  const signedIn = row.wantsRecentSignIn
    ? (["a moment ago", "an hour ago", "in the future"] as const)
    : (["an hour ago"] as const);
  return roles.flatMap((role) =>
    Object.keys(scopes).flatMap((scope) => signedIn.map((signIn) => ({ role, scope, signIn }))),
  );
}

/** What the table says that this cell answers: any of these. */
function allowed(row: Row, { role, scope, signIn }: Cell): readonly string[] {
  const isOutOfScope = scope === "another account" || scope === "no account";
  const unseen = isOutOfScope && row.outOfScope !== "no-matter" ? [row.outOfScope] : [];
  const rights: readonly Right[] = rightsOfRole[role];
  // Whoever may neither see nor do it may hear either; both tell nothing.
  if (row.right && !rights.includes(row.right))
    return [...(row.withoutRight ?? ["forbidden"]), ...unseen.filter(isRefusal)];
  if (row.wantsRecentSignIn && signIn !== "a moment ago")
    return ["step-up-required", ...unseen.filter(isRefusal)];
  if (unseen.length > 0) return unseen;
  return ["done", ...(row.elseRefusedAs ?? [])];
}

const isRefusal = (word: string) => word !== "nothing";

/** What it does answer. */
async function outcome(row: Row, { role, scope, signIn }: Cell): Promise<string> {
  const things = row.changes ? await makeThings() : shared;
  const standing = { scope: scopes[scope] ?? new Set(), signedInAt: signIns[signIn] };
  const actor = personActor({ personId: role, name: role, role, ...standing });
  try {
    const caller = open.callerAs(role, now, standing);
    const said = JSON.stringify(await row.ask(caller, things, ctxFor(open.portsAt(now), actor)));
    const isOutOfScope = scope === "another account" || scope === "no account";
    if (!isOutOfScope || row.outOfScope !== "nothing") return "done";
    return said.includes(mark) ? "tells of what is out of scope" : "nothing";
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return refusal.code;
  }
}

async function wrongCells(row: Row): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const cell of cellsOf(row)) {
    const expected = allowed(row, cell);
    const found = await outcome(row, cell);
    if (!expected.includes(found)) {
      const { role, scope, signIn } = cell;
      wrong.push(`${role}, ${scope}, signed in ${signIn}: ${found} instead of ${expected.join(" or ")}`);
    }
  }
  return wrong;
}

const table = [
  ...Object.entries(rows).flatMap(([path, all]) =>
    all.map((row, n) => [n === 0 ? path : `${path} (${n + 1})`, row] as const),
  ),
  ...Object.entries(downloads),
] as const;

const cellCount = table.reduce((sum, [, row]) => sum + cellsOf(row).length, 0);

describe(`who may do what: ${table.length} things to ask for, ${cellCount} cells of role, scope and sign-in`, () => {
  it("has a row for every procedure of the router, and none for another", () => {
    expect(Object.keys(rows).sort()).toEqual(Object.keys(appRouter._def.procedures).sort());
  });

  it.each(table)("%s answers each of them as the table says", async (_, row) => {
    expect(await wrongCells(row)).toEqual([]);
  });

  it.each(Object.entries(rows))("%s answers nobody who has not signed in", async (path, [row]) => {
    if (!row) throw new Error(`${path} has no row`);
    const asked = async () =>
      await row.ask(open.callerAs(null, now), shared, ctxFor(open.portsAt(now), systemActor));
    if (row.isOpen) expect(await asked()).toBeNull();
    else await expect(asked()).rejects.toMatchObject({ cause: { refusal: { code: "not-signed-in" } } });
  });
});

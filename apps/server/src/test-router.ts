import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCaller, type Services } from "@sealpost/api";
import { comparableHost } from "@sealpost/certificates";
import { openStore } from "@sealpost/db";
import {
  type CaAccount,
  CaError,
  caAccountIdSchema,
  caOrderIdSchema,
  createRefusalGate,
  defaultMailPolicy,
  defaultResendPolicy,
  dnsNameSchema,
  MailboxError,
  neverSynced,
  type Order,
  orderIdSchema,
  PassphraseTries,
  type Ports,
  personActor,
  type Role,
  type Scope,
  sessionIdSchema,
} from "@sealpost/domain";
import { createAuditSeal, openVault } from "@sealpost/vault";
import { openIntermediates } from "./intermediates.ts";
import { createReadPool } from "./read-pool.ts";

/** What a router of a test trusts and knows: roots, and intermediates to complete chains from. */
export interface TestTrust {
  readonly anchorsPem: readonly string[];
  readonly intermediates: Buffer | null;
}

/** What beside their role decides what somebody may do. */
export interface Standing {
  readonly scope?: Scope;
  readonly signedInAt?: Date;
}

/**
 * The console's router over a real database, vault and worker threads, called directly and at any moment one likes:
 * for what a browser could only ask in the present.
 */
export async function startTestRouters() {
  const directory = mkdtempSync(join(tmpdir(), "sealpost-router-"));
  const stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(directory, { recursive: true, force: true }));
  const seal = createAuditSeal(Buffer.alloc(32, 7));
  const { store, close } = openStore({ file: join(directory, "sealpost.db"), seal });
  stack.defer(close);
  await store.commit({ writes: [{ write: "account-saved", account }], audit: [] });

  async function open({ anchorsPem, intermediates }: TestTrust) {
    const place = mkdtempSync(join(directory, "console-"));
    const library = await openIntermediates(place);
    if (intermediates) await library.add(intermediates);
    const reader = stack.use(
      createReadPool({ anchorsPem, library: () => library.place(), fetchIssuer: null }),
    );
    const vault = await openVault({ directory: join(place, "vault"), masterKeys: [Buffer.alloc(32, 7)] });
    let passphraseTries = new PassphraseTries();
    const portsAt = (now: Date): Ports => ({
      store,
      vault,
      reader,
      intermediates: library,
      passphraseTries,
      openAuthority: () => Promise.reject(new CaError("unavailable")),
      openMailbox: () => Promise.reject(new MailboxError("unavailable")),
      clock: { now: () => now },
      newId: randomUUID,
      resendPolicy: defaultResendPolicy,
      refusalGate: createRefusalGate(),
      mailPolicy: defaultMailPolicy,
      passkeys: null,
      groupRoles: null,
    });
    const callerAs = (role: Role | null, now: Date, { scope = "all", signedInAt = now }: Standing = {}) => {
      const services: Services = {
        ports: portsAt(now),
        isReadOnly: false,
        caCatalog: [],
        readAccountForm: () => ({ settings: {}, credential: null, capabilities: [], baseUrl: "" }),
        startSync: () => {},
        stopSync: async () => {},
        watchMailbox: () => {},
        unwatchMailbox: async () => {},
        issueLink: () => ({ url: "https://console.example.test/", expiresAt: now }),
        nudgeWorker: () => {},
      };
      const person = role && {
        personId: role,
        name: role,
        email: `${role}@example.test`,
        role,
        hasSecondFactor: false,
        hasPasskey: false,
        provider: null,
      };
      const actor = person && personActor({ ...person, scope, signedInAt });
      const { signal } = new AbortController();
      const sessionId = person && sessionIdSchema.parse(`session-of-${role}`);
      return createCaller({ services, actor, person, sessionId, requestId: "test", signal });
    };
    return {
      callerAs,
      portsAt,
      /** As after a restart: nobody has tried a wrong passphrase. */
      forgetTries: () => {
        passphraseTries = new PassphraseTries();
      },
    };
  }

  return {
    store,
    open,
    /** An order for these hosts whose CSR the CA does not tell. Resolves to its id. */
    async placeOrder(
      hosts: readonly string[],
      at: Date,
      issuances: Order["issuances"] = [],
    ): Promise<string> {
      const order = { ...orderFor(hosts, at), issuances };
      await store.commit({ writes: [{ write: "order-synced", order }], audit: [] });
      return order.orderId;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export type TestRouters = Awaited<ReturnType<typeof startTestRouters>>;

const account: CaAccount = {
  caAccountId: caAccountIdSchema.parse("account"),
  adapter: "ibm-classic",
  label: "Main",
  baseUrl: "https://ca.example.test/",
  settings: {},
  credentialRef: null,
  state: "connected",
  isSandbox: false,
  capabilities: [],
  connectedAt: new Date(0),
  sync: neverSynced,
};

/** As an adapter hands names on. Throws for what no order can name. */
export function orderedName(host: string) {
  return dnsNameSchema.parse(comparableHost(host));
}

function orderFor(hosts: readonly string[], at: Date): Order {
  return {
    orderId: orderIdSchema.parse(randomUUID()),
    caAccountId: account.caAccountId,
    caOrderId: caOrderIdSchema.parse(randomUUID()),
    product: "PositiveSSL",
    validationType: "dv",
    commonName: hosts[0] ?? "",
    dnsNames: hosts.map(orderedName),
    csrSpkiSha256: null,
    recipients: { approver: "not-loaded", fulfillment: "not-loaded" },
    status: "issued",
    vendorStatus: "Approved",
    orderedAt: at,
    issuances: [],
    imports: {},
    syncedAt: at,
    detailsAt: at,
    goneAt: null,
  };
}

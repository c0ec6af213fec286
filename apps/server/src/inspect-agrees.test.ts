import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCaller, type Services } from "@sealpost/api";
import { comparableHost } from "@sealpost/certificates";
import { inspect } from "@sealpost/cli/inspect";
import { openStore } from "@sealpost/db";
import {
  type CaAccount,
  caAccountIdSchema,
  caOrderIdSchema,
  defaultResendPolicy,
  dnsNameSchema,
  type Order,
  orderIdSchema,
  systemActor,
} from "@sealpost/domain";
import { openVault } from "@sealpost/vault";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openIntermediates } from "./intermediates.ts";
import { createReadPool } from "./read-pool.ts";

// What the console says of a file and what the command line says of it is the same, finding by finding: the console by
// its router, worker threads and database, the command by its own reading, over every vector there is.

interface Vector {
  readonly name: string;
  readonly files: readonly string[];
  readonly options: {
    readonly password?: string;
    readonly orderHosts?: readonly string[];
    readonly trust?: readonly string[];
    readonly intermediates?: string;
    readonly certificateOnly?: true;
    readonly at?: string;
  };
}

const vectors = new URL("../../../packages/certificates/vectors/", import.meta.url);
const pathOf = (file: string) => fileURLToPath(new URL(`files/${file}`, vectors));
const manifest: { readonly at: string; readonly vectors: readonly Vector[] } = JSON.parse(
  readFileSync(new URL("manifest.json", vectors), "utf8"),
);

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
  connectedAt: new Date(),
  sync: { runningSince: null, completedAt: null, ordersSeen: 0, fault: null },
};

function orderFor(hosts: readonly string[]): Order {
  return {
    orderId: orderIdSchema.parse(randomUUID()),
    caAccountId: account.caAccountId,
    caOrderId: caOrderIdSchema.parse(String(Math.floor(Math.random() * 1e12))),
    product: "PositiveSSL",
    validationType: "dv",
    commonName: hosts[0] ?? "",
    dnsNames: hosts.map((host) => dnsNameSchema.parse(comparableHost(host))),
    csrSpkiSha256: null,
    recipients: { approver: "not-loaded", fulfillment: "not-loaded" },
    status: "issued",
    vendorStatus: "Approved",
    orderedAt: new Date(manifest.at),
    issuances: [],
    imports: {},
    syncedAt: new Date(manifest.at),
    detailsAt: new Date(manifest.at),
    goneAt: null,
  };
}

const directory = mkdtempSync(join(tmpdir(), "sealpost-agrees-"));
const stack = new AsyncDisposableStack();
let store: ReturnType<typeof openStore>;
beforeAll(async () => {
  store = openStore({ file: join(directory, "sealpost.db") });
  stack.defer(() => store.close());
  await store.store.commit({ writes: [{ write: "account-saved", account }], audit: [] });
});
afterAll(async () => {
  await stack.disposeAsync();
  rmSync(directory, { recursive: true, force: true });
});

const consoles = new Map<string, ReturnType<typeof consoleWith>>();

/** A console's router over real parts, trusting these roots and knowing these intermediates. */
async function consoleWith(trust: readonly string[], known: string | undefined) {
  const place = mkdtempSync(join(directory, "library-"));
  const intermediates = await openIntermediates(place);
  if (known !== undefined) await intermediates.add(readFileSync(pathOf(known)));
  const anchorsPem = trust.map((file) => readFileSync(pathOf(file), "utf8"));
  const options = { anchorsPem, library: () => intermediates.place(), fetchIssuer: null };
  const reader = stack.use(createReadPool(options));
  const vault = await openVault({ directory: join(place, "vault"), masterKey: Buffer.alloc(32, 7) });
  let now = new Date(manifest.at);
  const services: Services = {
    ports: {
      store: store.store,
      vault,
      reader,
      intermediates,
      openAuthority: () => Promise.reject(new Error("no CA is asked here")),
      clock: { now: () => now },
      newId: randomUUID,
      resendPolicy: defaultResendPolicy,
    },
    readAccountForm: () => ({ settings: {}, credential: null, capabilities: [], baseUrl: "" }),
    startSync: () => {},
    stopSync: () => {},
    nudgeWorker: () => {},
  };
  const person = { personId: "ana", name: "Ana", email: "ana@example.test", role: "administrator" } as const;
  const actor = { ...systemActor, kind: "person", actorId: "ana" } as const;
  const signal = new AbortController().signal;
  const caller = createCaller({ services, actor, person, requestId: "test", signal });
  return async (form: FormData, at: Date) => {
    now = at;
    return await caller.certificates.preview(form);
  };
}

async function consoleSays({ files, options }: Vector) {
  const { trust = ["pki/root.crt"], intermediates } = options;
  const key = JSON.stringify([trust, intermediates]);
  const preview = consoles.get(key) ?? consoleWith(trust, intermediates);
  consoles.set(key, preview);
  const form = new FormData();
  for (const file of files)
    form.append("file", new File([Uint8Array.from(readFileSync(pathOf(file)))], basename(file)));
  form.append("mode", options.certificateOnly ? "certificate-only" : "certificate-and-key");
  if (options.password !== undefined) form.append("passphrase", options.password);
  form.append("order", await chosenOrder(options.orderHosts));
  const plan = await (await preview)(form, new Date(options.at ?? manifest.at));
  return plan.findings.map(({ id, severity, params, source }) => ({
    id,
    severity,
    params,
    source: source?.path.join(" › ") ?? null,
  }));
}

async function chosenOrder(hosts: readonly string[] | undefined): Promise<string> {
  if (!hosts) return "none";
  const order = orderFor(hosts);
  await store.store.commit({ writes: [{ write: "order-synced", order }], audit: [] });
  return order.orderId;
}

async function commandSays({ files, options }: Vector) {
  const { findings } = await inspect({
    files: files.map(pathOf),
    passphrase: options.password ?? null,
    orderHosts: options.orderHosts ?? [],
    at: new Date(options.at ?? manifest.at),
    trust: (options.trust ?? ["pki/root.crt"]).map(pathOf),
    intermediates: options.intermediates === undefined ? [] : [pathOf(options.intermediates)],
    certificateOnly: options.certificateOnly ?? false,
    language: "en",
    json: true,
  });
  return findings.map(({ id, severity, params, source }) => ({ id, severity, params, source }));
}

/** An order names hosts; an order for an IPv6 address is something only the command can be told of. */
const isOrderable = ({ options }: Vector) =>
  (options.orderHosts ?? []).every((host) => dnsNameSchema.safeParse(comparableHost(host)).success);
const orderable = manifest.vectors.filter(isOrderable);

it("is compared over all vectors but those few whose order no CA could show", () => {
  expect(manifest.vectors.length - orderable.length).toBeLessThan(5);
});

it.each(orderable.map((vector) => [vector.name, vector] as const))("%s", async (_, vector) => {
  expect(await consoleSays(vector)).toEqual(await commandSays(vector));
});

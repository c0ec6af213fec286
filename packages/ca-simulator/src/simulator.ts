import { BlockList, isIPv6 } from "node:net";
import { CertificateDesk } from "./certificate-desk.ts";
import { type Control, controlListener, controlOf } from "./control.ts";
import { digicert, digicertPath } from "./dialects/digicert.ts";
import { largestPage } from "./dialects/digicert-list.ts";
import { ibmClassic } from "./dialects/ibm-classic.ts";
import { keyPage } from "./key-page.ts";
import { type Address, type Handler, listen } from "./listener.ts";
import { Mailbox } from "./mailbox.ts";
import { mailboxPage } from "./mailbox-page.ts";
import { sendMail } from "./mime.ts";

import type { CaName } from "./order-book.ts";
import { openState, type Ports, type SandboxFacts } from "./sandbox-state.ts";
import { seedSandbox } from "./seed.ts";

export interface SimulatorOptions {
  /** Where the sandbox is kept between starts; without it, in memory only. */
  readonly dataDirectory?: string;
  /** What a new sandbox holds: a desk's daily life, or nothing (usual). */
  readonly seed?: "sandbox" | "none";
  /** A loopback address; 127.0.0.1 without. */
  readonly host?: string;
  /** A port named here must be free. Without, the one of last time if it is free, else any. */
  readonly ports?: Readonly<Partial<Ports>>;
  readonly now?: () => Date;
}

/** What a customer of the CA has in hand, as the console's account form wants it. */
export interface SandboxAccount {
  readonly baseUrl: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly credential: Readonly<Record<string, string>>;
}

export interface Simulator extends AsyncDisposable {
  readonly caUrl: string;
  readonly mailboxUrl: string;
  readonly keysUrl: string;
  readonly controlUrl: string;
  readonly controlToken: string;
  readonly smtpPort: number;
  readonly accounts: Readonly<Record<CaName, SandboxAccount>>;
  /** A second key of the DigiCert account, restricted to reading. */
  readonly digicertReadOnlyKey: string;
  /** IBM classic's, as `accounts` has it too. */
  readonly credential: { readonly username: string; readonly apiKey: string };
  readonly accountId: number;
  readonly rootCertificatePem: string;
  readonly intermediateCertificatePem: string;
  readonly control: Control;
  /** Resolves when at least this many mails have arrived. */
  waitForMails(count: number): Promise<void>;
  close(): Promise<void>;
}

/** How often the status clock is looked at while nobody asks. */
const clockMs = 1000;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

/** Starts the CA, the mailbox and the key page, each on its own loopback port. Throws for any other host. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { now = () => new Date() } = options;
  const state = await openState(options.dataDirectory, now());
  await using parts = new AsyncDisposableStack();
  const address = addresses(options, state.facts.ports);
  const mailbox = parts.use(new Mailbox(state.mails, now));
  const smtp = { host: address("smtp").host, port: await mailbox.listen(address("smtp")) };
  let ports: Ports | null = null;
  const desk: CertificateDesk = new CertificateDesk({
    authority: state.facts.authority,
    orders: state.facts.orders,
    now,
    deliver: async (mail) => await sendMail(mail, smtp),
    // Nothing is kept before everything stands: a first start that breaks off is a first start again.
    onChange: () => ports && state.save(desk.orders, ports),
  });
  parts.defer(async () => await desk.settled());
  if (state.facts.isNew && options.seed === "sandbox") await seedSandbox(desk, now());
  const { controlToken } = state.facts;
  const pages = { largest: largestPage };
  const control = controlOf(desk, mailbox, pages);
  const dialects = dialectsOf({ desk, facts: state.facts, now, largestPage: () => pages.largest });
  const ca = parts.use(await listen(dialects, address("ca")));
  const mails = parts.use(await listen(mailboxPage(mailbox), address("mailbox")));
  const keys = parts.use(await listen(keyPage(desk), address("keys")));
  const controls = parts.use(await listen(controlListener(control, controlToken), address("control")));
  ports = { ca: ca.port, mailbox: mails.port, keys: keys.port, control: controls.port, smtp: smtp.port };
  state.save(desk.orders, ports);
  // A mail that could not leave now is asked for again by whoever misses it.
  const clock = setInterval(() => void desk.turnClock().catch(() => {}), clockMs);
  parts.defer(() => clearInterval(clock));
  const urls = {
    caUrl: `${ca.url}rest/v3.1/`,
    mailboxUrl: mails.url,
    keysUrl: keys.url,
    controlUrl: controls.url,
  };
  const accounts = accountsOf(state.facts, ca.url);
  const { readOnlyKey } = state.facts.digicert;
  const handled = handle(state.facts, mailbox, parts.move());
  return { ...urls, ...handled, accounts, digicertReadOnlyKey: readOnlyKey, control, smtpPort: smtp.port };
}

/** Each CA under its own path. */
function dialectsOf(world: {
  readonly desk: CertificateDesk;
  readonly facts: SandboxFacts;
  readonly now: () => Date;
  readonly largestPage: () => number;
}): Handler {
  const { facts } = world;
  const { accountId, credential } = facts;
  const ibm = ibmClassic({ ...world, accountId, credential });
  const digi = digicert({ ...world, accountId: facts.digicert.accountId, keys: facts.digicert });
  return (request, response, url) =>
    (url.pathname.startsWith(digicertPath) ? digi : ibm)(request, response, url);
}

function accountsOf({ credential, digicert }: SandboxFacts, url: string): Simulator["accounts"] {
  const { username, apiKey } = credential;
  return {
    "ibm-classic": { baseUrl: `${url}rest/v3.1/`, settings: { username }, credential: { apiKey } },
    digicert: {
      baseUrl: new URL(digicertPath, url).href,
      settings: {},
      credential: { apiKey: digicert.apiKey },
    },
  };
}

function handle(facts: SandboxFacts, mailbox: Mailbox, parts: AsyncDisposableStack) {
  return {
    controlToken: facts.controlToken,
    credential: facts.credential,
    accountId: facts.accountId,
    rootCertificatePem: facts.authority.rootPem,
    intermediateCertificatePem: facts.authority.intermediatePem,
    waitForMails: async (count: number) => await mailbox.waitFor(count),
    close: async () => await parts.disposeAsync(),
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  };
}

function addresses(options: SimulatorOptions, lastPorts: Ports): (part: keyof Ports) => Address {
  const { host = "127.0.0.1" } = options;
  if (!loopback.check(host, isIPv6(host) ? "ipv6" : "ipv4"))
    throw new Error(`${host} is not a loopback address`);
  return (part) => {
    const fixed = options.ports?.[part] ?? 0;
    return { host, port: fixed === 0 ? lastPorts[part] : fixed, isMovable: fixed === 0 };
  };
}

import { BlockList, isIPv6 } from "node:net";
import { CertificateDesk } from "./certificate-desk.ts";
import { type Control, controlListener, controlOf, type Knobs, type MailServerChoice } from "./control.ts";
import type { AccountFields, Dialect, DialectWorld } from "./dialects/dialect.ts";
import { dialectOf, dialects } from "./dialects/registry.ts";
import { keyPage } from "./key-page.ts";
import { type Address, type Handler, listen, sendJson } from "./listener.ts";
import { Mailbox } from "./mailbox.ts";
import { mailboxPage } from "./mailbox-page.ts";
import { sendMail } from "./mime.ts";
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
export interface SandboxAccount extends AccountFields {
  /** The adapter's id. */
  readonly ca: string;
  readonly baseUrl: string;
  /** A credential that may only read, where the CA has such. */
  readonly readOnlyCredential: AccountFields["credential"] | null;
}

export interface Simulator extends AsyncDisposable {
  readonly mailboxUrl: string;
  readonly keysUrl: string;
  readonly controlUrl: string;
  readonly controlToken: string;
  readonly smtpPort: number;
  /** One at each CA. */
  readonly accounts: readonly SandboxAccount[];
  readonly rootCertificatePem: string;
  readonly intermediateCertificatePem: string;
  readonly control: Control;
  /** The account at one CA. Throws for a CA that is not played here. */
  account(ca: string): SandboxAccount;
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
  const knobs: Knobs = { largestPage: null, mailServer: null };
  const smtp: MailServerChoice & { readonly host: string } = {
    host: address("smtp").host,
    port: await mailbox.listen(address("smtp")),
  };
  let ports: Ports | null = null;
  const desk: CertificateDesk = new CertificateDesk({
    authority: state.facts.authority,
    orders: state.facts.orders,
    now,
    deliver: async (mail) => {
      const { port, returnTo = mail.from } = knobs.mailServer ?? smtp;
      await sendMail({ ...mail, from: returnTo }, { host: smtp.host, port });
    },
    // Nothing is kept before everything stands: a first start that breaks off is a first start again.
    onChange: () => ports && state.save(desk.orders, ports),
  });
  parts.defer(async () => await desk.settled());
  if (state.facts.isNew && options.seed === "sandbox") await seedSandbox(desk, now());
  const { controlToken } = state.facts;
  const control = controlOf(desk, mailbox, knobs);
  const { secrets } = state.facts;
  const world = { desk, now, largestPage: () => knobs.largestPage };
  const ca = parts.use(await listen(allDialects(world, secrets), address("ca")));
  const mails = parts.use(await listen(mailboxPage(mailbox), address("mailbox")));
  const keys = parts.use(await listen(keyPage(desk), address("keys")));
  const controls = parts.use(await listen(controlListener(control, controlToken), address("control")));
  ports = { ca: ca.port, mailbox: mails.port, keys: keys.port, control: controls.port, smtp: smtp.port };
  state.save(desk.orders, ports);
  // A mail that could not leave now is asked for again by whoever misses it.
  const clock = setInterval(() => void desk.turnClock().catch(() => {}), clockMs);
  parts.defer(() => clearInterval(clock));
  const urls = {
    mailboxUrl: mails.url,
    keysUrl: keys.url,
    controlUrl: controls.url,
  };
  const accounts = dialects.map((dialect) => accountOf(dialect, secrets, ca.url));
  const account = (name: string) => accountOf(dialectOf(name), secrets, ca.url);
  const handled = handle(state.facts, mailbox, parts.move());
  return { ...urls, ...handled, accounts, account, control, smtpPort: smtp.port };
}

/** Each CA under the first part of its own path. */
function allDialects(world: Omit<DialectWorld, "secrets">, secrets: SandboxFacts["secrets"]): Handler {
  const first = (path: string) => path.split("/")[1];
  const handlers = new Map(
    dialects.map(({ ca, path, handler }) => [first(path), handler({ ...world, secrets: secrets[ca] ?? {} })]),
  );
  return (request, response, url) => {
    const handler = handlers.get(first(url.pathname));
    return handler ? handler(request, response, url) : sendJson(response, 404, { error: "no such CA" });
  };
}

function accountOf(dialect: Dialect, kept: SandboxFacts["secrets"], url: string): SandboxAccount {
  const secrets = kept[dialect.ca] ?? {};
  return {
    ca: dialect.ca,
    baseUrl: new URL(dialect.path, url).href,
    ...dialect.account(secrets),
    readOnlyCredential: dialect.readOnlyCredential?.(secrets) ?? null,
  };
}

function handle(facts: SandboxFacts, mailbox: Mailbox, parts: AsyncDisposableStack) {
  return {
    controlToken: facts.controlToken,
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

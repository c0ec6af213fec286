import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import type { Server } from "node:http";
import { join } from "node:path";
import type { Services } from "@sealpost/api";
import { caCatalog } from "@sealpost/ca-adapter";
import { createAnchors } from "@sealpost/certificates";
import { authSchema, lockDataDirectory, openStore } from "@sealpost/db";
import {
  type Ctx,
  createRefusalGate,
  defaultMailPolicy,
  defaultResendPolicy,
  PassphraseTries,
  type Ports,
  positionAfter,
  type ReceiveMail,
  receiveMail,
  settleRestored,
  systemActor,
} from "@sealpost/domain";
import { sweepVault } from "@sealpost/vault";
import { readAccountForm } from "./account-form.ts";
import { Attendance } from "./attendance.ts";
import { createAuth } from "./auth.ts";
import { authoritiesFrom } from "./authorities.ts";
import { ChangeFeed } from "./change-feed.ts";
import { type Config, SettingsError } from "./env.ts";
import {
  logFault,
  logNotAdmitted,
  logPages,
  logReadOnly,
  logRestored,
  logSwept,
  logUntracedSignIn,
} from "./events.ts";
import { createIssuerFetch } from "./fetch-issuer.ts";
import { createFrontDoor } from "./http.ts";
import { IdentityProvider } from "./identity-provider.ts";
import { openIntermediates } from "./intermediates.ts";
import type { Logger } from "./logger.ts";
import { MailRematch } from "./mail-rematch.ts";
import { MailboxWatch } from "./mailbox-watch.ts";
import { mailboxesFrom } from "./mailboxes.ts";
import { newId } from "./new-id.ts";
import { OneTimeLinks } from "./one-time-links.ts";
import { openOperatorSocket } from "./operator-socket.ts";
import { OrderSync } from "./order-sync.ts";
import { type Pages, startPages } from "./pages.ts";
import { Passkeys } from "./passkeys.ts";
import { createPasswordJudge, type PasswordJudge } from "./password-judge.ts";
import { People } from "./people.ts";
import { type AddressRules, isLoopbackAddress, isPublicAddress } from "./pinned-address.ts";
import { createProviderFetch } from "./provider-fetch.ts";
import type { ProviderSettings } from "./provider-settings.ts";
import { createReadPool } from "./read-pool.ts";
import { createRoutes } from "./routes.ts";
import { connectSandbox, readHandover, type Sandbox } from "./sandbox.ts";
import { openVaultAtStart } from "./vault-at-start.ts";
import { VaultDesk } from "./vault-desk.ts";
import { Worker } from "./worker.ts";

const sweepEveryMs = 60 * 60 * 1000;
const shrinkEveryMs = 60 * 1000;

/** The running console. Disposing it stops everything in the order that loses nothing. */
export interface Console extends AsyncDisposable {
  /** A one-time link for the first administrator, while nobody exists. */
  setupLink(): Promise<string | null>;
  /** Why nothing can be changed, as one plain sentence for the operator; null: everything can. */
  readonly readOnlyBecause: string | null;
  /** Resolves when pages are served. */
  readonly ready: Promise<void>;
  /** Resolves when the pages ended by themselves. */
  readonly pagesEnded: Promise<void>;
}

/** Pages may be left out, for tests that want only the API. */
export interface ConsoleOptions {
  readonly withPages: boolean;
  /** Shared by consoles of one process, where there are several: loading its lists takes longest of all. */
  readonly judge?: PasswordJudge;
}

/** Builds every port from the settings, and opens the public port last. Throws errors with a plain sentence for bad ground. */
export async function startConsole(config: Config, log: Logger, options: ConsoleOptions): Promise<Console> {
  const stack = new AsyncDisposableStack();
  try {
    await mkdir(config.dataDirectory, { recursive: true, mode: 0o700 });
    const lock = lockDataDirectory(config.dataDirectory);
    stack.defer(() => lock.release());
    const attendance = new Attendance();
    const parts = await openGround(config, stack, attendance);
    const { ports, people, links, masterKeys, lockedBecause } = parts;
    const isReadOnly = lockedBecause !== null;
    if (lockedBecause) logReadOnly(log, lockedBecause);
    const worker = new Worker(ports, log);
    const rematch = new MailRematch(ports, log);
    const sync = new OrderSync(ports, log, () => rematch.nudge());
    const mailboxes = new MailboxWatch(ports, takeIn(ports), log);
    const services: Services = {
      ports,
      isReadOnly,
      caCatalog,
      readAccountForm,
      startSync: (id) => sync.startSync(id),
      stopSync: (id) => sync.stopSync(id),
      watchMailbox: (id) => mailboxes.watch(id),
      unwatchMailbox: (id) => mailboxes.unwatch(id),
      issueLink: (purpose, personId) => links.issue(purpose, personId),
      nudgeWorker: () => worker.nudge(),
    };
    const needsSetup = async () => !isReadOnly && (await people.isEmpty());
    const system = async () => ({
      sandbox: sandboxLinks(parts.sandbox),
      needsSetup: await needsSetup(),
      isReadOnly,
      offersPasskeys: ports.passkeys !== null,
      provider: parts.provider && { name: parts.provider.name },
    });
    const routes = createRoutes({ ...parts, services, system, log });
    // The port first: whether it is free shows at once, and pages asked for early are told to come back.
    let pages = noPages;
    const pagesToken = randomBytes(32).toString("base64url");
    const door = createFrontDoor({
      config,
      routes,
      pages: () => pages,
      pagesToken,
      attendance,
      identify: (incoming) => people.ofRequest(incoming.headers),
      log,
    });
    await listen(door, config);
    pages = await openPages(config, pagesToken, log, stack, options);
    stack.defer(() => close(door));
    // Before the operator can ask for a backup: amid a rotation it would open with no single key.
    if (masterKeys) {
      const resumed = parts.vaultDesk.resume(masterKeys).catch((error) => logFault(log, "rotation", error));
      stack.defer(() => resumed);
    }
    stack.use(
      await openOperatorSocket(config.dataDirectory, {
        ports,
        links,
        vaultDesk: parts.vaultDesk,
        keyFile: config.masterKeyFile,
        isReadOnly,
        log,
      }),
    );
    // All of these write.
    if (masterKeys) {
      if (parts.sandbox) await connectSandbox(asSystem(ports), parts.sandbox, services);
      stack.defer(() => rematch.stop());
      stack.defer(() => sync.stop());
      await sync.start();
      stack.defer(() => mailboxes.stop());
      await mailboxes.start();
      stack.defer(() => worker.stop());
      if (parts.isRestored) logRestored(log, await settleRestored(ports));
      await worker.start();
      sweepRegularly(ports, log, stack);
    }
    return {
      ready: pages.ready,
      pagesEnded: pages.ended,
      readOnlyBecause: lockedBecause,
      setupLink: async () => ((await needsSetup()) ? links.issue("setup", null).url : null),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }

  async function openGround(settings: Config, disposal: AsyncDisposableStack, attendance: Attendance) {
    const { vault, seal, signInSecret, masterKeys, lockedBecause } = await openVaultAtStart(settings);
    const file = join(settings.dataDirectory, "sealpost.db");
    const opened = openStore({ file, seal, isAnybodyWaiting: () => attendance.isAnybody });
    // Who comes by a provider may have to be made, or given another role; where nothing can be sealed, nobody can be.
    const provider = seal && settings.provider;
    disposal.defer(() => opened.close());
    const shrinking = setInterval(() => opened.shrink(), shrinkEveryMs).unref();
    disposal.defer(() => clearInterval(shrinking));
    const sandbox = settings.sandboxHandoverFile ? await readHandover(settings.sandboxHandoverFile) : null;
    const intermediates = await openIntermediates(settings.dataDirectory);
    const ownAnchors = settings.anchorsFile ? [await readAnchors(settings.anchorsFile)] : [];
    const reader = disposal.use(
      createReadPool({
        anchorsPem: [...(sandbox ? [sandbox.rootCertificatePem] : []), ...ownAnchors],
        library: () => intermediates.place(),
        fetchIssuer: settings.fetchesIntermediates ? createIssuerFetch() : null,
        log,
      }),
    );
    const feed = new ChangeFeed();
    const clock = { now: () => new Date() };
    const passkeys = Passkeys.at(settings.publicUrl, opened.passkeys, clock);
    const ports: Ports = {
      store: feed.announcing(opened.store),
      vault,
      reader,
      intermediates,
      passphraseTries: new PassphraseTries(),
      openAuthority: authoritiesFrom(vault, caAddressRules(settings)),
      openMailbox: mailboxesFrom(vault, {
        anchorsPem: ownAnchors,
        rules: settings.allowsPrivateMailServers ? { isAllowed: () => true } : {},
      }),
      clock,
      newId,
      resendPolicy: { ...defaultResendPolicy, unconfirmedAfterS: settings.unconfirmedAfterHours * 3600 },
      mailPolicy: {
        believedServers: [...defaultMailPolicy.believedServers, ...settings.believedMailServers],
      },
      refusalGate: createRefusalGate(),
      passkeys,
      groupRoles: provider?.groupRoles ?? null,
    };
    const judge = options.judge ?? disposal.use(createPasswordJudge());
    const auth = createAuth({
      config: settings,
      database: opened.database,
      schema: authSchema,
      secret: signInSecret,
      log,
      judge,
      passkeys,
      mayEnter: (personId) => people.mayEnter(personId),
      signsInHere: (personId) => people.signsInHere(personId),
      onSignInEvent: async (event) =>
        seal ? await people.traceSignIn(event) : logUntracedSignIn(log, event),
      provider: provider && {
        provider: new IdentityProvider(
          provider,
          await readClientSecret(provider),
          createProviderFetch(ownAnchors),
        ),
        isOpen: async () => !(await people.isEmpty()),
        admit: (claims) => people.admit(claims),
        onProblem: async (problem, why) => {
          logNotAdmitted(log, problem, why);
          await people.traceNotAdmitted(problem);
        },
      },
    });
    const people: People = new People(auth, ports, judge, opened.session, provider?.name ?? null);
    const { dataDirectory, masterKeyFile: keyFile } = settings;
    return {
      isRestored: opened.isRestored,
      masterKeys,
      lockedBecause,
      vaultDesk: new VaultDesk({ ports, vault, opened, dataDirectory, keyFile }),
      feed,
      ports,
      auth,
      people,
      provider,
      links: new OneTimeLinks(ports.clock, opened.links, settings.publicUrl.origin),
      sandbox,
    };
  }
}

/** Takes in what a mail tells, together with how far its folder has been read. */
function takeIn(ports: Ports): ReceiveMail {
  return async ({ mailboxId }, mail) => {
    const position = positionAfter(mail);
    const moved = { write: "mailbox-position", mailboxId, position, receivedAt: mail.receivedAt } as const;
    await receiveMail(ports, mailboxId, mail, [moved]);
  };
}

/** CAs are on the public internet, the sandbox's on loopback; anything else the operator allows. */
function caAddressRules({ allowsPrivateCas, isSandbox }: Config): AddressRules {
  if (allowsPrivateCas) return { isAllowed: () => true };
  return { isAllowed: (address) => isPublicAddress(address) || (isSandbox && isLoopbackAddress(address)) };
}

/** Throws SettingsError for a file that cannot be read or is empty. */
async function readClientSecret({ clientSecretFile: file }: ProviderSettings): Promise<string> {
  const secret = (await readFile(file, "utf8").catch(() => "")).trim();
  if (secret !== "") return secret;
  throw new SettingsError([
    `SEALPOST_OIDC_CLIENT_SECRET_FILE ${file} cannot be read, or holds no client secret.`,
  ]);
}

/** Throws SettingsError for a file that cannot be read or holds no certificate. */
async function readAnchors(file: string): Promise<string> {
  try {
    const pem = await readFile(file, "utf8");
    createAnchors([pem]);
    return pem;
  } catch {
    throw new SettingsError([
      `SEALPOST_ANCHORS_FILE ${file} cannot be read, or holds no certificate in PEM.`,
    ]);
  }
}

async function openPages(
  config: Config,
  token: string,
  log: Logger,
  stack: AsyncDisposableStack,
  { withPages }: ConsoleOptions,
): Promise<Pages> {
  if (!withPages) return noPages;
  const host = config.host === "0.0.0.0" || config.host === "::" ? "127.0.0.1" : config.host;
  const pages = await startPages({
    mode: config.pages,
    serverUrl: `http://${host.includes(":") ? `[${host}]` : host}:${config.port}`,
    publicUrl: config.publicUrl,
    token,
    onLine: (line) => logPages(log, line),
  });
  return stack.use(pages);
}

const noPages: Pages = {
  ready: Promise.resolve(),
  ended: new Promise(() => {}),
  serve: (_, outgoing) => void outgoing.writeHead(503, { "retry-after": "2" }).end(),
  upgrade: (_, socket) => void socket.destroy(),
  async [Symbol.asyncDispose]() {},
};

function sandboxLinks(sandbox: Sandbox | null) {
  return sandbox && { mailboxUrl: sandbox.mailboxUrl, keysUrl: sandbox.keysUrl };
}

function asSystem(ports: Ports): Ctx {
  return { ...ports, actor: systemActor };
}

async function listen(server: Server, { port, host }: Config): Promise<void> {
  server.listen(port, host);
  await once(server, "listening");
}

/** Ends quiet connections at once and busy ones after a moment. */
async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const hard = setTimeout(() => server.closeAllConnections(), 2000);
  await closed;
  clearTimeout(hard);
}

function sweepRegularly(ports: Ports, log: Logger, stack: AsyncDisposableStack): void {
  const sweep = async () =>
    logSwept(log, await sweepVault(ports.vault, await ports.store.vaultItems(), ports.clock.now()));
  const run = () => void sweep().catch((error: unknown) => logFault(log, "sweep", error));
  const timer = setInterval(run, sweepEveryMs);
  stack.defer(() => clearInterval(timer));
  run();
}

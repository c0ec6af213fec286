import { CertificateDesk } from "./certificate-desk.ts";
import { type Control, controlListener, controlOf } from "./control.ts";
import { ibmClassic } from "./dialects/ibm-classic.ts";
import { keyPage } from "./key-page.ts";
import { listen } from "./listener.ts";
import { Mailbox } from "./mailbox.ts";
import { mailboxPage } from "./mailbox-page.ts";
import { sendMail } from "./mails.ts";
import { anyPorts, openState, type Ports } from "./sandbox-state.ts";
import { seedSandbox } from "./seed.ts";

export interface SimulatorOptions {
  /** Where the sandbox is kept between starts; without it, in memory only. */
  readonly dataDirectory?: string;
  readonly seed?: "sandbox" | "none";
  readonly now?: () => Date;
}

export interface Simulator extends AsyncDisposable {
  readonly caUrl: string;
  readonly mailboxUrl: string;
  readonly keysUrl: string;
  readonly controlUrl: string;
  readonly controlToken: string;
  readonly smtpPort: number;
  readonly credential: { readonly username: string; readonly apiKey: string };
  readonly accountId: number;
  readonly rootCertificatePem: string;
  readonly intermediateCertificatePem: string;
  readonly control: Control;
  /** Resolves when at least this many mails have arrived. */
  waitForMails(count: number): Promise<void>;
}

const host = "127.0.0.1";
/** How often the status clock is looked at while nobody asks. */
const clockMs = 1000;

/** Starts the CA, the mailbox and the key page, each on its own loopback port. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const now = options.now ?? (() => new Date());
  const state = await openState(options.dataDirectory, now());
  const { facts } = state;
  const wanted = facts.ports;
  let ports: Ports = anyPorts;
  const mailbox = new Mailbox(state.mails, now);
  const smtpPort = await mailbox.listen(wanted.smtp).catch(async () => await mailbox.listen(0));
  const desk: CertificateDesk = new CertificateDesk({
    authority: facts.authority,
    orders: facts.orders,
    now,
    deliver: async (mail) => await sendMail(mail, smtpPort),
    onChange: () => state.save(desk.orders, ports),
  });
  if (facts.isNew && options.seed === "sandbox") await seedSandbox(desk, now());
  const { credential, accountId, controlToken } = facts;
  const ca = await listen(ibmClassic({ desk, credential, accountId, now }), { host, port: wanted.ca });
  const mails = await listen(
    mailboxPage(mailbox, () => mails.url),
    { host, port: wanted.mailbox },
  );
  const keys = await listen(
    keyPage(desk, () => keys.url),
    { host, port: wanted.keys },
  );
  const control = controlOf(desk, mailbox);
  const controls = await listen(controlListener(control, controlToken), { host, port: wanted.control });
  ports = { ca: ca.port, mailbox: mails.port, keys: keys.port, control: controls.port, smtp: smtpPort };
  state.save(desk.orders, ports);
  const clock = setInterval(() => void desk.advance(), clockMs);
  return {
    caUrl: `${ca.url}rest/v3.1/`,
    mailboxUrl: mails.url,
    keysUrl: keys.url,
    controlUrl: controls.url,
    controlToken,
    smtpPort,
    credential,
    accountId,
    rootCertificatePem: facts.authority.rootPem,
    intermediateCertificatePem: facts.authority.intermediatePem,
    control,
    waitForMails: async (count) => await mailbox.waitFor(count),
    async [Symbol.asyncDispose]() {
      clearInterval(clock);
      for (const part of [ca, mails, keys, controls, mailbox]) await part[Symbol.asyncDispose]();
    },
  };
}

import { isIP } from "node:net";
import { getCACertificates } from "node:tls";
import { type CancelSignal, longestMailBytes, MailboxError, type MailSecurity } from "@sealpost/domain";
import { ImapFlow, type MailboxObject } from "imapflow";
import { toMailboxError } from "./mailbox-error.ts";

/** Where a mailbox is and how to enter it. */
export interface MailboxLogin {
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  readonly userName: string;
  readonly password: string;
  /** The address to connect to, checked. The certificate is still held against the host's name. Throws MailboxError. */
  readonly addressOf: (host: string) => Promise<string>;
  /** Roots trusted beside the built-in ones, as PEM. */
  readonly anchorsPem: readonly string[];
  readonly times?: MailboxTimes;
}

/** How patient to be, in milliseconds. */
export interface MailboxTimes {
  /** From the name look-up to the server's greeting. */
  readonly connectMs: number;
  /** A server that listens for us is asked after this long whether all is as it was. */
  readonly listenMs: number;
  /** One that cannot is asked this often for new mail. */
  readonly pollMs: number;
  /** A folder that is not there is looked for again after this long, while others are followed. */
  readonly missingMs: number;
}

export const usualTimes: MailboxTimes = {
  connectMs: 15_000,
  listenMs: 120_000,
  pollMs: 30_000,
  missingMs: 10 * 60 * 1000,
};

/** An answer longer than a mail and its frame is no answer to what we ask. */
const longestAnswerBytes = 2 * longestMailBytes;

/** A signed-in connection; disposing it closes it. Every failure of its methods is a MailboxError. */
export interface Connection extends Disposable {
  readonly times: MailboxTimes;
  readonly client: ImapFlow;
  /** Runs one command. */
  run<T>(command: (client: ImapFlow) => Promise<T>): Promise<T>;
  /** Opens a folder for reading only (EXAMINE), and tells its state as of now. */
  examine(folder: string): Promise<MailboxObject>;
}

/** Connects and signs in. Ends, and everything that runs on it, when the signal aborts. */
export async function connect(login: MailboxLogin, signal: CancelSignal): Promise<Connection> {
  const times = login.times ?? usualTimes;
  const address = await login.addressOf(login.host);
  if (signal.aborted) throw new MailboxError("unavailable");
  const client = new ImapFlow({
    host: address,
    port: login.port,
    secure: login.security === "tls",
    doSTARTTLS: login.security === "starttls",
    ...(isIP(login.host) ? {} : { servername: login.host }),
    auth: { user: login.userName, pass: login.password },
    tls: {
      minVersion: "TLSv1.2",
      ...(login.anchorsPem.length > 0 ? { ca: [...getCACertificates("default"), ...login.anchorsPem] } : {}),
    },
    clientInfo: { name: "Sealpost" },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: times.connectMs,
    greetingTimeout: times.connectMs,
    socketTimeout: times.connectMs + times.listenMs,
    maxLiteralSize: longestMailBytes + 1024,
    maxLineLength: longestAnswerBytes,
    maxResponseSize: longestAnswerBytes,
  });
  // An error also fails the command under way; without a listener it would end the process.
  client.on("error", () => {});
  const close = () => client.close();
  signal.addEventListener("abort", close, { once: true });
  const run = async <T>(command: (client: ImapFlow) => Promise<T>) => {
    try {
      return await command(client);
    } catch (error) {
      throw toMailboxError(error, login.password);
    }
  };
  const dispose = () => {
    signal.removeEventListener("abort", close);
    client.close();
  };
  try {
    await run(() => client.connect());
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    times,
    client,
    run,
    examine: (folder) => run(() => client.mailboxOpen(folder, { readOnly: true })),
    [Symbol.dispose]: dispose,
  };
}

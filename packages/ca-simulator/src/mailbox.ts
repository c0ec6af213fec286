import { randomUUID } from "node:crypto";
import { domainToASCII } from "node:url";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { type Address, bind } from "./listener.ts";

const longestMailBytes = 30 * 1024 * 1024;

export interface StoredMail {
  readonly mailId: string;
  readonly receivedAt: string;
  /** What the mail says of itself; the time of arrival where it says nothing readable. */
  readonly sentAt: string;
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly raw: Buffer;
}

/** The SMTP server turns A-labels into Unicode; the address stays the one the mail was sent to. */
function asAddressed(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, at + 1)}${domainToASCII(address.slice(at + 1)) || address.slice(at + 1)}`;
}

export type MailFacts = Omit<StoredMail, "raw">;

export interface MailStore {
  readonly mails: readonly StoredMail[];
  add(mail: StoredMail): void;
  clear(): void;
}

/** Where the sandbox's mails arrive: a real SMTP server that takes mail for any address, and keeps the bytes as sent. */
export class Mailbox implements AsyncDisposable {
  readonly #server: SMTPServer;
  readonly #store: MailStore;
  readonly #now: () => Date;
  readonly #waiting: { readonly count: number; readonly done: () => void }[] = [];

  constructor(store: MailStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
    this.#server = new SMTPServer({
      authOptional: true,
      // Nobody outside this machine is asked who the client is.
      disableReverseLookup: true,
      disabledCommands: ["STARTTLS", "AUTH"],
      size: longestMailBytes,
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          if (stream.sizeExceeded)
            return done(Object.assign(new Error("the mail is too large"), { responseCode: 552 }));
          const to = session.envelope.rcptTo.map((recipient) => asAddressed(recipient.address));
          void this.#keep(Buffer.concat(chunks), to).then(() => done(), done);
        });
      },
    });
    this.#server.on("error", () => {
      // A client that breaks off is its own affair.
    });
  }

  async listen(address: Address): Promise<number> {
    return await bind(address, (port) => this.#server.listen(port, address.host));
  }

  /** In the order of arrival. */
  get mails(): readonly StoredMail[] {
    return this.#store.mails;
  }

  /** What is known of each mail without its content, in the order of arrival. */
  facts(): MailFacts[] {
    return this.#store.mails.map(({ raw: _, ...facts }) => facts);
  }

  find(mailId: string): StoredMail | null {
    return this.#store.mails.find((mail) => mail.mailId === mailId) ?? null;
  }

  clear(): void {
    this.#store.clear();
  }

  /** Resolves when at least this many mails are there. */
  async waitFor(count: number): Promise<void> {
    if (this.#store.mails.length >= count) return;
    await new Promise<void>((done) => this.#waiting.push({ count, done }));
  }

  async #keep(raw: Buffer, to: readonly string[]): Promise<void> {
    const parsed = await PostalMime.parse(raw);
    const receivedAt = this.#now().toISOString();
    this.#store.add({
      mailId: randomUUID(),
      receivedAt,
      sentAt: Number.isNaN(Date.parse(parsed.date ?? "")) ? receivedAt : (parsed.date ?? receivedAt),
      to,
      from: parsed.from?.address ?? "",
      subject: parsed.subject ?? "",
      raw,
    });
    for (const { count, done } of this.#waiting) if (this.#store.mails.length >= count) done();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

import type { MailHow } from "./dialects/dialect.ts";
import { dialectOf } from "./dialects/registry.ts";
import { FaultBoard } from "./faults.ts";
import { type Authority, issueLeaf } from "./issue.ts";
import { approverMail } from "./mails.ts";
import type { Mail } from "./mime.ts";
import { type NewOrder, newOrder, period } from "./new-order.ts";
import {
  type BookOrder,
  certificateIdOf,
  type Journal,
  type JournalCall,
  type JournalMail,
  type StatusName,
} from "./order-book.ts";

export interface DeskOptions {
  readonly authority: Authority;
  readonly now: () => Date;
  readonly deliver: (mail: Mail) => Promise<void>;
  /** Called after each change, so that it can be kept. */
  readonly onChange: () => void;
  readonly orders?: readonly BookOrder[];
}

/** Where the clock leads from each status. */
const followers = {
  "Pending CA Approval": "Approved",
  Approved: "Complete",
  Complete: null,
  Canceled: null,
} as const satisfies Record<StatusName, StatusName | null>;

function isIssued(status: StatusName): boolean {
  return status === "Approved" || status === "Complete";
}

/** How one mail is to be; what is left out is as the CA usually does. */
export interface MailWishes extends Omit<MailHow, "at" | "to"> {
  readonly at?: Date;
  readonly to?: readonly string[];
}

function usualRecipients(order: BookOrder, kind: JournalMail["kind"]): readonly string[] {
  const recipients = kind === "fulfillment" ? dialectOf(order.ca).recipients?.(order) : undefined;
  return [...new Set(recipients ?? [order.approverEmail])];
}

/** The CA behind the protocols: its order book, its status clock, its issuing and its mails. */
export class CertificateDesk {
  readonly faults = new FaultBoard();
  readonly #options: DeskOptions;
  readonly #orders = new Map<number, BookOrder>();
  readonly #calls: JournalCall[] = [];
  readonly #mails: JournalMail[] = [];
  #nextId = 20_417_001;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(options: DeskOptions) {
    this.#options = options;
    for (const order of options.orders ?? []) {
      this.#orders.set(order.id, order);
      this.#nextId = Math.max(this.#nextId, order.id + 1);
    }
  }

  get orders(): readonly BookOrder[] {
    return [...this.#orders.values()];
  }

  ordersOf(ca: string): readonly BookOrder[] {
    return this.orders.filter((order) => order.ca === ca);
  }

  /** With a CA: only if the order is one of that CA's. */
  find(id: number, ca?: string): BookOrder | null {
    const order = this.#orders.get(id) ?? null;
    return ca !== undefined && order?.ca !== ca ? null : order;
  }

  get intermediatePem(): string {
    return this.#options.authority.intermediatePem;
  }

  get rootPem(): string {
    return this.#options.authority.rootPem;
  }

  journal(): Journal {
    return { calls: [...this.#calls], mails: [...this.#mails] };
  }

  noteCall(call: JournalCall): void {
    this.#calls.push(call);
  }

  /** Takes an order, with a key made here unless a request came with it. Throws for a request that is none. */
  async place(input: NewOrder): Promise<BookOrder> {
    const order = await newOrder(this.#nextId++, input, this.#options.now());
    this.#orders.set(order.id, order);
    const status = input.status ?? "Approved";
    if (isIssued(status)) await this.#issue(order, input.issuedAt);
    order.status = status;
    this.#options.onChange();
    return order;
  }

  /** Sets a status by hand; an order that becomes issued gets its certificate and its mail, as at a CA. */
  async setStatus(id: number, status: StatusName): Promise<void> {
    await this.#inTurn(async () => await this.#moveTo(this.#need(id), status));
  }

  /** Moves an order on at once to what the clock would make of it next: Approved, then Complete. */
  async advance(id: number): Promise<void> {
    await this.#inTurn(async () => {
      const order = this.#need(id);
      const next = followers[order.status];
      if (next === null) throw new Error(`an order in status ${order.status} goes no further`);
      await this.#moveTo(order, next);
    });
  }

  /** Cancels an order. Throws unless it is pending: only then does the CA let go of it. */
  async cancel(id: number): Promise<void> {
    await this.#inTurn(async () => {
      const order = this.#need(id);
      if (order.status !== "Pending CA Approval") throw new Error("only a pending order can be cancelled");
      await this.#moveTo(order, "Canceled");
    });
  }

  /** Turns the status clock: what is due by now moves on. */
  async turnClock(): Promise<void> {
    const isDue = (at: string | null) => at !== null && new Date(at) <= this.#options.now();
    await this.#inTurn(async () => {
      for (const order of this.#orders.values()) {
        if (order.status === "Pending CA Approval" && isDue(order.approvesAt))
          await this.#moveTo(order, "Approved");
        if (order.status === "Approved" && isDue(order.completesAt)) await this.#moveTo(order, "Complete");
      }
    });
  }

  /** Resolves when nothing is being issued or mailed any more. */
  async settled(): Promise<void> {
    await this.#lastChange;
  }

  /** Shows this word for the status, until null takes it away. */
  setVendorStatus(id: number, word: string | null): void {
    this.#need(id).vendorStatus = word;
    this.#options.onChange();
  }

  changeApproverEmail(id: number, address: string): void {
    this.#need(id).approverEmail = address;
    this.#options.onChange();
  }

  /** Makes a new certificate for the same request. No mail: that is asked for. */
  async reissue(id: number): Promise<void> {
    await this.#inTurn(async () => {
      const order = this.#need(id);
      await this.#issue(order);
      order.modifiedAt = this.#options.now().toISOString();
      this.#options.onChange();
    });
  }

  /** Whether this kind of mail exists for the order as it stands. */
  canSend(order: BookOrder, kind: JournalMail["kind"]): boolean {
    return kind === "approver"
      ? order.status === "Pending CA Approval"
      : order.certificatePem !== null && order.status !== "Canceled";
  }

  /** Really sends the mail, one to each recipient, and notes each once the mail server has taken it. */
  async send(order: BookOrder, kind: JournalMail["kind"], wishes: MailWishes = {}): Promise<void> {
    const { at = this.#options.now(), to = usualRecipients(order, kind) } = wishes;
    for (const recipient of to) {
      const mail = await this.#mail(order, kind, { ...wishes, at, to: recipient });
      await this.#options.deliver(mail);
      const { messageId } = mail;
      this.#mails.push({ at: at.toISOString(), orderId: order.id, kind, to: recipient, messageId });
    }
  }

  async #mail(order: BookOrder, kind: JournalMail["kind"], how: MailHow): Promise<Mail> {
    if (kind === "approver") return approverMail(order, how);
    const { intermediatePem, rootPem } = this.#options.authority;
    return await dialectOf(order.ca).fulfillmentMail(order, { intermediatePem, rootPem }, how);
  }

  async #moveTo(order: BookOrder, status: StatusName): Promise<void> {
    const isIssuing = order.certificatePem === null && isIssued(status);
    if (isIssuing) await this.#issue(order);
    order.status = status;
    order.modifiedAt = this.#options.now().toISOString();
    this.#options.onChange();
    if (isIssuing) await this.send(order, "fulfillment");
  }

  /** One change after the other: the clock and a caller may both find the same order due. */
  async #inTurn(change: () => Promise<void>): Promise<void> {
    const turn = this.#lastChange.then(change);
    this.#lastChange = turn.catch(() => {});
    await turn;
  }

  async #issue(order: BookOrder, at = this.#options.now()): Promise<void> {
    const leaf = await issueLeaf(this.#options.authority, order.csrPem, period(order, at));
    const replaced = certificateIdOf(order);
    if (replaced !== null && order.certificatePem && order.validFrom && order.validTo) {
      const { certificatePem, validFrom, validTo } = order;
      order.earlier.push({ certificateId: replaced, certificatePem, validFrom, validTo });
    }
    order.certificatePem = leaf.pem;
    order.validFrom = leaf.validFrom.toISOString();
    order.validTo = leaf.validTo.toISOString();
  }

  #need(id: number): BookOrder {
    const order = this.#orders.get(id);
    if (!order) throw new Error(`no order ${id}`);
    return order;
  }
}

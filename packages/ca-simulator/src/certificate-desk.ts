import { FaultBoard } from "./faults.ts";
import { type Authority, isRequest, issueLeaf, type KeyType, makeRequest } from "./issue.ts";
import { approverMail, fulfillmentMail, type Mail } from "./mails.ts";
import type { BookOrder, Journal, JournalCall, JournalMail, StatusName } from "./order-book.ts";

const dayMs = 24 * 60 * 60 * 1000;

export interface NewOrder {
  readonly commonName: string;
  readonly dnsNames?: readonly string[];
  readonly product?: string;
  readonly organization?: string;
  readonly keyType?: KeyType;
  /** A request made elsewhere; then no key is known here. */
  readonly csrPem?: string;
  readonly approverEmail?: string;
  readonly technicalEmail?: string;
  readonly status?: StatusName;
  readonly mailStyle?: BookOrder["mailStyle"];
  readonly validityDays?: number;
  /** For orders of the past: when their certificate began. */
  readonly issuedAt?: Date;
  readonly approvesAt?: Date;
}

export interface DeskOptions {
  readonly authority: Authority;
  readonly now: () => Date;
  readonly deliver: (mail: Mail) => Promise<void>;
  /** Called after each change, so that it can be kept. */
  readonly onChange: () => void;
  readonly orders?: readonly BookOrder[];
}

/** The CA behind the protocols: its order book, its status clock, its issuing and its mails. */
export class CertificateDesk {
  readonly faults = new FaultBoard();
  readonly #options: DeskOptions;
  readonly #orders = new Map<number, BookOrder>();
  readonly #calls: JournalCall[] = [];
  readonly #mails: JournalMail[] = [];
  #nextId = 20_417_001;

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

  find(id: number): BookOrder | null {
    return this.#orders.get(id) ?? null;
  }

  journal(): Journal {
    return { calls: [...this.#calls], mails: [...this.#mails] };
  }

  noteCall(call: JournalCall): void {
    this.#calls.push(call);
  }

  /** Takes an order, with a key made here unless a request came with it. Throws for a request that is none. */
  async place(input: NewOrder): Promise<BookOrder> {
    const id = this.#nextId++;
    const { commonName, keyType = "ec-p256" } = input;
    const dnsNames = input.dnsNames ?? [commonName];
    const organization = input.organization ?? null;
    if (input.csrPem !== undefined && !(await isRequest(input.csrPem)))
      throw new Error("not a certificate request");
    const made = input.csrPem ? null : await makeRequest({ keyType, commonName, dnsNames, organization });
    const apex = commonName.replace(/^\*\./, "").split(".").slice(-2).join(".");
    const at = (input.issuedAt ?? this.#options.now()).toISOString();
    const order: BookOrder = {
      id,
      product: input.product ?? "PositiveSSL",
      commonName,
      dnsNames,
      approverEmail: input.approverEmail ?? `hostmaster@${apex}`,
      technicalEmail: input.technicalEmail ?? `it@${apex}`,
      status: "Pending CA Approval",
      createdAt: at,
      modifiedAt: at,
      validFrom: null,
      validTo: null,
      keyType: input.csrPem ? null : keyType,
      csrPem: input.csrPem ?? made?.csrPem ?? "",
      privateKeyPem: made?.privateKeyPem ?? null,
      certificatePem: null,
      mailStyle: input.mailStyle ?? "zip",
      validityDays: input.validityDays ?? 198,
      approvesAt: input.approvesAt?.toISOString() ?? null,
    };
    this.#orders.set(order.id, order);
    const status = input.status ?? "Approved";
    if (status === "Approved" || status === "Complete") await this.#issue(order, input.issuedAt);
    order.status = status;
    this.#options.onChange();
    return order;
  }

  /** Sets a status by hand; an order that becomes Approved is issued and its mail is sent, as a CA would. */
  async setStatus(id: number, status: StatusName): Promise<void> {
    const order = this.#need(id);
    const isApproval = order.certificatePem === null && (status === "Approved" || status === "Complete");
    if (isApproval) await this.#issue(order);
    order.status = status;
    order.modifiedAt = this.#options.now().toISOString();
    this.#options.onChange();
    if (isApproval) await this.send(order, "fulfillment");
  }

  /** Turns the status clock: what is due by now is approved. */
  async advance(): Promise<void> {
    const now = this.#options.now();
    const due = this.orders.filter(
      (o) => o.status === "Pending CA Approval" && o.approvesAt && new Date(o.approvesAt) <= now,
    );
    for (const order of due) {
      order.approvesAt = null;
      await this.setStatus(order.id, "Approved");
    }
  }

  changeApproverEmail(id: number, address: string): void {
    this.#need(id).approverEmail = address;
    this.#options.onChange();
  }

  /** Makes a new certificate for the same request; the old one is forgotten. */
  async reissue(id: number): Promise<void> {
    await this.#issue(this.#need(id));
    this.#options.onChange();
  }

  /** Whether this kind of mail exists for the order as it stands. */
  canSend(order: BookOrder, kind: JournalMail["kind"]): boolean {
    return kind === "approver"
      ? order.status === "Pending CA Approval"
      : order.certificatePem !== null && order.status !== "Canceled";
  }

  /** Really sends one mail, and notes it once the mail server has taken it. */
  async send(order: BookOrder, kind: JournalMail["kind"]): Promise<void> {
    const at = this.#options.now();
    const mail =
      kind === "approver"
        ? approverMail(order, at)
        : await fulfillmentMail(order, this.#options.authority.intermediatePem, at);
    await this.#options.deliver(mail);
    this.#mails.push({
      at: at.toISOString(),
      orderId: order.id,
      kind,
      to: mail.to,
      messageId: mail.messageId,
    });
  }

  async #issue(order: BookOrder, at = this.#options.now()): Promise<void> {
    const validFrom = new Date(Math.floor(at.getTime() / 1000) * 1000);
    const validTo = new Date(validFrom.getTime() + order.validityDays * dayMs);
    const leaf = await issueLeaf(this.#options.authority, order.csrPem, { validFrom, validTo });
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

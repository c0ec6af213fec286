import { FaultBoard } from "./faults.ts";
import { type Authority, isRequest, issueLeaf, type KeyType, makeRequest } from "./issue.ts";
import { approverMail, fulfillmentMail, type Mail } from "./mails.ts";
import type { BookOrder, Journal, JournalCall, JournalMail, StatusName } from "./order-book.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** What is sold for each way of validating, unless the order names a product. */
const usualProducts = {
  dv: "PositiveSSL",
  ov: "GeoTrust True BusinessID",
  ev: "GeoTrust True BusinessID with EV",
} as const;

export interface NewOrder {
  readonly commonName: string;
  readonly dnsNames?: readonly string[];
  readonly validation?: keyof typeof usualProducts;
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
  /** When the status clock moves the order on by itself; without, only when told. */
  readonly approvesAt?: Date;
  readonly completesAt?: Date;
}

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
    const order = await this.#newOrder(this.#nextId++, input);
    this.#orders.set(order.id, order);
    const status = input.status ?? "Approved";
    if (isIssued(status)) await this.#issue(order, input.issuedAt);
    order.status = status;
    this.#options.onChange();
    return order;
  }

  async #newOrder(id: number, input: NewOrder): Promise<BookOrder> {
    const { commonName, keyType = "ec-p256", csrPem } = input;
    const dnsNames = input.dnsNames ?? [commonName];
    const organization = input.organization ?? null;
    if (csrPem !== undefined && !(await isRequest(csrPem))) throw new Error("not a certificate request");
    const made =
      csrPem === undefined ? await makeRequest({ keyType, commonName, dnsNames, organization }) : null;
    const apex = commonName.replace(/^\*\./, "").split(".").slice(-2).join(".");
    const at = (input.issuedAt ?? this.#options.now()).toISOString();
    return {
      id,
      product: input.product ?? usualProducts[input.validation ?? "dv"],
      commonName,
      dnsNames,
      approverEmail: input.approverEmail ?? `hostmaster@${apex}`,
      technicalEmail: input.technicalEmail ?? `it@${apex}`,
      status: "Pending CA Approval",
      createdAt: at,
      modifiedAt: at,
      validFrom: null,
      validTo: null,
      keyType: made ? keyType : null,
      csrPem: made?.csrPem ?? csrPem ?? "",
      privateKeyPem: made?.privateKeyPem ?? null,
      certificatePem: null,
      mailStyle: input.mailStyle ?? "zip",
      validityDays: input.validityDays ?? 198,
      approvesAt: input.approvesAt?.toISOString() ?? null,
      completesAt: input.completesAt?.toISOString() ?? null,
    };
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

  changeApproverEmail(id: number, address: string): void {
    this.#need(id).approverEmail = address;
    this.#options.onChange();
  }

  /** Makes a new certificate for the same request; the old one is forgotten. No mail: that is asked for. */
  async reissue(id: number): Promise<void> {
    await this.#inTurn(async () => {
      await this.#issue(this.#need(id));
      this.#options.onChange();
    });
  }

  /** Whether this kind of mail exists for the order as it stands. */
  canSend(order: BookOrder, kind: JournalMail["kind"]): boolean {
    return kind === "approver"
      ? order.status === "Pending CA Approval"
      : order.certificatePem !== null && order.status !== "Canceled";
  }

  /** Really sends one mail, dated `at`, and notes it once the mail server has taken it. */
  async send(order: BookOrder, kind: JournalMail["kind"], at = this.#options.now()): Promise<void> {
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

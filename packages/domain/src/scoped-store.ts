import type { Actor } from "./actor.ts";
import type { AuditEntry } from "./audit/audit-entry.ts";
import type { ImportedCertificate } from "./certificate/imported-certificate.ts";
import type { ReceivedMail } from "./mail/received-mail.ts";
import type { Order } from "./order/order.ts";
import type { Store } from "./ports/store.ts";
import type { ResendRequest } from "./resend/resend-request.ts";
import { type CaAccountId, caAccountIdSchema, certificateIdSchema, orderIdSchema } from "./values/ids.ts";

/**
 * The store as somebody with their scope sees it: what belongs to other accounts is not there, be it asked for by id,
 * by list or by what it holds. So no verb can forget to look, and no answer tells that something exists elsewhere.
 * An imported certificate belongs to the account of its order; one without an order to those who see everything.
 * Every read is named here, so that a new one does not compile before somebody has said what a scope means to it.
 */
export function scopedStore(store: Store, { actorId, scope }: Pick<Actor, "actorId" | "scope">): Store {
  if (scope === "all") return store;
  const holds = (caAccountId: CaAccountId) => scope.has(caAccountId);
  const own = (order: Order | null) => (order && holds(order.caAccountId) ? order : null);
  const order: Store["order"] = async (orderId) => own(await store.order(orderId));
  const ofOrder = async <T extends Pick<ResendRequest | ImportedCertificate | ReceivedMail, "orderId">>(
    thing: T | null,
  ) => (thing?.orderId && (await order(thing.orderId)) ? thing : null);
  const certificate: Store["certificate"] = async (id) => await ofOrder(await store.certificate(id));
  const mail: Store["mail"] = async (mailId) => await ofOrder(await store.mail(mailId));
  return {
    commit: (change) => store.commit(change),
    order,
    ordersByCaOrderIds: async (id, caOrderIds) =>
      holds(id) ? await store.ordersByCaOrderIds(id, caOrderIds) : [],
    async orderRow(orderId, now) {
      const row = await store.orderRow(orderId, now);
      return row && own(row.order) ? row : null;
    },
    listOrders: (query) => store.listOrders({ ...query, scope }),
    countOrders: (now) => store.countOrders(now, scope),
    countOrdersOf: async (id) => (holds(id) ? await store.countOrdersOf(id) : 0),
    ordersBySpki: (spkiSha256) => store.ordersBySpki(spkiSha256, scope),
    ordersByNumber: (caOrderIds) => store.ordersByNumber(caOrderIds, scope),
    ordersByName: (dnsNames, limit) => store.ordersByName(dnsNames, limit, scope),
    ordersWithoutDetails: async (id, limit) => (holds(id) ? await store.ordersWithoutDetails(id, limit) : []),
    resendRequest: async (id) => await ofOrder(await store.resendRequest(id)),
    resendByKey: async (key) => await ofOrder(await store.resendByKey(key)),
    resendHistory: async (orderId) => ((await order(orderId)) ? await store.resendHistory(orderId) : []),
    // What a recipient's mailbox has to bear is counted over all accounts.
    countMailsTo: (address, kind, since) => store.countMailsTo(address, kind, since),
    hasAcceptedMail: () => store.hasAcceptedMail(scope),
    certificate,
    certificateByFingerprint: async (sha256) => await ofOrder(await store.certificateByFingerprint(sha256)),
    certificatesOf: async (orderId) => ((await order(orderId)) ? await store.certificatesOf(orderId) : []),
    listCertificates: (query) => store.listCertificates({ ...query, scope }),
    // People belong to no account; who sees only some accounts manages nobody, and finds themselves alone.
    person: async (personId) => (personId === actorId ? await store.person(personId) : null),
    personOfIdentity: async () => null,
    listPeople: async () => [],
    // Verbs ask for nobody's but one's own.
    sessionsOf: (personId) => store.sessionsOf(personId),
    passkeysOf: (personId) => store.passkeysOf(personId),
    account: async (id) => (holds(id) ? await store.account(id) : null),
    listAccounts: async () => (await store.listAccounts()).filter(({ caAccountId }) => holds(caAccountId)),
    preferences: (personId) => store.preferences(personId),
    // Mails of every account may lie in a mailbox.
    mailbox: async () => null,
    // But one may know where the mail about an order of theirs lies.
    mailboxOf: async (mailId) => ((await mail(mailId)) ? await store.mailboxOf(mailId) : null),
    listMailboxes: async () => [],
    // Tells nothing of any of them.
    mailWatch: () => store.mailWatch(),
    async auditOf(subject, acts, limit) {
      const seen = {
        order: () => order(orderIdSchema.parse(subject.id)),
        certificate: () => certificate(certificateIdSchema.parse(subject.id)),
        account: async () => holds(caAccountIdSchema.parse(subject.id)),
        mailbox: async () => false,
        person: async () => false,
        console: async () => false,
      } as const satisfies Record<AuditEntry["subject"]["kind"], () => Promise<unknown>>;
      return (await seen[subject.kind]()) ? await store.auditOf(subject, acts, limit) : [];
    },
    mail,
    mailsOfOrder: async (orderId) => ((await order(orderId)) ? await store.mailsOfOrder(orderId) : []),
    arrivals: (now, limit) => store.arrivals(now, limit, scope),
    // Whose a mail is that belongs to no order, nobody knows.
    unmatchedMails: async () => [],
    mailByMessageId: async () => null,
    mailsByMessageId: async () => [],
    // The trace as a whole tells of every account.
    listAudit: async () => ({ entries: [], nextBelow: null }),
    auditActors: async () => [],
    auditAfter: async () => [],
    auditHead: () => store.auditHead(),
    checkAudit: (from, limit) => store.checkAudit(from, limit),
    // The console's own work, which no person does.
    resendsToForward: async () => [],
    resendsForwarding: async () => [],
    resendsWithoutEvidence: async () => [],
    vaultItems: async () => new Map(),
  };
}

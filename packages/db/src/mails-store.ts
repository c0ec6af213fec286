import { type Arrival, bringsLatest, type Store } from "@sealpost/domain";
import { and, desc, eq, gte, inArray, isNull, lt, lte, or } from "drizzle-orm";
import { settleAttention } from "./commit.ts";
import type { Db } from "./open-database.ts";
import { readOrder } from "./orders-store.ts";
import { toMail } from "./rows.ts";
import { orders, receivedMails } from "./schema.ts";

type MailReads = Pick<
  Store,
  "mail" | "mailByMessageId" | "mailsByMessageId" | "mailsOfOrder" | "unmatchedMails" | "arrivals"
>;

const mostOfOrder = 100;
/** What came with a certificate that is still valid came no longer ago: 398 days were the most a public CA gave. */
const longestValidityMs = 400 * 24 * 60 * 60 * 1000;
/** One order may have been mailed about many times. */
const mailsPerArrival = 10;

export function mailReads(db: Db): MailReads {
  const table = receivedMails;
  const newestFirst = desc(table.receivedAt);
  return {
    async mail(mailId) {
      const row = db.select().from(table).where(eq(table.mailId, mailId)).get();
      return row ? toMail(row) : null;
    },
    async mailByMessageId(mailboxId, messageId) {
      const own = and(eq(table.mailboxId, mailboxId), eq(table.messageId, messageId));
      const row = db.select().from(table).where(own).get();
      return row ? toMail(row) : null;
    },
    async mailsByMessageId(messageId) {
      return db.select().from(table).where(eq(table.messageId, messageId)).all().map(toMail);
    },
    async mailsOfOrder(orderId) {
      const rows = db
        .select()
        .from(table)
        .where(eq(table.orderId, orderId))
        .orderBy(newestFirst)
        .limit(mostOfOrder);
      return rows.all().map(toMail);
    },
    async unmatchedMails(limit, after = null) {
      const isAfter = after
        ? and(
            lte(table.receivedAt, after.receivedAt),
            or(lt(table.receivedAt, after.receivedAt), lt(table.mailId, after.mailId)),
          )
        : undefined;
      const rows = db
        .select()
        .from(table)
        .where(and(isNull(table.orderId), isNull(table.putAwayAt), isAfter))
        .orderBy(newestFirst, desc(table.mailId))
        .limit(limit);
      return rows.all().map(toMail);
    },
    async arrivals(now, limit, scope) {
      settleAttention(db, now);
      const rows = db
        .select({ mail: table })
        .from(table)
        .innerJoin(orders, eq(orders.orderId, table.orderId))
        .where(
          and(
            eq(orders.attention, 0),
            inArray(table.kind, ["fulfillment", "fulfillment-link"]),
            gte(table.receivedAt, new Date(now.getTime() - longestValidityMs)),
            scope && scope !== "all" ? inArray(orders.caAccountId, [...scope]) : undefined,
          ),
        )
        .orderBy(newestFirst)
        .limit(mailsPerArrival * limit);
      const arrivals = new Map<string, Arrival>();
      for (const { mail: row } of rows.all()) {
        const order = row.orderId === null || arrivals.has(row.orderId) ? null : readOrder(db, row.orderId);
        if (order && bringsLatest(order, row.receivedAt)) {
          arrivals.set(order.orderId, { order, mail: toMail(row) });
        }
      }
      return [...arrivals.values()].slice(0, limit);
    },
  };
}

import { type CertificateListQuery, type CertificatePage, refuse } from "@sealpost/domain";
import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "./open-database.ts";
import { toCertificate } from "./rows.ts";
import { certificates, orders } from "./schema.ts";

const cursorSchema = z.tuple([z.int(), z.string()]);

/** Imported certificates, the soonest end first. */
export function listCertificates(db: Db, query: CertificateListQuery): CertificatePage {
  const rows = db
    .select()
    .from(certificates)
    .where(
      and(
        certificateScope(query),
        searchFilter(query.search),
        query.orderId ? eq(certificates.orderId, query.orderId) : undefined,
        after(query),
      ),
    )
    .orderBy(asc(certificates.validTo), asc(certificates.certificateId))
    .limit(query.limit + 1)
    .all();
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const nextCursor = rows.length > query.limit && last ? writeCursor(last.validTo, last.certificateId) : null;
  return { certificates: page.map(toCertificate), nextCursor };
}

/** A certificate belongs to the account of its order; one without an order to nobody's scope. */
function certificateScope({ scope = "all" }: CertificateListQuery): SQL | undefined {
  if (scope === "all") return undefined;
  return sql`${certificates.orderId} in (select ${orders.orderId} from ${orders} where ${inArray(orders.caAccountId, [...scope])})`;
}

/** Names, issuer, notes, serial number, fingerprint and hash of the key (with or without colons). */
function searchFilter(search: string): SQL | undefined {
  const words = search.trim().toLowerCase();
  if (words === "") return undefined;
  const part = `%${words.replace(/[\\%_]/g, "\\$&")}%`;
  const hex = `%${words.replaceAll(":", "").replace(/[\\%_]/g, "\\$&")}%`;
  const columns = [certificates.commonName, certificates.dnsNames, certificates.issuer, certificates.notes];
  const tests = columns.map((column) => sql`lower(${column}) like ${part} escape '\\'`);
  const hexTests = [certificates.serialNumber, certificates.fingerprintSha256, certificates.spkiSha256].map(
    (c) => sql`${c} like ${hex} escape '\\'`,
  );
  return sql`(${sql.join([...tests, ...hexTests], sql` or `)})`;
}

function after({ cursor }: CertificateListQuery): SQL | undefined {
  if (cursor === null) return undefined;
  try {
    const [end, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    return sql`(${certificates.validTo}, ${certificates.certificateId}) > (${end}, ${id})`;
  } catch (error) {
    throw refuse({ code: "invalid-input", field: "cursor", problem: "unreadable" }, error);
  }
}

function writeCursor(end: Date, id: string): string {
  return Buffer.from(JSON.stringify([end.getTime(), id])).toString("base64url");
}

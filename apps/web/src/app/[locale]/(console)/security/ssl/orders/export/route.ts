import { getLocale, getTranslations } from "next-intl/server";
import { csvOf } from "@/features/orders/order-csv";
import { readQuery } from "@/features/orders/order-query-input";
import { signedIn } from "@/trpc/server";

/** Rows asked for at a time. */
const limit = 200;

/** Read as fast as the browser takes it, and no faster. */
function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}

/** What the filter of the URL shows, whole, as a CSV file that is written while it is read. */
export async function GET(request: Request): Promise<Response> {
  const { api } = await signedIn();
  const locale = await getLocale();
  const t = await getTranslations();
  const accounts = await api.accounts.list.query();
  const query = readQuery(new URL(request.url).searchParams);
  const csv = csvOf({ t, locale, accounts });
  async function* lines() {
    yield csv.head();
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof api.orders.list.query>> = await api.orders.list.query({
        ...query,
        cursor,
        limit,
      });
      yield csv.rows(page.rows);
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
  const day = new Date().toISOString().slice(0, 10);
  return new Response(streamOf(lines()), {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="${t("orders.csv.fileName")}-${day}.csv"`,
      "cache-control": "no-store",
    },
  });
}

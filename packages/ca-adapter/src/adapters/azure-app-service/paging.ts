import { CaError } from "@sealpost/domain";

/** Set anew for each call, by us. */
const ours = "api-version";

/**
 * What of a page's `nextLink` leads on: its query. The token goes with the next call, so the link has to be of the same
 * list at the same address; one that leads anywhere else, or back, is not followed. Throws CaError `unexpected-response`.
 */
export function cursorOf(
  nextLink: string | null | undefined,
  list: URL,
  asked: string | null,
): string | null {
  if (!nextLink) return null;
  const link = URL.parse(nextLink);
  if (link?.origin !== list.origin || pathOf(link) !== pathOf(list) || link.username || link.password)
    throw new CaError("unexpected-response");
  link.searchParams.delete(ours);
  const cursor = link.searchParams.toString();
  if (cursor === (asked ?? "")) throw new CaError("unexpected-response");
  return cursor;
}

/** The page a cursor stands for. */
export function pageAt(list: URL, cursor: string | null): URL {
  const page = new URL(list);
  page.search = cursor ?? "";
  return page;
}

/** Azure writes the words of its paths in whatever case it likes. */
function pathOf({ pathname }: URL): string {
  return pathname.toLowerCase().replace(/\/$/, "");
}

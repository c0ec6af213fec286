"use client";

import { Bookmark, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useAnnouncer } from "@/components/announcer";
import { Button } from "@/components/button";
import { onDemand } from "@/components/on-demand";
import { usePreferences } from "@/features/shell/session";
import { Link } from "@/i18n/navigation";
import type { useOrderQuery } from "./order-query";
import { builtInViews, viewQuery } from "./order-view";

const { Part: OrderViewDialog, preload: preloadViewDialog } = onDemand(
  async () => (await import("./order-view-dialog")).OrderViewDialog,
);

/** Lists to come back to: some for everybody, and each person's own. A view is its address. */
export function OrderViews({ query }: { readonly query: ReturnType<typeof useOrderQuery> }) {
  const t = useTranslations("orders.views");
  const { preferences, change } = usePreferences();
  const failure = useTranslations("failure");
  const { announce, refuse } = useAnnouncer();
  const [isNaming, setNaming] = useState(false);
  const shown = viewQuery(query.params);
  const own = preferences.views.find((view) => view.query === shown);
  const isKnown = own !== undefined || builtInViews.some((view) => view.query === shown);
  const views = [...builtInViews.map(({ key, query }) => ({ name: t(key), query })), ...preferences.views];
  const remove = (name: string) =>
    change({ change: "view-removed", name }).then(
      () => announce(t("removed", { name })),
      () => refuse(failure("notSaved")),
    );
  return (
    <nav
      aria-label={t("label")}
      className="flex min-h-11 items-center gap-1 border-b px-3 max-md:overflow-x-auto md:flex-wrap"
    >
      <ul className="contents">
        {views.map((view) => (
          <li key={`${view.name} ${view.query}`}>
            <Link
              href={view.query === "" ? "/security/ssl/orders" : `/security/ssl/orders?${view.query}`}
              prefetch={false}
              aria-current={view.query === shown ? "page" : undefined}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
                event.preventDefault();
                query.go(view.query);
              }}
              className={`relative flex h-11 items-center px-2 whitespace-nowrap ${view.query === shown ? "font-medium before:absolute before:inset-x-2 before:bottom-0 before:h-0.5 before:bg-wax" : "text-ink-2 hover:underline"}`}
            >
              {view.name}
            </Link>
          </li>
        ))}
      </ul>
      {own && (
        <Button
          look="quiet"
          icon={<X aria-hidden className="size-3.5" />}
          onClick={() => void remove(own.name)}
        >
          {t("remove", { name: own.name })}
        </Button>
      )}
      {!isKnown && (
        <Button
          look="quiet"
          icon={<Bookmark aria-hidden className="size-3.5" />}
          onPointerEnter={preloadViewDialog}
          onFocus={preloadViewDialog}
          onClick={() => setNaming(true)}
        >
          {t("save")}
        </Button>
      )}
      {isNaming && <OrderViewDialog query={shown} onClose={() => setNaming(false)} />}
    </nav>
  );
}

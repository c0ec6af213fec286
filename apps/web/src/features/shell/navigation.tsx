"use client";

import {
  CircleHelp,
  FileBadge,
  Inbox,
  Landmark,
  type LucideIcon,
  ReceiptText,
  ScrollText,
  Users,
} from "lucide-react";
import { useLinkStatus } from "next/link";
import { useTranslations } from "next-intl";
import { Link, usePathname } from "@/i18n/navigation";

/** The screens one can go to. */
export const places = [
  { key: "orders", href: "/security/ssl/orders", Icon: ReceiptText },
  { key: "certificates", href: "/security/ssl/certificates", Icon: FileBadge },
  { key: "accounts", href: "/ca-accounts", Icon: Landmark },
  { key: "mailboxes", href: "/mailboxes", Icon: Inbox },
  { key: "auditLog", href: "/audit-log", Icon: ScrollText },
  { key: "people", href: "/people", Icon: Users },
  { key: "help", href: "/help", Icon: CircleHelp },
] as const;

/** Only what exists. A rail of icons with names on hover and focus from 768 px, with words from 1280 px. */
export function Navigation({
  className = "",
  isDrawer = false,
  onGo,
}: {
  className?: string;
  isDrawer?: boolean;
  onGo?: () => void;
}) {
  const t = useTranslations("shell");
  const pathname = usePathname();
  return (
    <nav
      aria-label={t("navigation")}
      className={`shrink-0 ${isDrawer ? "w-full" : "sticky top-12 w-[60px] self-start p-2 xl:w-[200px]"} ${className}`}
    >
      <p className={`px-2.5 pt-2 pb-1 text-meta font-medium text-ink-3 ${isDrawer ? "" : "max-xl:sr-only"}`}>
        {t("securitySsl")}
      </p>
      <ul className="grid gap-0.5">
        {places.map(({ key, href, Icon }) => {
          const isHere = pathname.startsWith(href);
          return (
            <li key={key} className={key === "accounts" || key === "help" ? "mt-4" : ""}>
              <Link
                href={href}
                {...(onGo ? { onClick: onGo } : {})}
                aria-current={isHere ? "page" : undefined}
                data-tip={isDrawer ? undefined : t(key)}
                className={`relative flex h-9 items-center gap-2.5 rounded-control px-2.5 max-md:h-11 ${isDrawer ? "" : "max-xl:justify-center"} ${isHere ? "border bg-surface font-medium shadow-sheet before:absolute before:inset-y-2 before:-left-px before:w-0.5 before:rounded-full before:bg-wax" : "border border-transparent text-ink-2 hover:bg-hover"}`}
              >
                <PlaceIcon Icon={Icon} />
                <span className={isDrawer ? "" : "max-xl:sr-only"}>{t(key)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** Breathes while the page behind its link is being fetched. */
function PlaceIcon({ Icon }: { readonly Icon: LucideIcon }) {
  const { pending } = useLinkStatus();
  return <Icon aria-hidden className={`size-4 shrink-0 text-ink-3 ${pending ? "under-way" : ""}`} />;
}

"use client";

import { ChevronDown, CircleUser, LogOut, Menu as MenuIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { leave } from "@/components/leaving";
import { Menu, MenuItem, MenuLink, MenuRule } from "@/components/menu";
import { onDemand } from "@/components/on-demand";
import { BrandSeal } from "@/components/seal";
import { Link } from "@/i18n/navigation";
import { LanguageMenu } from "./language-menu";
import { OfflineNotice } from "./offline-notice";
import { SearchField } from "./search-field";
import { usePerson } from "./session";
import type { Theme } from "./theme";
import { ThemeMenu } from "./theme-menu";
import { useKeepLanguage } from "./use-language";

const { Part: NavigationDrawer, preload: preloadDrawer } = onDemand(
  async () => (await import("./navigation-drawer")).NavigationDrawer,
);

export function TopBar({ theme }: { readonly theme: Theme }) {
  const t = useTranslations("shell");
  return (
    <header className="sticky top-0 z-20 flex min-h-12 flex-wrap items-center gap-x-2 border-b bg-canvas px-4 max-md:px-2">
      <Drawer />
      <Link
        href="/security/ssl/orders"
        className="flex items-center gap-2 rounded-control py-2 text-name font-semibold md:w-[176px]"
        aria-label={t("home")}
      >
        <BrandSeal />
        Sealpost
      </Link>
      <SearchField />
      <div className="ml-auto flex items-center gap-1">
        <LanguageMenu keep={useKeepLanguage()} />
        <ThemeMenu initial={theme} />
        <PersonMenu />
      </div>
      <OfflineNotice />
    </header>
  );
}

/** The navigation on phones. */
function Drawer() {
  const t = useTranslations("shell");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        aria-label={t("openNavigation")}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onPointerEnter={preloadDrawer}
        onFocus={preloadDrawer}
        onClick={() => setOpen(true)}
        className="grid size-10 place-items-center rounded-control text-ink-2 hover:bg-hover md:hidden"
      >
        <MenuIcon aria-hidden className="size-5" />
      </button>
      {isOpen && <NavigationDrawer onClose={() => setOpen(false)} />}
    </>
  );
}

function PersonMenu() {
  const t = useTranslations("shell");
  const person = usePerson();
  const initials = person.name
    .split(/\s+/)
    .map((part) => part[0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();
  const signOut = async () => {
    await fetch("/api/auth/sign-out", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    window.location.assign("/sign-in");
  };
  const trigger = (
    <button
      type="button"
      aria-label={t("personMenu", { name: person.name })}
      className="inline-flex h-8 items-center gap-2 rounded-control px-1.5 hover:bg-hover max-md:h-10"
    >
      <span
        aria-hidden
        className="grid size-6 place-items-center rounded-full border bg-surface text-code font-semibold"
      >
        {initials}
      </span>
      <span className="max-lg:sr-only">{person.name}</span>
      <ChevronDown aria-hidden className="size-3.5 text-ink-3 max-md:hidden" />
    </button>
  );
  return (
    <Menu trigger={trigger} align="end">
      <p className="px-3 py-1.5 text-meta text-ink-3">{person.email}</p>
      <MenuRule />
      <MenuLink render={<Link href="/account" />}>
        <CircleUser aria-hidden className="size-4 text-ink-3" />
        {t("account")}
      </MenuLink>
      <MenuItem onSelect={() => leave(() => void signOut())}>
        <LogOut aria-hidden className="size-4 text-ink-3" />
        {t("signOut")}
      </MenuItem>
    </Menu>
  );
}

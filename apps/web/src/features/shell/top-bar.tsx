"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { ChevronDown, KeyRound, LogOut, Menu as MenuIcon, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Menu, MenuItem, MenuLink, MenuRule } from "@/components/menu";
import { BrandSeal } from "@/components/seal";
import { Link } from "@/i18n/navigation";
import { LanguageMenu } from "./language-menu";
import { Navigation } from "./navigation";
import { SearchField } from "./search-field";
import { usePerson } from "./session";
import type { Theme } from "./theme";
import { ThemeMenu } from "./theme-menu";

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
        <LanguageMenu />
        <ThemeMenu initial={theme} />
        <PersonMenu />
      </div>
    </header>
  );
}

/** The navigation on phones. */
function Drawer() {
  const t = useTranslations("shell");
  const [isOpen, setOpen] = useState(false);
  const button = "grid size-10 place-items-center rounded-control text-ink-2 hover:bg-hover";
  return (
    <Base.Root open={isOpen} onOpenChange={setOpen}>
      <Base.Trigger aria-label={t("openNavigation")} className={`${button} md:hidden`}>
        <MenuIcon aria-hidden className="size-5" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Base.Popup className="fixed inset-y-0 left-0 z-50 w-72 max-w-[85vw] bg-canvas p-2 shadow-dialog outline-none">
          <div className="flex items-center justify-between px-2">
            <Base.Title className="font-semibold">{t("navigation")}</Base.Title>
            <Base.Close aria-label={t("closeNavigation")} className={button}>
              <X aria-hidden className="size-5" />
            </Base.Close>
          </div>
          <Navigation isDrawer onGo={() => setOpen(false)} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
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
        <KeyRound aria-hidden className="size-4 text-ink-3" />
        {t("changePassword")}
      </MenuLink>
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden className="size-4 text-ink-3" />
        {t("signOut")}
      </MenuItem>
    </Menu>
  );
}

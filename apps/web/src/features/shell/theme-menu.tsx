"use client";

import { Check, Monitor, Moon, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Menu, MenuItem } from "@/components/menu";
import { type Theme, themeCookie, themes } from "./theme";

const icons = { system: Monitor, light: Sun, dark: Moon } as const;
const yearS = 365 * 24 * 60 * 60;

/** Light, dark, or as the system. Kept in a cookie, so that the first paint is right. */
export function ThemeMenu({ initial }: { readonly initial: Theme }) {
  const t = useTranslations("shell.theme");
  const [theme, setTheme] = useState(initial);
  useEffect(() => {
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      const isDark = theme === "dark" || (theme === "system" && system.matches);
      document.documentElement.dataset.theme = isDark ? "dark" : "light";
    };
    apply();
    system.addEventListener("change", apply);
    return () => system.removeEventListener("change", apply);
  }, [theme]);
  const choose = (next: Theme) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${themeCookie}=${next}; path=/; max-age=${yearS}; samesite=lax`;
    setTheme(next);
  };
  const Icon = icons[theme];
  const trigger = (
    <button
      type="button"
      aria-label={t("label")}
      className="grid size-8 place-items-center rounded-control text-ink-2 hover:bg-hover max-md:size-10"
    >
      <Icon aria-hidden className="size-4" />
    </button>
  );
  return (
    <Menu trigger={trigger} align="end">
      {themes.map((one) => {
        const Mark = icons[one];
        return (
          <MenuItem key={one} onSelect={() => choose(one)}>
            <Mark aria-hidden className="size-4 text-ink-3" />
            {t(one)}
            {one === theme && <Check aria-hidden className="ml-auto size-3.5" />}
          </MenuItem>
        );
      })}
    </Menu>
  );
}

"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";

interface MenuProps {
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly children: ReactNode;
  readonly align?: "start" | "end";
}

export function Menu({ trigger, children, align = "start" }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} className="z-30">
          <Base.Popup className="min-w-44 rounded-control bg-surface py-1 text-ink shadow-menu outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const item =
  "flex w-full cursor-default items-center gap-2 px-3 py-1.5 text-left outline-none select-none data-highlighted:bg-hover max-md:py-2.5";

export function MenuItem({
  onSelect,
  children,
  tone,
}: {
  onSelect: () => void;
  children: ReactNode;
  tone?: "bad";
}) {
  return (
    <Base.Item onClick={onSelect} className={`${item} ${tone === "bad" ? "text-bad" : ""}`}>
      {children}
    </Base.Item>
  );
}

/** An item that goes somewhere: a real link, so that it opens in a new tab too. */
export function MenuLink({
  render,
  children,
}: {
  render: ReactElement<Record<string, unknown>>;
  children: ReactNode;
}) {
  return (
    <Base.Item render={render} className={item}>
      {children}
    </Base.Item>
  );
}

export function MenuChoice({
  isChosen,
  onChange,
  children,
}: {
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Base.CheckboxItem checked={isChosen} onCheckedChange={onChange} closeOnClick={false} className={item}>
      <span
        className={`grid size-4 place-items-center rounded-mark border ${isChosen ? "border-bar bg-bar text-on-bar" : "border-control"}`}
      >
        {isChosen && <Check aria-hidden className="size-3" strokeWidth={3} />}
      </span>
      {children}
    </Base.CheckboxItem>
  );
}

export function MenuRule() {
  return <Base.Separator className="my-1 h-px bg-line" />;
}

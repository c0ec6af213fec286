"use client";

import type { Menu as BaseMenu } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import {
  cloneElement,
  createContext,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  useContext,
  useId,
  useRef,
  useState,
} from "react";
import { fetchPart } from "@/trpc/reachability";

/** Fetched when the first menu is about to be opened: no page shows one at first. */
const loadParts = async () => (await import("@base-ui/react/menu")).Menu;
const preload = () => void loadParts().catch(() => {});

const Parts = createContext<typeof BaseMenu | null>(null);

interface MenuProps {
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly children: ReactNode;
  readonly align?: "start" | "end";
}

/** A button and the menu below it. What draws the menu comes when somebody points at the button or reaches it by Tab. */
export function Menu({ trigger, children, align = "start" }: MenuProps) {
  const [Base, setBase] = useState<typeof BaseMenu | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [isByKey, setByKey] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const id = useId();
  const open = async (byKey: boolean) => {
    // Safari does not focus what is clicked; the focus is to come back here.
    button.current?.focus();
    try {
      const parts = await fetchPart(loadParts);
      setBase(() => parts);
    } catch {
      // The page stays, and says why nothing opens.
      return;
    }
    setByKey(byKey);
    setOpen(true);
  };
  const props = {
    ref: button,
    id,
    "aria-haspopup": "menu",
    "aria-expanded": isOpen,
    "aria-controls": isOpen ? `${id}-menu` : undefined,
    onPointerEnter: preload,
    onFocus: preload,
    // A click without a pointer is one of Enter or Space.
    onClick: ({ detail }: MouseEvent) => (isOpen ? setOpen(false) : void open(detail === 0)),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      if (!isOpen) void open(true);
    },
  };
  return (
    <>
      {cloneElement(trigger, props)}
      {Base && (
        <Base.Root
          modal={false}
          open={isOpen}
          onOpenChangeComplete={(isNowOpen) => {
            if (isNowOpen && isByKey) popup.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
          }}
          onOpenChange={(isNowOpen, { event, cancel }) => {
            // A press on the button is its own matter: closed here, its click would open the menu again.
            if (event.target instanceof Node && button.current?.contains(event.target)) cancel();
            else setOpen(isNowOpen);
          }}
        >
          <Base.Portal>
            <Base.Positioner anchor={button} align={align} sideOffset={4} className="z-30">
              <Base.Popup
                ref={popup}
                id={`${id}-menu`}
                aria-labelledby={id}
                onKeyDown={({ key }) => {
                  if (key !== "Tab") return;
                  // Goes on from the button, as if the menu had not been there.
                  button.current?.focus();
                  setOpen(false);
                }}
                className="min-w-44 rounded-control bg-surface py-1 text-ink shadow-menu outline-none"
              >
                <Parts value={Base}>{children}</Parts>
              </Base.Popup>
            </Base.Positioner>
          </Base.Portal>
        </Base.Root>
      )}
    </>
  );
}

/** What menus are drawn with; inside one it is there. */
function useParts(): typeof BaseMenu {
  const parts = useContext(Parts);
  if (!parts) throw new Error("a menu's item was drawn outside a menu");
  return parts;
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
  const Base = useParts();
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
  const Base = useParts();
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
  const Base = useParts();
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
  const Base = useParts();
  return <Base.Separator className="my-1 h-px bg-line" />;
}

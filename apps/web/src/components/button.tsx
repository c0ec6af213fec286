import type { ComponentProps, ReactNode } from "react";

export type ButtonLook = "primary" | "secondary" | "quiet" | "bad";

const looks: Record<ButtonLook, string> = {
  primary: "bg-wax text-on-wax hover:bg-wax-hover border-transparent shadow-sheet",
  secondary: "bg-surface text-ink border-line-strong hover:bg-hover shadow-sheet",
  quiet: "bg-transparent text-ink-2 border-transparent hover:bg-hover",
  bad: "bg-surface text-bad border-line-strong hover:bg-bad-soft shadow-sheet",
};
const shape =
  "inline-flex h-8 shrink-0 items-center justify-center gap-2 rounded-control border px-3 text-base font-medium whitespace-nowrap transition-colors duration-[120ms] max-md:h-10";
const off = "bg-sunken text-ink-3 border-transparent";

/** The classes of a button, for links that look like one. */
export function buttonClass(look: ButtonLook = "secondary", isOff = false): string {
  return `${shape} ${isOff ? off : looks[look]}`;
}

interface ButtonProps extends Omit<ComponentProps<"button">, "disabled"> {
  readonly look?: ButtonLook;
  readonly icon?: ReactNode;
  /** Not now: stays in the tab order, and somebody says why in words beside it. */
  readonly isOff?: boolean;
}

export function Button({
  look = "secondary",
  icon,
  isOff = false,
  className = "",
  onClick,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={isOff || undefined}
      onClick={isOff ? (event) => event.preventDefault() : onClick}
      className={`${buttonClass(look, isOff)} ${className}`}
    >
      {icon}
      {children}
    </button>
  );
}

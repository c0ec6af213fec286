import type { ReactNode } from "react";

export function Sheet({
  children,
  className = "",
  isBusy = false,
}: {
  readonly children: ReactNode;
  readonly className?: string;
  /** Shown already, and not yet to be used. */
  readonly isBusy?: boolean;
}) {
  return (
    <section
      aria-busy={isBusy || undefined}
      className={`rounded-sheet border bg-surface shadow-sheet ${className}`}
    >
      {children}
    </section>
  );
}

export function SheetHead({
  title,
  icon,
  aside,
  note,
}: {
  title: ReactNode;
  icon?: ReactNode;
  aside?: ReactNode;
  note?: ReactNode;
}) {
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-2 gap-y-1 border-b px-4 py-2">
      {icon && <span className="text-ink-3 [&>svg]:size-4">{icon}</span>}
      <h2 className="font-semibold">{title}</h2>
      {note && <span className="min-w-0 text-meta text-ink-3 [overflow-wrap:anywhere]">{note}</span>}
      {aside && <span className="ml-auto">{aside}</span>}
    </div>
  );
}

/** A list of facts: what, and its value. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="divide-y">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(96px,150px)_minmax(0,1fr)] gap-x-4 py-2.5">
      <dt className="text-ink-3">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

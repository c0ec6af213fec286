"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode, RefObject } from "react";

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Cancel first, then the action. */
  readonly footer: ReactNode;
  /** Where the focus begins; dialogs that commit something begin on Cancel. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
}

/** A modal in the upper third, on phones a sheet from below. Escape closes it; the focus returns to where it came from. */
export function Dialog({ isOpen, onClose, title, description, children, footer, initialFocus }: DialogProps) {
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Base.Popup
          {...(initialFocus ? { initialFocus } : {})}
          className="fixed z-50 flex max-h-[85dvh] w-full flex-col overflow-hidden rounded-sheet bg-surface text-ink shadow-dialog outline-none transition-[opacity,translate] duration-[160ms] data-starting-style:translate-y-2 data-starting-style:opacity-0 max-md:inset-x-0 max-md:bottom-0 max-md:rounded-b-none md:top-[14dvh] md:left-1/2 md:w-[520px] md:-translate-x-1/2"
        >
          <div className="min-h-0 overflow-y-auto px-5 pt-5 pb-4">
            <Base.Title className="text-head font-semibold">{title}</Base.Title>
            {description && <Base.Description className="mt-1 text-ink-2">{description}</Base.Description>}
            {children}
          </div>
          <div className="flex flex-wrap items-center justify-end gap-2 border-t bg-canvas px-5 py-3">
            {footer}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

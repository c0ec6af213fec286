"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link } from "@/i18n/navigation";
import { rememberRow } from "./row-focus";

/** Whoever only passes by on the way down the list is gone before. */
const nearMs = 100;

/** The name of an order, which opens it. Who stays at it a moment has it fetched before the press. */
export function OrderLink({
  orderId,
  tip,
  onFocus,
  children,
}: {
  readonly orderId: string;
  readonly tip: string;
  readonly onFocus: () => void;
  readonly children: ReactNode;
}) {
  const [isNear, setNear] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const leave = () => clearTimeout(timer.current);
  const come = () => {
    leave();
    timer.current = setTimeout(() => setNear(true), nearMs);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <Link
      href={`/security/ssl/orders/${orderId}`}
      prefetch={isNear}
      data-row-name
      onPointerEnter={come}
      onPointerLeave={leave}
      onFocus={() => {
        come();
        onFocus();
      }}
      onBlur={leave}
      onClick={() => rememberRow(orderId)}
      data-tip={tip}
      className="min-w-6 truncate font-medium hover:underline"
    >
      {children}
    </Link>
  );
}

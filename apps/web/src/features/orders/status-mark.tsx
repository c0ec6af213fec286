import type { OrderRowView } from "@sealpost/api/client";
import { Ban, Hourglass, SquareDashed } from "lucide-react";
import { useTranslations } from "next-intl";
import { Seal } from "@/components/seal";

type Shape = "pending" | "to-import" | "imported" | "expired" | "ended" | "unknown";
type Facts = Pick<OrderRowView, "status" | "attention" | "importedAt" | "expiresAt" | "vendorStatus">;

/** Which shape stands for an order: dashed, half, sealed reads as progress. */
export function shapeOf(order: Facts, now: Date): Shape {
  switch (order.status) {
    case "draft":
    case "awaiting-approval":
    case "validating":
    case "reissue-pending":
      return "pending";
    case "issued":
      if (order.expiresAt !== null && new Date(order.expiresAt) <= now) return "expired";
      return order.importedAt === null ? "to-import" : "imported";
    case "unknown":
      return "unknown";
    default:
      return "ended";
  }
}

/** Status = shape and word, never a colour alone. An unknown status shows the CA's own word. */
export function StatusMark({ order, now }: { readonly order: Facts; readonly now: Date }) {
  const t = useTranslations("status");
  const shape = shapeOf(order, now);
  const word =
    shape === "to-import" || shape === "imported" || shape === "expired"
      ? t(shape)
      : shape === "unknown"
        ? order.vendorStatus
        : t(order.status);
  const isQuiet = shape === "expired" || shape === "ended";
  return (
    <span className={`inline-flex max-w-full min-w-0 items-center gap-1.5 ${isQuiet ? "text-ink-3" : ""}`}>
      <StatusShape shape={shape} />
      <span className="truncate">{word}</span>
    </span>
  );
}

function StatusShape({ shape }: { readonly shape: Shape }) {
  const size = "size-3.5 shrink-0";
  switch (shape) {
    case "pending":
      return (
        <svg viewBox="0 0 14 14" aria-hidden className={`${size} text-info`}>
          <circle
            cx="7"
            cy="7"
            r="5.500"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.600"
            strokeDasharray="2.200 2.200"
          />
        </svg>
      );
    case "to-import":
      return (
        <svg viewBox="0 0 14 14" aria-hidden className={`${size} text-warn`}>
          <circle cx="7" cy="7" r="5.500" fill="none" stroke="currentColor" strokeWidth="1.600" />
          <path d="M7 3.500v7a3.500 3.500 0 000-7z" fill="currentColor" />
        </svg>
      );
    case "imported":
      return (
        <Seal className={`${size} text-ok`}>
          <path
            d="M8 11l2.700 2.700L16 8.500"
            fill="none"
            stroke="var(--surface)"
            strokeWidth="2.200"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </Seal>
      );
    case "expired":
      return <Hourglass aria-hidden className={size} />;
    case "ended":
      return <Ban aria-hidden className={size} />;
    case "unknown":
      return <SquareDashed aria-hidden className={size} />;
  }
}

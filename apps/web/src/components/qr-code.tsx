import { encode } from "uqr";

/** Text as a QR code (ISO/IEC 18004), dark on light in both themes, for cameras. `label` says what it is for. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  // Four modules of quiet around it, as cameras want.
  const { data, size } = encode(text, { border: 4 });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} className="w-44 rounded-control">
      <rect width={size} height={size} fill="white" />
      <path d={dark.join("")} fill="black" shapeRendering="crispEdges" />
    </svg>
  );
}

import { createElement } from "react";

const mayBreak = <wbr />;

/** Hex in pairs, as every tool prints it; a line ends between two of them. */
export function Hex({ pairs }: { readonly pairs: readonly string[] }) {
  const parts = pairs.flatMap((pair, at) => (at === 0 ? [pair] : [":", mayBreak, pair]));
  const className = "max-w-[49ch] min-w-0 font-mono text-code leading-[20px] text-balance";
  return createElement("code", { className }, ...parts);
}

export function hexPairs(text: string): readonly string[] {
  return text.toUpperCase().match(/../g) ?? [];
}

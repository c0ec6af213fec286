import { Fragment } from "react";

/** Hex in pairs, as every tool prints it; a line ends between two of them. */
export function Hex({ pairs }: { readonly pairs: readonly string[] }) {
  return (
    <code className="max-w-[49ch] min-w-0 font-mono text-code leading-[20px] text-balance">
      {pairs.map((pair, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pairs of one number never move
        <Fragment key={at}>
          {at > 0 && ":"}
          <wbr />
          {pair}
        </Fragment>
      ))}
    </code>
  );
}

export function hexPairs(text: string): readonly string[] {
  return text.toUpperCase().match(/../g) ?? [];
}

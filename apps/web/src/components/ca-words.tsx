/** The CA's own words, word for word. */
export function CaWords({ words, label }: { readonly words: string; readonly label: string }) {
  return (
    <p className="mt-1 text-meta text-ink-2">
      {label} <code className="font-mono text-code [overflow-wrap:anywhere]">{words}</code>
    </p>
  );
}

import type { ReactNode } from "react";
import { CopyButton } from "./copy-button";
import { Moment } from "./moment";

/** Our sentence first, with what helps, then what the other side said, word for word. */
export function Trouble({
  title,
  help,
  said,
  words,
  at,
}: {
  readonly title: ReactNode;
  readonly help?: ReactNode;
  /** Whose words follow. */
  readonly said: ReactNode;
  readonly words: string | null;
  readonly at: string | null;
}) {
  return (
    <div role="alert" className="border-t bg-bad-soft px-4 py-3">
      <p className="font-medium text-bad">{title}</p>
      {help && <p className="mt-1">{help}</p>}
      {words && (
        <>
          <p className="mt-1 text-meta text-ink-2">
            {said} {at && <Moment at={at} as="full" />}
          </p>
          <div className="mt-1 flex items-start gap-2 rounded-control border bg-surface px-3 py-1.5">
            <code className="min-w-0 flex-1 font-mono text-code [overflow-wrap:anywhere]">{words}</code>
            <CopyButton text={words} />
          </div>
        </>
      )}
    </div>
  );
}

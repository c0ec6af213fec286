import { type ReactNode, useId } from "react";

/** One of a few, by the system's own list. */
export function SelectField<Name extends string>({
  label,
  value,
  choices,
  onChoose,
  help,
  children,
}: {
  readonly label: string;
  readonly value: Name;
  readonly choices: readonly Name[];
  readonly onChoose: (name: Name) => void;
  readonly help?: ReactNode;
  /** What a choice is called. */
  readonly children: (name: Name) => string;
}) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <select
        id={id}
        aria-describedby={help ? `${id}-help` : undefined}
        className="h-10 w-full rounded-control border border-control bg-surface px-3"
        value={value}
        onChange={(event) => {
          const chosen = choices.find((name) => name === event.target.value);
          if (chosen !== undefined) onChoose(chosen);
        }}
      >
        {choices.map((name) => (
          <option key={name} value={name}>
            {children(name)}
          </option>
        ))}
      </select>
      {help && (
        <p id={`${id}-help`} className="mt-1 text-meta text-ink-2">
          {help}
        </p>
      )}
    </div>
  );
}

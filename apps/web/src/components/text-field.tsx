import { type ComponentProps, type ReactNode, useId } from "react";

interface TextFieldProps extends ComponentProps<"input"> {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  /** What is wrong, with one thing to do; stands right below the field. */
  readonly problem?: ReactNode;
  /** A button that belongs to the field and stands beside it. */
  readonly action?: ReactNode;
}

const field =
  "w-full rounded-control border border-control bg-surface px-3 text-ink placeholder:text-ink-3 aria-invalid:border-bad";

export function TextField({ label, help, problem, action, className = "", ...rest }: TextFieldProps) {
  const id = useId();
  const about = [help ? `${id}-help` : "", problem ? `${id}-problem` : ""].filter(Boolean).join(" ");
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          {...rest}
          aria-invalid={problem ? true : undefined}
          aria-describedby={about || undefined}
          className={`${field} h-10 min-w-0`}
        />
        {action}
      </div>
      {help && (
        <p id={`${id}-help`} className="mt-1 text-meta text-ink-3">
          {help}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="mt-1 text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}

interface TextAreaProps extends ComponentProps<"textarea"> {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  readonly problem?: ReactNode;
}

export function TextArea({ label, help, problem, className = "", ...rest }: TextAreaProps) {
  const id = useId();
  const about = [help ? `${id}-help` : "", problem ? `${id}-problem` : ""].filter(Boolean).join(" ");
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <textarea
        id={id}
        rows={4}
        {...rest}
        aria-invalid={problem ? true : undefined}
        aria-describedby={about || undefined}
        className={`${field} py-2 ${className}`}
      />
      {help && (
        <p id={`${id}-help`} className="mt-1 text-meta text-ink-3">
          {help}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="mt-1 text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}

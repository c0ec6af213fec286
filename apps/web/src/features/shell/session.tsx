"use client";

import type { RouterOutputs } from "@sealpost/api/client";
import type { Right } from "@sealpost/domain";
import { createContext, type ReactNode, useContext } from "react";

export type Person = NonNullable<RouterOutputs["session"]["me"]>;

const Context = createContext<Person | null>(null);

export function SessionProvider({
  person,
  children,
}: {
  readonly person: Person;
  readonly children: ReactNode;
}) {
  return <Context value={person}>{children}</Context>;
}

/** Who is signed in; the console's pages exist only for somebody. */
export function usePerson(): Person {
  const person = useContext(Context);
  if (!person) throw new Error("a page of the console was drawn without a person");
  return person;
}

export function useMay(right: Right): boolean {
  return usePerson().rights.includes(right);
}

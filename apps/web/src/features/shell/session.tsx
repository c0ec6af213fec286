"use client";

import type { RouterInputs, RouterOutputs } from "@sealpost/api/client";
import type { Right } from "@sealpost/domain";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { useTRPCClient } from "@/trpc/client";

export type Person = NonNullable<RouterOutputs["session"]["me"]>;
export type Preferences = Person["preferences"];
type PreferenceChange = RouterInputs["preferences"]["change"];

interface Session {
  readonly person: Person;
  readonly preferences: Preferences;
  readonly change: (change: PreferenceChange) => Promise<void>;
}

const Context = createContext<Session | null>(null);

export function SessionProvider({
  person,
  children,
}: {
  readonly person: Person;
  readonly children: ReactNode;
}) {
  const client = useTRPCClient();
  const [preferences, setPreferences] = useState(person.preferences);
  const kept = useRef(person.preferences);
  const latest = useRef(0);
  const change = useCallback(
    async (one: PreferenceChange) => {
      const turn = ++latest.current;
      setPreferences((shown) => shownAtOnce(shown, one));
      try {
        kept.current = await client.preferences.change.mutate(one);
      } finally {
        // Of several in a row, the last one tells what was kept; after a failure that is what stood before.
        if (turn === latest.current) setPreferences(kept.current);
      }
    },
    [client],
  );
  return <Context value={{ person, preferences, change }}>{children}</Context>;
}

/** What concerns nobody else and is seldom refused shows before it is kept; a view is there when it is. */
function shownAtOnce(shown: Preferences, change: PreferenceChange): Preferences {
  if (change.change === "columns-chosen") return { ...shown, columns: change.columns };
  if (change.change === "single-keys-switched") return { ...shown, hasSingleKeys: change.hasSingleKeys };
  return shown;
}

function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("a page of the console was drawn without a person");
  return session;
}

/** Who is signed in; the console's pages exist only for somebody. */
export function usePerson(): Person {
  return useSession().person;
}

/** How this person wants the console, and how to change that for good. Rejects when it could not be kept. */
export function usePreferences(): Pick<Session, "preferences" | "change"> {
  return useSession();
}

export function useMay(right: Right): boolean {
  return usePerson().rights.includes(right);
}

/** How many refusals of one person are traced at once, and how many more each minute. */
const burst = 30;
const perMinute = 10;

/**
 * Whether one more refusal of this person may be traced, and how many were left out since the last that was. Null: left
 * out, and counted. Who is refused again and again must not be able to fill the disk.
 */
export type RefusalGate = (who: string, now: Date) => { readonly leftOut: number } | null;

/** A gate that keeps its counts in memory, one per person who was refused anything. */
export function createRefusalGate(): RefusalGate {
  const known = new Map<string, { tokens: number; at: number; leftOut: number }>();
  return (who, now) => {
    const at = now.getTime();
    const own = known.get(who) ?? { tokens: burst, at, leftOut: 0 };
    known.set(who, own);
    // A clock that was set back gives nothing, one that was set forward not more than the burst.
    const minutes = Math.max(0, at - own.at) / 60_000;
    own.tokens = Math.min(burst, own.tokens + minutes * perMinute);
    own.at = at;
    if (own.tokens < 1) {
      own.leftOut += 1;
      return null;
    }
    own.tokens -= 1;
    const { leftOut } = own;
    own.leftOut = 0;
    return { leftOut };
  };
}

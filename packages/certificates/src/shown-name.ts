const longestName = 200;

/** A file name from a person, an archive or a mail, safe to show. It is never used as a path. */
export function shownName(name: string): string {
  return (
    name
      .slice(0, 4 * longestName)
      .replace(/[\p{Cc}\p{Cf}]/gu, "")
      .slice(0, longestName) || "?"
  );
}

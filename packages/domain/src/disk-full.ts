const codes = new Set(["ENOSPC", "EDQUOT", "SQLITE_FULL"]);

/** Whether something could not be written for want of room: a file, or a change to the database. */
export function isDiskFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string" && codes.has(cause.code)) return true;
  }
  return false;
}

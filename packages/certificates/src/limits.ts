/** What is refused before anything looks at it, so that hostile input costs little. Sizes in bytes. */
export const limits = {
  textBytes: 1024 * 1024,
  fileBytes: 5 * 1024 * 1024,
  sumBytes: 10 * 1024 * 1024,
  certificates: 50,
  keys: 10,
  zipEntries: 20,
  /** How many times larger a ZIP may become. */
  zipRatio: 10,
  /** A mail in a mail, a ZIP in a ZIP in a mail: deeper is nobody's. */
  depth: 4,
  /** Key-derivation rounds of one input in sum: one million take 0.2 to 0.6 s, and a native call cannot be stopped. */
  keyRounds: 1_000_000,
  derDepth: 32,
} as const;

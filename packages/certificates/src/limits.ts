/** What is refused before anything looks at it, so that hostile input costs little. Sizes in bytes. */
export const limits = {
  textBytes: 1024 * 1024,
  fileBytes: 5 * 1024 * 1024,
  /** All inputs together, and what comes out of their containers. */
  sumBytes: 10 * 1024 * 1024,
  certificates: 50,
  keys: 10,
  /** PEM blocks of all texts together, whatever they hold. */
  blocks: 200,
  zipEntries: 20,
  /** How many times larger a ZIP may become. */
  zipRatio: 10,
  /** A ZIP in a ZIP, but no third. */
  zipDepth: 2,
  /** A mail forwarded as an attachment of a mail, and once more. */
  mailDepth: 3,
  /** Key-derivation rounds of one reading in sum: one million take 0.2 to 0.6 s, and a native call cannot be stopped. */
  keyRounds: 1_000_000,
  /** Longer RSA keys sign so slowly that one handshake would take the whole time there is. */
  rsaBits: 8192,
  /** Signatures checked while looking for the chain. */
  signatureChecks: 200,
  /** Names of a certificate times name constraints above it. */
  nameChecks: 100_000,
} as const;

export type Limit = keyof typeof limits;

/** What is refused before anything looks at it, so that hostile input costs little. Sizes in bytes. */
export const limits = {
  textBytes: 1024 * 1024,
  /** All texts together: a megabyte of hostile text takes up to 0.9 s. */
  textSumBytes: 2 * 1024 * 1024,
  fileBytes: 5 * 1024 * 1024,
  /** All inputs together, and what comes out of their containers. */
  sumBytes: 10 * 1024 * 1024,
  /** Tried, not only found. */
  certificates: 50,
  /** Tried, not only found. */
  keys: 10,
  /** One certificate or request: what OpenSSL's clients accept for a whole chain (SSL_CTX_set_max_cert_list). */
  certificateBytes: 100 * 1024,
  /** All certificates together: what they say takes fifty times the room of what they are. */
  certificateSumBytes: 1024 * 1024,
  /** A private key; one of RSA of the longest kind takes 5 kB. */
  keyBytes: 64 * 1024,
  /** How deep ASN.1 may be nested, and of how many elements it may consist where all are looked at. */
  asn1Depth: 32,
  asn1Elements: 50_000,
  /** More than one for each block, so that these are told first. */
  findings: 250,
  /** PEM blocks of all texts together, whatever they hold. */
  blocks: 200,
  zipEntries: 20,
  /** How many times larger a ZIP may become. */
  zipRatio: 10,
  /** A ZIP in a ZIP, but no third. */
  zipDepth: 2,
  /** A mail forwarded as an attachment of a mail, and once more. */
  mailDepth: 3,
  /**
   * Key-derivation rounds of one reading in sum, for every block derived and every spelling of the passphrase tried: one
   * million take 0.2 to 1.5 s, and a native call cannot be stopped.
   */
  keyRounds: 1_000_000,
  /** Longer RSA keys sign so slowly that one handshake would take the whole time there is. */
  rsaBits: 8192,
  /** Signatures checked while looking for the certificate meant, and again while looking for its chain. */
  signatureChecks: 200,
  /** Names of a certificate times name constraints above it, for all ways up together. */
  nameChecks: 100_000,
} as const;

export type Limit = keyof typeof limits;

/**
 * What only the vault can do for the audit chain. Synchronous, since it works inside the transaction of the change.
 */
export interface AuditSeal {
  /** HMAC-SHA256 over the text, in lower-case hex. */
  mac(text: string): string;
  /** Ed25519 over the text, in base64. */
  sign(text: string): string;
  /** SubjectPublicKeyInfo in base64, for those who verify without the vault. */
  readonly publicKey: string;
}

/**
 * Public certificates of issuing CAs, from which an incomplete chain is completed without asking any network. Holds
 * nothing confidential: neither certificates of servers nor keys.
 */
export interface IntermediateLibrary {
  /**
   * Keeps those of a PEM text that are certificates of CAs and not yet known; the rest is counted. Durable when it
   * resolves. Rejects when they cannot be written.
   */
  add(pem: Uint8Array): Promise<IntermediatesAdded>;
}

export interface IntermediatesAdded {
  readonly added: number;
  readonly known: number;
  /** Roots, certificates of servers, and what cannot be read. */
  readonly leftOut: number;
}

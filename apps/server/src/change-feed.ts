import type { Change, Store } from "@sealpost/domain";

/** What pages show, as far as a change can make it old. Names only: whoever listens asks again, with their own rights. */
export const topics = ["orders", "accounts", "certificates", "mailboxes", "mails", "people"] as const;
export type Topic = (typeof topics)[number];

type Listener = (changed: ReadonlySet<Topic>) => void;
type Write = Change["writes"][number]["write"];

const topicsOf = {
  "order-synced": ["orders", "mails"],
  "orders-gone": ["orders"],
  "resend-requested": ["orders"],
  "resend-moved": ["orders"],
  "resend-evidence": ["orders"],
  "mail-received": ["orders", "mails"],
  "mail-matched": ["orders", "mails"],
  "mail-placed": [],
  "mail-put-away": ["mails"],
  "certificate-imported": ["certificates", "orders", "mails"],
  "certificate-completed": ["certificates", "orders"],
  "certificate-made-current": ["certificates", "orders"],
  "certificate-notes": ["certificates"],
  "certificate-deleted": ["certificates", "orders", "mails"],
  // Of nobody else's concern.
  "preferences-saved": [],
  "sessions-ended": [],
  "passkey-added": ["people"],
  "passkey-renamed": [],
  "passkey-removed": ["people"],
  "person-recovered": ["people"],
  "person-unlocked": [],
  "account-saved": ["accounts"],
  "account-sync": ["accounts"],
  "person-invited": ["people"],
  "identity-linked": ["people"],
  "person-changed": ["people"],
  "person-disabled": ["people"],
  "person-reset": ["people"],
  "mailbox-saved": ["mailboxes"],
  "mailbox-restarted": ["mailboxes"],
  "mailbox-position": ["mailboxes"],
  "mailbox-seen": ["mailboxes"],
} as const satisfies Record<Write, readonly Topic[]>;

/** Tells listeners what was committed, once it was. */
export class ChangeFeed {
  readonly #listeners = new Set<Listener>();

  /** The same store, whose commits are told. */
  announcing(store: Store): Store {
    return {
      ...store,
      commit: async (change) => {
        await store.commit(change);
        this.#tell(new Set(change.writes.flatMap(({ write }) => topicsOf[write])));
      },
    };
  }

  /** Resolves nothing, returns how to stop listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(changed: ReadonlySet<Topic>): void {
    if (changed.size > 0) for (const listener of this.#listeners) listener(changed);
  }
}

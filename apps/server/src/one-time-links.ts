import { createHash, randomBytes } from "node:crypto";
import type { LinkStore } from "@sealpost/db";
import type { Clock } from "@sealpost/domain";

const hourMs = 60 * 60 * 1000;
/** How long each is good for: one is used by who just asked for it, the other has to find its way to a colleague. */
const lifetimeMs = { setup: hourMs, reset: 24 * hourMs, invite: 3 * 24 * hourMs } as const;
/** For so long a link that has ended is told from one that was used. */
const rememberedMs = 30 * 24 * hourMs;

export type LinkPurpose = keyof typeof lifetimeMs;
export type LinkState = "valid" | "link-spent" | "link-expired";

/**
 * Links that work once, for a while. The token has 256 bits and travels in the fragment, which browsers never send;
 * only its SHA-256 is kept.
 */
export class OneTimeLinks {
  readonly #clock: Clock;
  readonly #store: LinkStore;
  readonly #origin: string;

  constructor(clock: Clock, store: LinkStore, origin: string) {
    this.#clock = clock;
    this.#store = store;
    this.#origin = origin;
  }

  /** Makes a link; earlier ones of the same person, or about nobody for the same purpose, are void from then on. */
  issue(purpose: LinkPurpose, personId: string | null): { readonly url: string; readonly expiresAt: Date } {
    const token = randomBytes(32).toString("base64url");
    const now = this.#clock.now().getTime();
    const expiresAt = new Date(now + lifetimeMs[purpose]);
    this.#store.put({ hash: sha256(token), purpose, personId, expiresAt }, new Date(now - rememberedMs));
    return { url: `${this.#origin}/${purpose}#token=${token}`, expiresAt };
  }

  /**
   * Runs `use` if the token is good for this purpose; the link stays good when `use` failed, and is spent all the
   * same when there was nothing to use it for. Two calls at once: the second finds the link spent.
   */
  async spend(
    purpose: LinkPurpose,
    token: string,
    use: (personId: string | null) => Promise<"used" | "void">,
  ): Promise<LinkState> {
    const link = this.#store.take(sha256(token), purpose);
    if (!link) return "link-spent";
    const now = this.#clock.now();
    const putBack = () => this.#store.put(link, new Date(now.getTime() - rememberedMs));
    if (link.expiresAt <= now) {
      putBack();
      return "link-expired";
    }
    try {
      return (await use(link.personId)) === "used" ? "valid" : "link-spent";
    } catch (error) {
      putBack();
      throw error;
    }
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

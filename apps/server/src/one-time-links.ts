import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "@sealpost/domain";

export type LinkPurpose =
  | { readonly purpose: "setup" }
  | { readonly purpose: "reset"; readonly personId: string };
export type LinkState = "valid" | "link-spent" | "link-expired";

const lifetimeMs = 60 * 60 * 1000;

interface Link {
  readonly hash: Buffer;
  readonly expiresAt: Date;
  readonly for: LinkPurpose;
  isSpent: boolean;
}

/**
 * Links that work once, for an hour. The token has 256 bits and travels in the fragment, which browsers never send;
 * only its SHA-256 is kept, in memory: a restart makes every link void.
 */
export class OneTimeLinks {
  readonly #clock: Clock;
  readonly #links: Link[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes a token for this purpose. */
  issue(purpose: LinkPurpose): string {
    const token = randomBytes(32).toString("base64url");
    const expiresAt = new Date(this.#clock.now().getTime() + lifetimeMs);
    this.#links.push({ hash: sha256(token), expiresAt, for: purpose, isSpent: false });
    return token;
  }

  /**
   * Runs `use` if the token is good for this purpose, and spends it when `use` succeeded. Two calls at once: the
   * second finds the link spent.
   */
  async spend<Purpose extends LinkPurpose["purpose"]>(
    purpose: Purpose,
    token: string,
    use: (link: Extract<LinkPurpose, { purpose: Purpose }>) => Promise<void>,
  ): Promise<LinkState> {
    const hash = sha256(token);
    const link = this.#links.find(
      (known) => known.for.purpose === purpose && timingSafeEqual(known.hash, hash),
    );
    if (!link || link.isSpent) return "link-spent";
    if (link.expiresAt <= this.#clock.now()) return "link-expired";
    link.isSpent = true;
    try {
      await use(ofPurpose<Purpose>(link.for));
      return "valid";
    } catch (error) {
      link.isSpent = false;
      throw error;
    }
  }
}

/** `spend` looked the link up by this purpose. */
function ofPurpose<Purpose extends LinkPurpose["purpose"]>(
  link: LinkPurpose,
): Extract<LinkPurpose, { purpose: Purpose }> {
  return link as Extract<LinkPurpose, { purpose: Purpose }>;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/**
 * What may go wrong at a CA, switched on per order or for all. `no-answer-before-mail` drops the connection before the
 * mail leaves, `no-answer-after-mail` afterwards: to the caller both look alike, which is the point. `huge` answers
 * with 50 MB, `endless` drops a byte at a time for as long as anybody listens, `redirect` points elsewhere.
 */
export const faults = [
  "refuse",
  "http-500",
  "http-503",
  "html",
  "garbage",
  "half-answer",
  "slow",
  "no-answer-before-mail",
  "no-answer-after-mail",
  "hang-before-mail",
  "hang-after-mail",
  "rate-limit",
  "empty-200",
  "error-in-200",
  "false",
  "unauthorized",
  "forbidden",
  "not-found",
  "huge",
  "endless",
  "redirect",
] as const;
/** One of the list, or any answer one likes: a text is sent as it is, everything else as JSON. No mail leaves. */
export type Fault = (typeof faults)[number] | { readonly status: number; readonly body: unknown };

export type FaultScope = "resend" | "read";

/** Which fault stands for which order, by scope; `all` stands for every order without one of its own. */
export class FaultBoard {
  readonly #faults = new Map<string, Fault>();

  set(scope: FaultScope, orderId: number | "all", fault: Fault | null): void {
    if (fault === null) this.#faults.delete(`${scope}:${orderId}`);
    else this.#faults.set(`${scope}:${orderId}`, fault);
  }

  of(scope: FaultScope, orderId: number | null): Fault | null {
    return this.#faults.get(`${scope}:${orderId}`) ?? this.#faults.get(`${scope}:all`) ?? null;
  }

  clear(): void {
    this.#faults.clear();
  }
}

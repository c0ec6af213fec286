/** Who is being answered at this moment, so that work which can wait gives way to them. */
export class Attendance {
  #count = 0;

  /** Until the signal is aborted, which it is when the answer has ended or nobody waits for it any more. */
  enter(left: AbortSignal): void {
    this.#count += 1;
    left.addEventListener("abort", () => (this.#count -= 1), { once: true });
  }

  get isAnybody(): boolean {
    return this.#count > 0;
  }
}

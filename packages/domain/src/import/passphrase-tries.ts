/** How many wrong passphrases one person may try in a row, and how long is waited then, in milliseconds. */
const mostTries = 5;
const pauseMs = 60_000;
/** People whose tries are remembered at the same time; beyond that the longest quiet ones are forgotten. */
const mostPeople = 1000;

interface Tries {
  readonly wrong: number;
  readonly pausedUntil: Date | null;
}

/**
 * Wrong passphrases of each person, in memory only: never the passphrase itself. After five in a row nothing is
 * opened for a minute, so that the console is no machine for guessing.
 */
export class PassphraseTries {
  readonly #ofPerson = new Map<string, Tries>();

  /** When the person may try again; null: now. */
  pausedUntil(actorId: string, now: Date): Date | null {
    const until = this.#ofPerson.get(actorId)?.pausedUntil ?? null;
    return until !== null && until > now ? until : null;
  }

  /** Counts one try. Returns the end of the pause it begins; null: none. */
  note(actorId: string, isWrong: boolean, now: Date): Date | null {
    const before = this.#ofPerson.get(actorId)?.wrong ?? 0;
    this.#ofPerson.delete(actorId);
    if (!isWrong) return null;
    const wrong = before + 1;
    const pausedUntil = wrong >= mostTries ? new Date(now.getTime() + pauseMs) : null;
    this.#ofPerson.set(actorId, { wrong: pausedUntil ? 0 : wrong, pausedUntil });
    const oldest = this.#ofPerson.keys().next();
    if (this.#ofPerson.size > mostPeople && !oldest.done) this.#ofPerson.delete(oldest.value);
    return pausedUntil;
  }
}

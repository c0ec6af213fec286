import { Piscina } from "piscina";
import type { GuessJob } from "./guess-job.ts";

/** Below this, about 10^8 guesses are enough: too few even for a slow hash that was stolen. */
const leastScore = 3;
const mostWaiting = 16;

/** Who chooses a password, as far as it may not be made of that. */
export interface Chooser {
  readonly name: string;
  readonly email: string;
}

export interface PasswordJudge extends AsyncDisposable {
  /** Whether somebody who tries likely passwords first comes to this one soon. */
  isGuessable(password: string, chooser: Chooser): Promise<boolean>;
}

/**
 * Judges passwords against lists of common ones and of words, offline. In a thread that ends when nobody needs it: the
 * lists take 40 MB and a second to load, and a long password a second to judge.
 */
export function createPasswordJudge(): PasswordJudge {
  const pool = new Piscina<GuessJob, number>({
    filename: new URL("./guess-job.ts", import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    maxQueue: mostWaiting,
    idleTimeout: 10_000,
    env: {},
    // As the reading threads, and for their reason.
    execArgv: ["--no-experimental-require-module"],
  });
  return {
    async isGuessable(password, { name, email }) {
      const about = ["sealpost", email, ...`${name} ${email}`.split(/[^\p{L}\p{N}]+/u)];
      return (await pool.run({ password, about: about.filter((word) => word.length > 2) })) < leastScore;
    },
    [Symbol.asyncDispose]: () => pool.close({ force: true }),
  };
}

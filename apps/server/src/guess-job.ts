import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary as common } from "@zxcvbn-ts/language-common";
import { dictionary as german } from "@zxcvbn-ts/language-de";
import { dictionary as english } from "@zxcvbn-ts/language-en";

export interface GuessJob {
  readonly password: string;
  /** Words that somebody who knows the person tries first. */
  readonly about: readonly string[];
}

/** What is looked at: more takes seconds to judge, and what follows makes nothing easier to guess. */
const judgedLength = 64;

const guesser = new ZxcvbnFactory({
  dictionary: { ...common, ...english, ...german },
  graphs: adjacencyGraphs,
  maxLength: judgedLength,
});

/** In a worker thread: from 0, guessed at once, to 4. */
export default function guessJob({ password, about }: GuessJob): number {
  return guesser.check(password.slice(0, judgedLength), [...about]).score;
}

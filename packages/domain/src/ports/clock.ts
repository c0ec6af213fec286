/** The only source of time for verbs and workers, so that a test can turn it. */
export interface Clock {
  now(): Date;
}

/** Makes ids that never repeat; random, so that they tell nothing. */
export type NewId = () => string;

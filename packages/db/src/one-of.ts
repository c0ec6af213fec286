/** The member of a closed list that this text is. A word outside it is a damaged or newer database. */
export function oneOf<Word extends string>(words: readonly Word[], text: string): Word {
  const word = words.find((known) => known === text);
  if (word === undefined) throw new Error("the database holds a word that this version does not know");
  return word;
}

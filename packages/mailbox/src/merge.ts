/**
 * Hands on what several sources tell, each in its own order. A source is asked for more only when what it told last has
 * been dealt with. The first that throws ends all.
 */
export async function* merge<T>(sources: readonly AsyncGenerator<T, void>[]): AsyncGenerator<T, void> {
  type Told = { readonly source: AsyncGenerator<T, void>; readonly result: IteratorResult<T, void> };
  const told: (Told | { readonly error: unknown })[] = [];
  let wake = () => {};
  // One promise for whoever tells next: racing all of them anew for each event would pile up on the quiet ones.
  const ask = (source: AsyncGenerator<T, void>) => {
    source
      .next()
      .then(
        (result) => void told.push({ source, result }),
        (error: unknown) => void told.push({ error }),
      )
      .finally(() => wake());
  };
  for (const source of sources) ask(source);
  let open = sources.length;
  while (open > 0) {
    const next = told.shift();
    if (next === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    } else if ("error" in next) throw next.error;
    else if (next.result.done) open -= 1;
    else {
      yield next.result.value;
      ask(next.source);
    }
  }
}

const tenMinutesMs = 10 * 60_000;

/** The growth of memory in percent of its mean over ten minutes: the line of least squares through the samples. */
export function slopePerTenMinutes(
  samples: readonly { readonly atMs: number; readonly mb: number }[],
): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const at = mean(samples.map(({ atMs }) => atMs));
  const mb = mean(samples.map((sample) => sample.mb));
  const together = samples.reduce((sum, sample) => sum + (sample.atMs - at) * (sample.mb - mb), 0);
  const alone = samples.reduce((sum, sample) => sum + (sample.atMs - at) ** 2, 0);
  return ((together / alone) * tenMinutesMs * 100) / mb;
}

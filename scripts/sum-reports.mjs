/**
 * What the runners say they ran, added up. A file that could not be loaded has no failed test of its own, so it counts
 * as one failure; so does a report that is missing, and a run without a single passed test. Names what was skipped.
 * @param {{ vitest: any, playwright: any, parts: { name: string, isPassed: boolean }[], expects: { vitest: boolean, playwright: boolean } }} reports
 */
export function sumReports({ vitest, playwright, parts, expects }) {
  let passed = parts.filter((part) => part.isPassed).length;
  let failed = parts.length - passed;
  let skipped = 0;
  /** @type {string[]} */
  const notRun = [];
  if (vitest) {
    const broken = vitest.testResults.filter(
      (file) => file.status === "failed" && !file.assertionResults.some((one) => one.status === "failed"),
    );
    passed += vitest.numPassedTests;
    failed += vitest.numFailedTests + broken.length;
    skipped += vitest.numPendingTests + vitest.numTodoTests;
    for (const { assertionResults } of vitest.testResults)
      for (const { status, fullName } of assertionResults)
        if (status === "skipped" || status === "pending" || status === "todo") notRun.push(fullName);
    if (vitest.numPassedTests === 0) failed += 1;
  } else if (expects.vitest) failed += 1;
  if (playwright) {
    const { stats, errors } = playwright;
    passed += stats.expected;
    failed += stats.unexpected + stats.flaky + errors.length;
    skipped += stats.skipped;
    notRun.push(...(playwright.suites ?? []).flatMap(skippedIn));
    if (stats.expected === 0) failed += 1;
  } else if (expects.playwright) failed += 1;
  return { passed, failed, skipped, notRun };
}

/**
 * @param {any} suite
 * @returns {string[]}
 */
function skippedIn({ suites = [], specs = [] }) {
  const own = specs.filter((spec) => spec.tests.every((one) => one.status === "skipped"));
  return [...own.map((spec) => spec.title), ...suites.flatMap(skippedIn)];
}

import { describe, expect, it } from "vitest";
import { sumReports } from "./sum-reports.mjs";

const vitest = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
const playwright = { stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0 }, errors: [] };
const expects = { vitest: true, playwright: true };

describe("the sum of the reports", () => {
  it("adds up what the runners counted, and the checks", () => {
    const parts = [{ name: "types", isPassed: true }];
    expect(sumReports({ vitest, playwright, parts, expects })).toEqual({
      passed: 6,
      failed: 0,
      skipped: 0,
      notRun: [],
    });
  });

  it("names every test that was not run", () => {
    const assertionResults = [
      { status: "passed", fullName: "mail is read" },
      { status: "skipped", fullName: "mail arrives" },
    ];
    const some = { ...vitest, numPendingTests: 1, testResults: [{ status: "passed", assertionResults }] };
    const specs = [{ title: "mail is shown", tests: [{ status: "skipped" }] }];
    const stats = { ...playwright.stats, skipped: 1 };
    const pages = { ...playwright, stats, suites: [{ suites: [{ specs }], specs: [] }] };
    expect(sumReports({ vitest: some, playwright: pages, parts: [], expects })).toEqual({
      passed: 5,
      failed: 0,
      skipped: 2,
      notRun: ["mail arrives", "mail is shown"],
    });
  });

  it("counts a file that does not load, a missing report, a flaky test and a run without tests as failures", () => {
    const broken = { ...vitest, testResults: [{ status: "failed", assertionResults: [] }] };
    expect(sumReports({ vitest: broken, playwright, parts: [], expects }).failed).toBe(1);
    expect(sumReports({ vitest: null, playwright, parts: [], expects }).failed).toBe(1);
    const flaky = { ...playwright, stats: { ...playwright.stats, flaky: 1 } };
    expect(sumReports({ vitest, playwright: flaky, parts: [], expects }).failed).toBe(1);
    expect(
      sumReports({ vitest: { ...vitest, numPassedTests: 0 }, playwright, parts: [], expects }).failed,
    ).toBe(1);
  });
});

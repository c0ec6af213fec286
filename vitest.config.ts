import { globSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const places = globSync(["packages/*/package.json", "apps/*/package.json"]).map((file) =>
  file.replace("/package.json", ""),
);

/** What it costs to read is measured there, so it runs last, one file at a time. */
const measured = "packages/certificates";

/** Takes minutes by itself: begun last it would run alone. */
const longest = "crash-load.test.ts";

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (moduleId.endsWith(longest) ? 0 : 1);
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [...places, "scripts"].sort().map((place) => ({
      root: place,
      resolve: { alias: { "@/": new URL("apps/web/src/", import.meta.url).pathname } },
      test: {
        name: place,
        maxWorkers: place === measured ? 1 : 2,
        sequence: { groupOrder: place === measured ? 1 : 0 },
        include: ["**/*.test.{ts,mjs}"],
        exclude: ["**/node_modules/**", "**/.next/**"],
        testTimeout: 30_000,
        hookTimeout: 60_000,
        // A machine that does two things at once is slow, not wrong.
        expect: { poll: { timeout: 20_000 } },
      },
    })),
  },
});

import { globSync } from "node:fs";
import { defineConfig } from "vitest/config";

const places = globSync(["packages/*/package.json", "apps/*/package.json"]).map((file) =>
  file.replace("/package.json", ""),
);

/** What it costs to read is measured there, so it runs last, one file at a time. */
const measured = "packages/certificates";

export default defineConfig({
  test: {
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

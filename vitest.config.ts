import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/server", "apps/cli", "apps/web", "scripts"].map((root) => ({
      test: {
        name: root,
        root,
        include: ["**/*.test.{ts,mjs}"],
        exclude: ["**/node_modules/**", "**/.next/**"],
        testTimeout: 30_000,
        hookTimeout: 60_000,
      },
      ...(root === "apps/web"
        ? { resolve: { alias: { "@": new URL("apps/web/src", import.meta.url).pathname } } }
        : {}),
    })),
  },
});

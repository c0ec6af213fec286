import { defineConfig } from "@playwright/test";
import { findChromium } from "./browser.mjs";

const executablePath = findChromium();

export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  // Each test starts a world of its own: simulator, mailbox, server, pages.
  workers: 2,
  retries: 0,
  // A machine that does two things at once is slow, not wrong.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env.CI),
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    // Colours are measured when they have arrived.
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: ["--disable-background-networking", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    },
    trace: "off",
  },
});

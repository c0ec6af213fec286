import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

const usual = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The browser of this machine: the one named, Debian's, the person's, or Playwright's own. Null: none. */
export function findChromium() {
  return (
    [process.env.CHROMIUM_PATH, ...usual, chromium.executablePath()].find(
      (path) => path && existsSync(path),
    ) ?? null
  );
}

/** Installs a browser when there is none: Debian's as root, Playwright's elsewhere. Resolves to whether there is one now. */
export async function ensureChromium() {
  if (findChromium()) return true;
  const isDebian = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (isDebian) {
    await run("apt-get", ["update"]);
    await run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"]);
  } else await run("npx", ["playwright", "install", "chromium"]);
  if (findChromium()) return true;
  return false;
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    child.on("error", () => resolve(1));
    child.on("exit", resolve);
  });
}

import { existsSync } from "node:fs";
import { mailPackages, whyNoMailServer } from "../packages/mailbox/real-mail/debian.mjs";
import { run } from "./processes.mjs";

/**
 * Installs Postfix and Dovecot where that is possible, and says so. Resolves to why the tests that need them cannot be
 * run, in one sentence, or to null when they can.
 */
export async function ensureMailServer() {
  if (whyNoMailServer() === null) return null;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log(`Installing ${mailPackages.join(", ")} for the tests that run against a real mail server.`);
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update"], { env });
    const wanted = ["install", "-y", "--no-install-recommends", ...mailPackages];
    const { code, output } = await run("apt-get", wanted, { env });
    if (code !== 0) console.error(output);
  }
  return whyNoMailServer();
}

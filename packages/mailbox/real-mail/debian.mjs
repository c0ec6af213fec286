import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** What Debian calls what is needed. */
export const mailPackages = ["postfix", "dovecot-imapd", "dovecot-lmtpd", "openssl"];

/**
 * Why Postfix and Dovecot cannot be run on this machine, in one sentence; null when they can. They change to other
 * users while they run, so it takes root; and the configuration is written for Dovecot 2.3.
 * @returns {string | null}
 */
export function whyNoMailServer() {
  if (process.getuid?.() !== 0) return "Postfix and Dovecot need root, and this is another user.";
  const has = (/** @type {string} */ name) => existsSync(`/usr/sbin/${name}`);
  if (!has("postfix") || !has("dovecot") || !existsSync("/usr/lib/dovecot/lmtp"))
    return `Postfix and Dovecot are not installed (Debian: apt-get install ${mailPackages.join(" ")}).`;
  const version = spawnSync("/usr/sbin/dovecot", ["--version"], { encoding: "utf8" }).stdout.trim();
  return version.startsWith("2.3.")
    ? null
    : `Dovecot here is ${version}, and its configuration is written for 2.3.`;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";

const followParent = new URL("follow-parent.mjs", import.meta.url).href;

/** Will not end when told to, and says so to nobody: each complaint that cannot be written is one more to write. */
const stubborn = `
  process.on("SIGTERM", () => {});
  process.on("uncaughtException", (error) => console.error(error));
  setInterval(() => console.error("still here"), 50);
  console.log(process.pid);
`;

it("a process whose parent was killed ends, even one that does not want to and has nobody left to write to", async () => {
  const child = `require("node:child_process").spawn(process.execPath, ["--import", ${JSON.stringify(followParent)}, "-e", ${JSON.stringify(stubborn)}], { stdio: ["ignore", "inherit", "pipe"] }).stderr.resume()`;
  const parent = spawn(process.execPath, ["-e", child], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = await once(parent.stdout.setEncoding("utf8"), "data");
  const pid = Number(said);
  parent.kill("SIGKILL");
  try {
    await expect.poll(() => isThere(pid), { timeout: 15_000 }).toBe(false);
  } finally {
    if (isThere(pid)) process.kill(pid, "SIGKILL");
  }
});

/** @param {number} pid */
function isThere(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

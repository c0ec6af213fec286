import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root, sparing } from "./processes.mjs";

const unit = readFileSync(`${root}deploy/sealpost.service`, "utf8");
/** The figure the documents name: of 10, less is better. */
const exposure = 1.1;

it("writes nothing but its state and its key, holds no privilege, and leaves no key in a core file or on a swap disk", () => {
  expect(unit.split("\n")).toEqual(
    expect.arrayContaining([
      "ProtectSystem=strict",
      "StateDirectory=sealpost",
      "ReadWritePaths=/etc/sealpost/key",
      "UMask=0077",
      "NoNewPrivileges=yes",
      "CapabilityBoundingSet=",
      "LimitCORE=0",
      "MemorySwapMax=0",
      "StandardOutput=null",
    ]),
  );
  expect(unit).not.toMatch(/master\.key.*=|PASSWORD|TOKEN/);
});

it("spares memory as `npm start` does", () => {
  const settings = Object.entries(sparing.env).map(([name, value]) => `${name}=${value}`);
  expect(unit).toContain(`/node ${sparing.flags.join(" ")} apps/`);
  expect(unit).toContain(`Environment=${settings.join(" ")}\n`);
  expect(readFileSync(`${root}deploy/README.md`, "utf8")).toContain(`/node ${sparing.flags.join(" ")} apps/`);
});

it("is what systemd understands, and as little exposed as the documents say", () => {
  for (const file of ["SECURITY.md", "deploy/README.md"])
    expect(readFileSync(`${root}${file}`, "utf8")).toContain(`${exposure} of 10`);
  // Only Linux has systemd, and not every machine that tests does.
  if (spawnSync("systemd-analyze", ["--version"]).error) return;
  const directory = mkdtempSync(join(tmpdir(), "sealpost-unit-"));
  const file = join(directory, "sealpost.service");
  // The program lies elsewhere here; `verify` looks whether it can be run.
  writeFileSync(file, unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
  const verified = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
  expect([verified.status, verified.stderr]).toEqual([0, ""]);
  const judged = spawnSync("systemd-analyze", ["security", "--offline=true", file], { encoding: "utf8" });
  rmSync(directory, { recursive: true });
  expect(Number(/exposure level.*: ([\d.]+)/.exec(judged.stdout)?.[1])).toBeLessThanOrEqual(exposure);
});

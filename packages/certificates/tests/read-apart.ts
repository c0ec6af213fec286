import { readFileSync } from "node:fs";
import { createMaterialReader } from "../src/index.ts";

/**
 * Reads the files named on the command line in a process of their own, and prints what that took at most: processor
 * time of the reading in milliseconds, and the memory of the whole process at its peak in bytes.
 */
const reader = createMaterialReader({ anchorsPem: [] });
const inputs = process.argv.slice(2).map((path) => ({ name: "file", bytes: readFileSync(path) }));
const before = process.cpuUsage();
const { facts } = await reader.read(inputs, { passphrase: "x", now: new Date() });
const { user, system } = process.cpuUsage(before);
const findings = facts.findings.map(({ id, params }) => ({ id, params }));
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ findings, tookMs: (user + system) / 1000, peakBytes }));

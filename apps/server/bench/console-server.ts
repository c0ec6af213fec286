import { startConsole } from "../src/console.ts";
import { readProcessConfig } from "../src/env.ts";
import { createLogger } from "../src/logger.ts";

// The console as people run it; with `on` its pages too.

const withPages = process.argv[2] === "on";
const started = await startConsole(readProcessConfig(), createLogger("silent"), { withPages });
await started.ready;
process.send?.({ setupLink: await started.setupLink() });

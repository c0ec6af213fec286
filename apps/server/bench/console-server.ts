import { startConsole } from "../src/console.ts";
import { readProcessConfig } from "../src/env.ts";
import { createLogger } from "../src/logger.ts";

// The console as people run it, without its pages.

const started = await startConsole(readProcessConfig(), createLogger("silent"), { withPages: false });
process.send?.({ setupLink: await started.setupLink() });

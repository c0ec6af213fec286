import { startConsole } from "./console.ts";
import { readConfig } from "./env.ts";
import { createLogger } from "./logger.ts";

// The console without its pages, in a process that a test can kill at a moment of its choice. Loaded ahead of its turn,
// so that a test waits for no start; its settings come as its first message.

const settings = await new Promise<Readonly<Record<string, string>>>((resolve) =>
  process.once("message", resolve),
);
const config = readConfig(settings);
const running = await startConsole(config, createLogger(config.logLevel), { withPages: false });
process.once("SIGTERM", () => void running[Symbol.asyncDispose]().then(() => process.disconnect()));
process.send?.({ ready: true, setupLink: await running.setupLink() });

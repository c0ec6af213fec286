import "./clear-memory.mjs";
import { DataDirectoryLocked, StoreOpenError } from "@sealpost/db";
import { VaultOpenError } from "@sealpost/vault";
import { type Console, startConsole } from "./console.ts";
import { type Config, readProcessConfig, SettingsError } from "./env.ts";
import { logStarted, logStopped } from "./events.ts";
import { createLogger } from "./logger.ts";

process.exitCode = await main();

/** Start, signals, graceful stop. Resolves to the exit code: 2 when the ground is not fit to start on. */
async function main(): Promise<number> {
  try {
    const config = readProcessConfig();
    await run(config);
    return 0;
  } catch (error) {
    const sentences = plainSentences(error);
    if (sentences === null) throw error;
    for (const sentence of sentences) process.stderr.write(`${sentence}\n`);
    return 2;
  }
}

async function run(config: Config): Promise<void> {
  const log = createLogger(config.logLevel);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
  });
  await using started = await startConsole(config, log, { withPages: true });
  await Promise.race([started.ready, stopped]);
  await announce(started, config);
  logStarted(log, { port: config.port, isSandbox: config.isSandbox, dataDirectory: config.dataDirectory });
  await Promise.race([stopped, started.pagesEnded.then(() => Promise.reject(new Error("the pages ended")))]);
  logStopped(log);
}

/** For the person at the terminal, not for the log. */
async function announce(started: Console, config: Config): Promise<void> {
  const lines = [`Sealpost is ready: ${config.publicUrl.origin}`];
  if (started.readOnlyBecause)
    lines.push(
      "",
      "It only reads, and nothing is lost:",
      `  ${started.readOnlyBecause}`,
      "Then start it again.",
    );
  const link = await started.setupLink();
  if (link)
    lines.push(
      "",
      "Nobody can sign in yet. This link makes the first administrator, once, within 60 minutes:",
      `  ${link}`,
    );
  process.stdout.write(`\n${lines.join("\n")}\n\n`);
}

/** Faults of the ground that a person can mend; anything else keeps its stack, for it is ours. */
function plainSentences(error: unknown): readonly string[] | null {
  if (error instanceof SettingsError) return error.sentences;
  if (
    error instanceof DataDirectoryLocked ||
    error instanceof StoreOpenError ||
    error instanceof VaultOpenError
  ) {
    return [error.message];
  }
  const code = error instanceof Error && "code" in error ? error.code : null;
  const place = error instanceof Error && "path" in error ? String(error.path) : "";
  if (code === "EADDRINUSE")
    return ["The port is taken. Stop what listens there, or set PORT to another one."];
  if (code === "EACCES" && place === "")
    return ["The port may not be opened by this user. Set PORT to one above 1023."];
  if (code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOTDIR" || code === "EEXIST") {
    return [
      `${place} cannot be written. Make it writable for this user, or set SEALPOST_DATA_DIR to another directory.`,
    ];
  }
  return null;
}

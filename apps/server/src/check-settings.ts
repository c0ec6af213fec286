import { readProcessConfig, SettingsError } from "./env.ts";

// Looks at the settings and at nothing else, so that the start script can say a fault before it builds or starts.

try {
  readProcessConfig();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  for (const sentence of error.sentences) process.stderr.write(`${sentence}\n`);
  process.exitCode = 2;
}

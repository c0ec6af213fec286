import { type Logger, pino } from "pino";
import type { Config } from "./env.ts";

export type { Logger } from "pino";

/** Structured lines on standard error. Errors are cut to what cannot hold a secret, texts are scrubbed. */
export function createLogger(
  level: Config["logLevel"],
  destination: { write(line: string): void } = process.stderr,
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: (error: unknown) => errorFacts(error) },
      redact: {
        paths: [
          "password",
          "passphrase",
          "token",
          "apiKey",
          "credential",
          "cookie",
          "authorization",
          "material",
        ],
        censor: "[redacted]",
      },
    },
    destination,
  );
}

/** An error without what callers put into it: libraries quote SQL parameters and input in their messages. */
export function errorFacts(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  const cause = error.cause !== undefined && depth < 3 ? { cause: errorFacts(error.cause, depth + 1) } : {};
  const frames = (error.stack ?? "").split("\n").filter((line) => line.trimStart().startsWith("at "));
  return {
    name: error.name,
    ...code,
    text: scrub(error.message.split("\n")[0] ?? ""),
    frames: frames.slice(0, 8),
    ...cause,
  };
}

const longestText = 300;

/** Takes PEM, long base64 and hex runs, and the local part of addresses out of a text. */
export function scrub(text: string): string {
  return text
    .slice(0, longestText)
    .replace(/-----BEGIN[\s\S]*/g, "[pem]")
    .replace(/[A-Za-z0-9+/_=-]{40,}/g, "[long]")
    .replace(/params:.*/g, "params: [redacted]")
    .replace(/([^\s@]{1,2})[^\s@]*@/g, "$1…@");
}

/** An address for the log: enough to recognise, not enough to use. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 1 ? "…" : `${address.slice(0, 1)}…${address.slice(at)}`;
}

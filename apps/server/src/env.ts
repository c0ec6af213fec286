import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Limits } from "./limits.ts";
import { type ProviderSettings, readProviderSettings } from "./provider-settings.ts";

/** What the person at the machine may set. Everything has a default that works offline. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Where browsers reach the console; its origin is the only one mutations are accepted from. */
  readonly publicUrl: URL;
  /** Origins accepted beside the public one: the loopback spellings, while the console is on loopback. */
  readonly origins: readonly string[];
  /** Where everything of this console lies; with the sandbox on, a directory of its own inside the one named. */
  readonly dataDirectory: string;
  readonly masterKeyFile: string;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  /** Addresses of reverse proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** The file in which the start script hands over the sandbox's addresses; null: no sandbox. */
  readonly sandboxHandoverFile: string | null;
  readonly isSandbox: boolean;
  /** A PEM file of roots trusted beside the built-in ones; null: none. */
  readonly anchorsFile: string | null;
  /** Whether a missing intermediate is fetched from the address its certificate names. */
  readonly fetchesIntermediates: boolean;
  /** Whether mail servers on this machine and in private networks may be connected to. */
  readonly allowsPrivateMailServers: boolean;
  /** Whether a CA may lie on an address that is not public; the sandbox's may lie on loopback. */
  readonly allowsPrivateCas: boolean;
  /** After how many hours without a sign of a mail the console says that nothing confirms it. */
  readonly unconfirmedAfterHours: number;
  /** Mail servers whose Authentication-Results are believed wherever they stand in a mail, by what they call themselves. */
  readonly believedMailServers: readonly string[];
  /** Where people may sign in beside here; null: nowhere. */
  readonly provider: ProviderSettings | null;
  readonly pages: "production" | "development";
  readonly limits: Limits;
}

/** One plain sentence per fault; the process then ends with 2. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly sentences: readonly string[];

  constructor(sentences: readonly string[]) {
    super(sentences.join("\n"));
    this.sentences = sentences;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;
type Fault = (sentence: string) => void;

const loopbackHosts = ["127.0.0.1", "localhost", "::1"];
const logLevels = ["debug", "info", "warn", "error", "silent"] as const;

/** The process's own environment. The only place that reads it. */
export function readProcessConfig(): Config {
  return readConfig(process.env);
}

/**
 * Reads the settings: PORT, SEALPOST_HOST, SEALPOST_PUBLIC_URL, SEALPOST_DATA_DIR, SEALPOST_MASTER_KEY_FILE,
 * SEALPOST_SANDBOX, SEALPOST_ANCHORS_FILE, SEALPOST_FETCH_INTERMEDIATES, SEALPOST_PRIVATE_MAIL_SERVERS, SEALPOST_PRIVATE_CAS,
 * SEALPOST_LOG_LEVEL, SEALPOST_TRUSTED_PROXIES, SEALPOST_REQUESTS_PER_PERSON and _PER_ADDRESS,
 * SEALPOST_AT_ONCE_PER_PERSON and _PER_ADDRESS, SEALPOST_CONNECTIONS, SEALPOST_UNCONFIRMED_AFTER_HOURS,
 * SEALPOST_MAIL_SERVERS, and those of the identity provider, whose names begin with SEALPOST_OIDC_.
 * Throws SettingsError with every fault at once.
 */
export function readConfig(env: Environment): Config {
  const sentences: string[] = [];
  const fault: Fault = (sentence) => sentences.push(sentence);
  const port = readPort(env.PORT, fault);
  const host = env.SEALPOST_HOST || "127.0.0.1";
  const isLoopback = loopbackHosts.includes(host);
  const isSandbox = readSwitch(env, "SEALPOST_SANDBOX", "on", fault);
  const publicUrl = readPublicUrl(env.SEALPOST_PUBLIC_URL, port, isLoopback, fault);
  if (isSandbox && !isLoopback) {
    fault(
      "The sandbox runs only on loopback: set SEALPOST_SANDBOX=off, or leave SEALPOST_HOST at 127.0.0.1.",
    );
  }
  const named = resolve(env.SEALPOST_DATA_DIR || "data");
  const config: Config = {
    port,
    host,
    publicUrl,
    origins: [publicUrl.origin, ...(isLoopback ? loopbackOrigins(port) : [])],
    dataDirectory: isSandbox ? join(named, "sandbox") : named,
    masterKeyFile: resolve(env.SEALPOST_MASTER_KEY_FILE || defaultKeyFile(env, isSandbox)),
    logLevel: readLogLevel(env.SEALPOST_LOG_LEVEL, fault),
    trustedProxies: readList(env.SEALPOST_TRUSTED_PROXIES),
    sandboxHandoverFile: isSandbox ? (env.SEALPOST_SANDBOX_HANDOVER ?? null) : null,
    isSandbox,
    anchorsFile: env.SEALPOST_ANCHORS_FILE ? resolve(env.SEALPOST_ANCHORS_FILE) : null,
    fetchesIntermediates: readSwitch(env, "SEALPOST_FETCH_INTERMEDIATES", "off", fault),
    allowsPrivateMailServers: readSwitch(env, "SEALPOST_PRIVATE_MAIL_SERVERS", "off", fault),
    allowsPrivateCas: readSwitch(env, "SEALPOST_PRIVATE_CAS", "off", fault),
    unconfirmedAfterHours: readHours(env.SEALPOST_UNCONFIRMED_AFTER_HOURS, fault),
    believedMailServers: readList(env.SEALPOST_MAIL_SERVERS?.toLowerCase()),
    provider: readProviderSettings(
      env,
      readSwitch(env, "SEALPOST_OIDC_VERIFIED_EMAILS", "off", fault),
      fault,
    ),
    pages: env.SEALPOST_PAGES === "dev" ? "development" : "production",
    limits: {
      requestsPerPerson: readCount(env, "SEALPOST_REQUESTS_PER_PERSON", 1200, fault),
      requestsPerAddress: readCount(env, "SEALPOST_REQUESTS_PER_ADDRESS", 3000, fault),
      atOncePerPerson: readCount(env, "SEALPOST_AT_ONCE_PER_PERSON", 24, fault),
      atOncePerAddress: readCount(env, "SEALPOST_AT_ONCE_PER_ADDRESS", 96, fault),
      connections: readCount(env, "SEALPOST_CONNECTIONS", 1000, fault),
    },
  };
  if (config.masterKeyFile.startsWith(`${named}/`)) {
    fault(
      "SEALPOST_MASTER_KEY_FILE must lie outside SEALPOST_DATA_DIR: a copy of the data must not open the vault.",
    );
  }
  if (sentences.length > 0) throw new SettingsError(sentences);
  return config;
}

function readPort(text: string | undefined, fault: Fault): number {
  const port = Number(text || "3000");
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  fault(`PORT must be a number from 1 to 65535, not "${text}".`);
  return 3000;
}

function readList(text: string | undefined): readonly string[] {
  return (text ?? "").split(/[\s,]+/).filter((part) => part !== "");
}

function readHours(text: string | undefined, fault: Fault): number {
  const hours = Number(text || "24");
  if (hours > 0 && hours <= 24 * 30) return hours;
  fault(`SEALPOST_UNCONFIRMED_AFTER_HOURS must be a number of hours up to 720, not "${text}".`);
  return 24;
}

function readSwitch(env: Environment, name: string, usual: "on" | "off", fault: Fault): boolean {
  const text = env[name] || usual;
  if (text !== "on" && text !== "off") fault(`${name} must be on or off, not "${text}".`);
  return text === "on";
}

function readCount(env: Environment, name: string, usual: number, fault: Fault): number {
  const text = env[name] || String(usual);
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  fault(`${name} must be a whole number from 1, not "${text}".`);
  return usual;
}

function readPublicUrl(text: string | undefined, port: number, isLoopback: boolean, fault: Fault): URL {
  const fallback = new URL(`http://localhost:${port}`);
  if (!text) {
    if (!isLoopback)
      fault(
        "SEALPOST_PUBLIC_URL must be set to the https address people use when SEALPOST_HOST is not loopback.",
      );
    return fallback;
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    url === null ||
    !["http:", "https:"].includes(url.protocol) ||
    url.pathname !== "/" ||
    url.search ||
    url.hash
  ) {
    fault(
      `SEALPOST_PUBLIC_URL must be an address such as https://sealpost.example.com, without a path, not "${text}".`,
    );
    return fallback;
  }
  if (url.protocol === "http:" && !loopbackHosts.includes(url.hostname)) {
    fault(
      "SEALPOST_PUBLIC_URL must start with https:// unless it is on loopback; private keys pass through it.",
    );
  }
  return url;
}

function readLogLevel(text: string | undefined, fault: Fault): Config["logLevel"] {
  const level = logLevels.find((known) => known === (text || "info"));
  if (level) return level;
  fault(`SEALPOST_LOG_LEVEL must be one of ${logLevels.join(", ")}, not "${text}".`);
  return "info";
}

function loopbackOrigins(port: number): string[] {
  return [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
}

function defaultKeyFile(env: Environment, isSandbox: boolean): string {
  return join(
    env.XDG_CONFIG_HOME || join(homedir(), ".config"),
    "sealpost",
    isSandbox ? "sandbox.key" : "master.key",
  );
}

const inherited = ["PATH", "HOME", "MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_"];

/** What a child process needs of ours: where programs and the home directory are, how to spare memory; nothing secret. */
export function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    inherited.flatMap((name): [string, string][] => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { FindingLanguage } from "@sealpost/domain";

export interface InspectOptions {
  readonly files: readonly string[];
  readonly passphrase: string | null;
  readonly orderHosts: readonly string[];
  readonly at: Date;
  readonly trust: readonly string[];
  readonly intermediates: readonly string[];
  readonly certificateOnly: boolean;
  readonly language: FindingLanguage;
  readonly json: boolean;
}

export const inspectUsage = `Usage: sealpost inspect FILES… [options]     (- for standard input)
  Reads and judges what a CA sent, as the console would. Nothing leaves this machine, nothing is written.
  --password-file FILE   passphrase of the key or PFX: the file's first line
  --password TEXT        the same on the command line, where other users of this machine can see it
  --order-host NAME      a name the order was for (may be repeated)
  --certificate-only     no private key is expected
  --trust FILE           PEM roots trusted beside the built-in ones (may be repeated)
  --intermediates FILE   PEM intermediates to complete the chain from (may be repeated)
  --at ISO-TIME          judge for this moment instead of now
  --lang en|de           language of the sentences
  --json                 one JSON object instead of text
  --help                 this page
Exit: 0 ok or warning, 1 blocked, 2 usage`;

/** What was asked for, the sentence that says what is wrong with it, or null for `--help`. `warn` hears of what should not be done so. */
export function inspectOptions(
  args: readonly string[],
  warn: (line: string) => void,
): InspectOptions | string | null {
  const parsed = parsedArgs(args);
  if (typeof parsed === "string") return parsed;
  const { values, positionals } = parsed;
  const at = values.at === undefined ? new Date() : new Date(values.at);
  if (values.help) return null;
  if (positionals.length === 0) return "No file was named.";
  if (Number.isNaN(at.getTime())) return `--at ${values.at} is no time; write it like 2026-11-23T12:00:00Z.`;
  if (values.lang !== "en" && values.lang !== "de") return "--lang is en or de.";
  if (values.password !== undefined)
    warn("A passphrase on the command line can be seen by others; better use --password-file.");
  const passphrase = passphraseOf(values);
  if (passphrase instanceof Error) return `--password-file ${values["password-file"]} cannot be read.`;
  return {
    files: positionals,
    passphrase,
    orderHosts: values["order-host"],
    at,
    trust: values.trust,
    intermediates: values.intermediates,
    certificateOnly: values["certificate-only"],
    language: values.lang,
    json: values.json,
  };
}

function parsedArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        password: { type: "string" },
        "password-file": { type: "string" },
        "order-host": { type: "string", multiple: true, default: [] },
        at: { type: "string" },
        trust: { type: "string", multiple: true, default: [] },
        intermediates: { type: "string", multiple: true, default: [] },
        "certificate-only": { type: "boolean", default: false },
        lang: { type: "string", default: "en" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : "The options cannot be read.";
  }
}

interface PassphraseValues {
  readonly password?: string | undefined;
  readonly "password-file"?: string | undefined;
}

function passphraseOf({ password, "password-file": file }: PassphraseValues): string | null | Error {
  if (file === undefined) return password ?? null;
  try {
    return readFileSync(file, "utf8").split(/\r?\n/, 1)[0] ?? "";
  } catch (error) {
    return error instanceof Error ? error : new Error("cannot be read");
  }
}

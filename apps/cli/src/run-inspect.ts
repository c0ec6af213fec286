import { type Inspection, inspect } from "./inspect.ts";
import { inspectOptions, inspectUsage } from "./inspect-options.ts";

export interface Terminal {
  out(line: string): void;
  err(line: string): void;
}

const levels = {
  en: { blocked: "Blocked.", warning: "Warning.", fixed: "Fixed." },
  de: { blocked: "Blockiert.", warning: "Warnung.", fixed: "Behoben." },
} as const;

/** `sealpost inspect …`. Resolves to the exit code: 0 ok or warning, 1 blocked, 2 usage. */
export async function runInspect(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = inspectOptions(args, terminal.err);
  if (options === null) {
    terminal.out(inspectUsage);
    return 0;
  }
  if (typeof options === "string") {
    terminal.err(`${options}\n\n${inspectUsage}`);
    return 2;
  }
  try {
    const inspection = await inspect(options);
    if (options.json) terminal.out(JSON.stringify(inspection, null, 2));
    else for (const line of told(inspection, options.language)) terminal.out(line);
    return inspection.outcome === "blocked" ? 1 : 0;
  } catch (error) {
    terminal.err(error instanceof Error ? error.message : "The files cannot be read.");
    return 2;
  }
}

function told({ certificate, chain, privateKey, findings }: Inspection, language: "en" | "de"): string[] {
  return [
    ...(certificate
      ? [
          `${certificate.subject}   (${certificate.source})`,
          `  ${certificate.subjectAlternativeNames.join(", ")}`,
          `  ${certificate.notBefore.slice(0, 10)} – ${certificate.notAfter.slice(0, 10)}   SHA-256 ${certificate.fingerprint256}`,
        ]
      : []),
    ...chain.map((issuer) => `  ↑ ${issuer.subject}   (${issuer.source})`),
    ...(privateKey ? [`  ⚿ ${privateKey.type}   (${privateKey.source})`] : []),
    ...findings.map(
      ({ id, severity, message, source }) =>
        `${levels[language][severity]} ${message}  [${id}]${source && severity !== "fixed" ? `  ${source}` : ""}`,
    ),
  ];
}

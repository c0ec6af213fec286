import type { MailboxView } from "@sealpost/api/client";

/** Where the IMAP servers of common providers are, as they publish it. `own`: any other. */
export const presets = {
  own: { host: "", port: 993 },
  gmail: { host: "imap.gmail.com", port: 993 },
  "microsoft-365": { host: "outlook.office365.com", port: 993 },
  fastmail: { host: "imap.fastmail.com", port: 993 },
  yahoo: { host: "imap.mail.yahoo.com", port: 993 },
  icloud: { host: "imap.mail.me.com", port: 993 },
  gmx: { host: "imap.gmx.net", port: 993 },
  "web-de": { host: "imap.web.de", port: 993 },
} as const satisfies Record<string, { readonly host: string; readonly port: number }>;

export type Preset = keyof typeof presets;
export const presetNames: readonly Preset[] = [
  "own",
  "gmail",
  "microsoft-365",
  "fastmail",
  "yahoo",
  "icloud",
  "gmx",
  "web-de",
];

export function presetOf(host: string): Preset {
  return presetNames.find((name) => presets[name].host === host.trim().toLowerCase()) ?? "own";
}

/** RFC 8314: 993 speaks TLS at once, 143 after STARTTLS. */
export const usualPorts = { tls: 993, starttls: 143 } as const satisfies Record<
  MailboxView["security"],
  number
>;

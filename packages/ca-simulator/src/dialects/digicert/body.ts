import type { MailFormat } from "../dialect.ts";
import { badRequest } from "./error.ts";

/** The three forms of the service's own enumeration, by our words. */
const formats: ReadonlyMap<unknown, MailFormat> = new Map([
  ["attachment", "attachment"],
  ["plaintext", "plaintext"],
  ["downloadlink", "link"],
]);

type Fields = Readonly<Record<string, unknown>>;

export interface CertificateMail {
  readonly to: readonly string[];
  readonly format: MailFormat;
  readonly message?: string;
}

/** "Email certificate": addresses and form are required, the words are not. Throws the service's 400. */
export function readCertificateMail(text: string): CertificateMail {
  const body = readFields(text);
  const { emails, certificate_collect_format: wanted, custom_message: message } = body;
  if (!Array.isArray(emails) || emails.length === 0 || !emails.every(isAddress))
    throw badRequest("invalid_emails", "The emails are missing or not valid.");
  const format = formats.get(wanted);
  if (format === undefined)
    throw badRequest("invalid_certificate_collect_format", "The certificate collect format is not valid.");
  return { to: emails.map(String), format, ...(typeof message === "string" ? { message } : {}) };
}

/** "Resend order DCV emails": null without addresses, then the order's own are used. */
export function readApproverMail(text: string): readonly string[] | null {
  const entries = text.trim() === "" ? undefined : readFields(text).domain_approval_emails;
  if (entries === undefined) return null;
  const to = Array.isArray(entries) ? entries.map((entry) => (isFields(entry) ? entry.email : null)) : [];
  if (to.length === 0 || !to.every(isAddress))
    throw badRequest("invalid_domain_approval_emails", "The addresses are not valid.");
  return [...new Set(to.map(String))];
}

function readFields(text: string): Fields {
  try {
    const body: unknown = JSON.parse(text);
    if (isFields(body)) return body;
  } catch {
    // Falls through to the service's own complaint.
  }
  throw badRequest("bad_request_format", "The request body is not valid.");
}

function isAddress(value: unknown): boolean {
  return typeof value === "string" && /^[^\s@]+@[^\s@]+$/.test(value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

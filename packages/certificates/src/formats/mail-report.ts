import type { DeliveryReport } from "@sealpost/domain";
import { bodyTexts } from "./mail-body.ts";
import { addressesIn } from "./mail-head.ts";
import { type MimeLeaf, type MimeMessage, readMime } from "./mime.ts";
import { fieldValue, headerFields, type MailHeader } from "./mime-header.ts";

const mostReports = 20;
const actions = ["failed", "delayed", "delivered", "relayed", "expanded"] as const;

/** What a report says of each recipient; one that says nothing readable still says that something failed. */
export function deliveryReports(
  headers: readonly MailHeader[],
  leaves: readonly MimeLeaf[],
): readonly DeliveryReport[] {
  const found = leaves
    .filter(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type))
    .flatMap(({ content }) => content.toString("utf8").split(/\r?\n[ \t]*\r?\n/))
    .flatMap((block) => reportIn(headerFields(Buffer.from(block))));
  if (found.length > 0) return found.slice(0, mostReports);
  const named = addressesIn(fieldValue(headers, "x-failed-recipients"));
  const failed = { action: "failed", originalRecipient: null, status: null, diagnostic: null } as const;
  return (named.length > 0 ? named : [null])
    .map((recipient) => ({ ...failed, recipient }))
    .slice(0, mostReports);
}

function reportIn(fields: readonly MailHeader[]): readonly DeliveryReport[] {
  const word = fieldValue(fields, "action").trim().toLowerCase();
  const action = actions.find((known) => word.startsWith(known));
  if (action === undefined) return [];
  return [
    {
      action,
      recipient: addressOf(fieldValue(fields, "final-recipient")),
      originalRecipient: addressOf(fieldValue(fields, "original-recipient")),
      status: /^\s*([245]\.\d{1,3}\.\d{1,3})/.exec(fieldValue(fields, "status"))?.[1] ?? null,
      diagnostic: oneLine(fieldValue(fields, "diagnostic-code").replace(/^\s*[\w-]+\s*;/, "")),
    },
  ];
}

/** `rfc822; admin@example.test` (RFC 3464 section 2.3.1). */
function addressOf(value: string): string | null {
  return addressesIn(value.replace(/^\s*[\w-]+\s*;/, ""))[0] ?? null;
}

const longestDiagnostic = 200;

function oneLine(text: string): string | null {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, longestDiagnostic);
  return line === "" ? null : line;
}

/** The mail that a report returns: as a part of its own, by its header alone, or copied below the report's words. */
export function returnedMail({ leaves }: MimeMessage): MimeMessage {
  const part = leaves.find(({ type }) =>
    /^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/global-headers)$/.test(type),
  );
  const bytes = part?.content ?? copied(leaves);
  if (bytes === null) return { headers: [], leaves: [] };
  const mail = readMime(bytes);
  return typeof mail === "string"
    ? { headers: headerFields(bytes.subarray(0, 64 * 1024)), leaves: [] }
    : mail;
}

function copied(leaves: readonly MimeLeaf[]): Buffer | null {
  const { plain } = bodyTexts(leaves.filter(({ type }) => type === "text/plain"));
  const at =
    /^(?:return-path|received|from|subject|message-id|date|mime-version|to):[^\n]*\n(?:[ \t][^\n]*\n|[!-9;-~]{1,60}:[^\n]*\n){2,}/im.exec(
      plain,
    );
  return at ? Buffer.from(plain.slice(at.index)) : null;
}

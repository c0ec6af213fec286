import { domainToASCII } from "node:url";
import type { MailCertificate, MailFacts, MailTopic } from "@sealpost/domain";
import { bodyTexts } from "./formats/mail-body.ts";
import { addressesIn, authenticationResults } from "./formats/mail-head.ts";
import { automaticKind, orderNumbers } from "./formats/mail-kind.ts";
import { deliveryReports, returnedMail } from "./formats/mail-report.ts";
import { mailBytes } from "./formats/mail-shape.ts";
import { isReply, topicOf } from "./formats/mail-topic.ts";
import { type MimeLeaf, type MimeMessage, readMime } from "./formats/mime.ts";
import { fieldValue, headerFields, readableField } from "./formats/mime-header.ts";
import { limits } from "./limits.ts";
import { emptyParts } from "./parts.ts";
import { readBytes } from "./read-bytes.ts";

/**
 * Reads what a mail is about, and keeps nothing of it. Never throws for bad input: of what cannot be read there are no
 * facts, and of a header alone those of a header.
 */
export async function readMail(bytes: Uint8Array): Promise<MailFacts> {
  const raw = mailBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const mail = readMime(raw);
  const headers = typeof mail === "string" ? headersOf(raw) : mail.headers;
  const leaves = typeof mail === "string" ? [] : mail.leaves;
  const subject = readableField(headers, "subject");
  const automatic = automaticKind(headers, subject);
  const { certificates, holdsPrivateKey } = await materialIn(raw);
  const words = wordsOf({ headers, leaves }, automatic === "bounce");
  return {
    messageId: /<([^<>\s]{1,250})>/.exec(fieldValue(headers, "message-id"))?.[1] ?? null,
    sentAt: dateOf(fieldValue(headers, "date")),
    sender: addressesIn(fieldValue(headers, "from"))[0] ?? null,
    recipients: ["to", "cc", "delivered-to", "x-original-to"]
      .flatMap((key) => addressesIn(fieldValue(headers, key)))
      .filter((address, index, all) => all.indexOf(address) === index)
      .slice(0, mostRecipients),
    authentication: authenticationResults(headers),
    automatic,
    reports: automatic === "bounce" ? deliveryReports(headers, leaves) : [],
    topic: words.topic,
    isReply: isReply(subject),
    orderNumbers: words.orderNumbers,
    names: words.names,
    certificates,
    holdsPrivateKey,
  };
}

/** Of a mail that could not be read. */
export const noMailFacts: MailFacts = {
  messageId: null,
  sentAt: null,
  sender: null,
  recipients: [],
  authentication: [],
  automatic: null,
  reports: [],
  topic: null,
  isReply: false,
  orderNumbers: [],
  names: [],
  certificates: [],
  holdsPrivateKey: false,
};

const mostRecipients = 20;

function headersOf(raw: Buffer): MimeMessage["headers"] {
  return headerFields(raw.subarray(0, 64 * 1024));
}

function dateOf(text: string): Date | null {
  const at = new Date(text.replace(/\([^()]*\)\s*$/, ""));
  return Number.isNaN(at.getTime()) ? null : at;
}

async function materialIn(
  raw: Buffer,
): Promise<{ readonly certificates: readonly MailCertificate[]; readonly holdsPrivateKey: boolean }> {
  const parts = emptyParts(null);
  await readBytes(parts, raw, { path: ["mail"] });
  const servers = parts.certificates.filter(
    ({ facts }) => facts.dnsNames.length > 0 && (!facts.isCa || facts.isSelfSigned),
  );
  const distinct = new Map(servers.map(({ facts }) => [facts.fingerprintSha256, facts]));
  const isLocked = parts.findings.some(({ id }) => id === "passphrase-required");
  return {
    certificates: [...distinct.values()].map((facts) => ({
      fingerprintSha256: facts.fingerprintSha256,
      spkiSha256: facts.spkiSha256,
      commonName: facts.commonName,
      dnsNames: facts.dnsNames,
      validFrom: facts.validFrom,
      validTo: facts.validTo,
      isSelfSigned: facts.isSelfSigned,
    })),
    holdsPrivateKey: parts.keys.length > 0 || isLocked,
  };
}

interface Words {
  readonly topic: MailTopic | null;
  readonly orderNumbers: readonly string[];
  readonly names: readonly string[];
}

/** A report speaks of the mail it returns; its own words are those of a mail program. */
function wordsOf(mail: MimeMessage, isReport: boolean): Words {
  const { headers, leaves } = isReport ? returnedMail(mail) : mail;
  const subject = readableField(headers, "subject");
  const text = bodyText(leaves);
  const inSubject = distinct(orderNumbers(subject));
  const inText = distinct(orderNumbers(text.slice(0, longestLook)));
  const subjectNames = hostNames(subject);
  return {
    topic: topicOf(subject, text.slice(0, longestLook)),
    orderNumbers: inSubject.length > 0 ? inSubject : inText.length === 1 ? inText : [],
    names: subjectNames.length > 0 ? subjectNames : hostNames(text.slice(0, longestLook)),
  };
}

/** What a CA has to say stands on the first page. */
const longestLook = 4000;

function bodyText(leaves: readonly MimeLeaf[]): string {
  const bodies = leaves.filter(
    ({ type, isAttachment, content }) =>
      !isAttachment && (type === "text/plain" || type === "text/html") && content.length <= limits.textBytes,
  );
  const { plain, page } = bodyTexts(bodies);
  return plain.trim() === "" ? page : plain;
}

const mostNames = 20;
/** Not in addresses of mailboxes or pages: those say who writes, and where to click. */
const hostName =
  /(?<![\p{L}\p{N}@./:_-])(?:\*\.)?(?:[\p{L}\p{N}](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}])?\.){1,10}\p{L}[\p{L}\p{N}-]{0,61}[\p{L}\p{N}](?![\p{L}\p{N}_@-])/gu;

function hostNames(text: string): readonly string[] {
  const found = [...text.matchAll(hostName)].map(([name]) => {
    const [star, bare] = name.startsWith("*.") ? ["*.", name.slice(2)] : ["", name];
    return `${star}${domainToASCII(bare)}`;
  });
  return distinct(found.filter((name) => name.replace("*.", "") !== "")).slice(0, mostNames);
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

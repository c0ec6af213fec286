import { MailboxError, type MailboxErrorKind } from "@sealpost/domain";
import type { ImapFlowError } from "imapflow";

const longestWords = 500;

/** Codes of Node and OpenSSL for a handshake that failed or a certificate that was not believed. */
const tlsCode =
  /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH|PATH_LENGTH_|EPROTO$|STARTTLS_INJECTION$)/;
/** What the library says of answers that break the protocol or its bounds. */
const protocolCode =
  /^(ParserError|UnexpectedTag|MissingTag|InvalidResponse|ResponseProcessingFailed|MAX_IMAP_|LineTooLarge|LiteralTooLarge|ResponseTooLarge|TooMany|COMPRESS_)/;
/** RFC 5530: the server cannot now, whatever was asked. */
const comeBackLater = new Set(["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA"]);

/** Whatever a mail server or the way to it can do wrong, as one of our kinds, without the password. */
export function toMailboxError(error: unknown, password: string): MailboxError {
  if (error instanceof MailboxError) return error;
  const facts = factsOf(error);
  const words = wordsOf(facts);
  return new MailboxError(kindOf(facts), {
    ...(words === null ? {} : { serverMessage: without(password, words) }),
    cause: new Error(without(password, facts.message)),
  });
}

function factsOf(error: unknown): ImapFlowError {
  return error instanceof Error ? error : new Error(String(error));
}

function kindOf({
  code = "",
  serverResponseCode,
  authenticationFailed,
  tlsFailed,
  mailboxMissing,
}: ImapFlowError): MailboxErrorKind {
  if (serverResponseCode && comeBackLater.has(serverResponseCode)) return "unavailable";
  if (authenticationFailed) return "unauthorized";
  if (tlsFailed || tlsCode.test(code)) return "tls";
  if (mailboxMissing || serverResponseCode === "NONEXISTENT" || serverResponseCode === "TRYCREATE")
    return "folder-missing";
  if (protocolCode.test(code)) return "unexpected-response";
  return "unavailable";
}

/** What the server has said, or for a handshake what OpenSSL says of it. */
function wordsOf({ responseText, response, reason, code = "", message }: ImapFlowError): string | null {
  const said = responseText ?? (typeof response === "string" ? response : undefined) ?? reason;
  if (said) return said;
  return tlsCode.test(code) ? message : null;
}

function without(password: string, text: string): string {
  const spellings = [password, Buffer.from(password).toString("base64")];
  const clean = spellings.reduce((rest, secret) => (secret ? rest.replaceAll(secret, "[…]") : rest), text);
  return clean.replace(/\p{Cc}+/gu, " ").slice(0, longestWords);
}

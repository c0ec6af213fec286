import { createHash } from "node:crypto";
import { type DnsName, parseDnsName } from "@sealpost/domain";

/** What an order's CSR tells: whose key it is, and which names were asked for. The CSR itself is dropped. */
export interface CsrFacts {
  /** SHA-256 over the SubjectPublicKeyInfo, lower-case hex. */
  readonly spkiSha256: string;
  readonly dnsNames: readonly DnsName[];
}

interface Element {
  readonly tag: number;
  /** From the tag to the last content byte. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

const longestCsrBytes = 64 * 1024;
const extensionRequest = "2a864886f70d01090e";
const subjectAltName = "551d11";
const dnsNameTag = 0x82;

/**
 * Reads a PKCS#10 request in PEM (RFC 2986 section 4): the key, and the names of an extensionRequest attribute
 * (RFC 2985 section 5.4.2). Null for anything odd: an order without these facts is still an order.
 */
export function readCsrFacts(pem: string): CsrFacts | null {
  const body = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END/.exec(pem)?.[1];
  if (body === undefined || body.length > longestCsrBytes) return null;
  try {
    const [info] = children(one(Buffer.from(body, "base64"), 0x30));
    const [, , spki, attributes] = children(info);
    if (spki?.tag !== 0x30) return null;
    const spkiSha256 = createHash("sha256").update(spki.whole).digest("hex");
    return { spkiSha256, dnsNames: attributes?.tag === 0xa0 ? requestedNames(attributes) : [] };
  } catch {
    return null;
  }
}

function requestedNames(attributes: Element): readonly DnsName[] {
  const [values] = children(attributes).flatMap((attribute) => lastAfter(attribute, extensionRequest));
  const extensions = values ? children(children(values)[0]) : [];
  const [wrapped] = extensions.flatMap((extension) => lastAfter(extension, subjectAltName));
  if (!wrapped) return [];
  const names = children(one(wrapped.content, 0x30)).filter((name) => name.tag === dnsNameTag);
  return names.flatMap((name) => parseDnsName(name.content.toString("latin1")) ?? []);
}

/** The last element of a sequence that begins with this object identifier. */
function lastAfter(sequence: Element, oidHex: string): Element[] {
  const parts = children(sequence);
  const last = parts.at(-1);
  return parts[0]?.tag === 0x06 && parts[0].content.toString("hex") === oidHex && last ? [last] : [];
}

function one(bytes: Buffer, tag: number): Element {
  const element = elementAt(bytes, 0);
  if (element.tag !== tag) throw new Error("another tag");
  return element;
}

function children(parent: Element | undefined): Element[] {
  if (!parent) throw new Error("missing element");
  const found: Element[] = [];
  for (let at = 0; at < parent.content.length; ) {
    const element = elementAt(parent.content, at);
    found.push(element);
    at += element.whole.length;
  }
  return found;
}

/** One DER element (X.690 section 8.1): single-byte tag, definite length of at most three bytes. */
function elementAt(bytes: Buffer, at: number): Element {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new Error("not DER");
  const extra = first < 0x80 ? 0 : first & 0x7f;
  if (extra > 3 || first === 0x80) throw new Error("not DER");
  const length = extra === 0 ? first : bytes.readUIntBE(at + 2, extra);
  const start = at + 2 + extra;
  if (start + length > bytes.length) throw new Error("cut off");
  return { tag, whole: bytes.subarray(at, start + length), content: bytes.subarray(start, start + length) };
}

/** What is searched for in place of a pasted certificate or request: public facts, the surest first. */
export interface PastedClue {
  readonly by: "fingerprint" | "key" | "name";
  readonly text: string;
}

export type Pasted =
  /** Holds a private key: nothing of it may be searched for. */
  | { readonly is: "secret" }
  /** Neither a certificate, nor a request, nor short enough to be a search. */
  | { readonly is: "unreadable" }
  | { readonly is: "readable"; readonly name: string; readonly clues: readonly PastedClue[] };

const mostBlocks = 10;
const mostNames = 20;

/**
 * Reads pasted certificates and requests (PEM, or its Base64 alone, line breaks lost or not) in the browser. Only the
 * fingerprint, the hash of the key and the names come out; the text goes nowhere.
 */
export async function readPasted(text: string): Promise<Pasted> {
  if (holdsSecret(text)) return { is: "secret" };
  const found = (await Promise.all(blocksIn(text).map(read))).filter((facts) => facts !== null);
  const first = found[0];
  if (!first) return { is: "unreadable" };
  const names = [...new Set(found.flatMap((facts) => facts.names))].slice(0, mostNames);
  const clues = [
    ...found.flatMap(({ fingerprint }) =>
      fingerprint ? [{ by: "fingerprint", text: fingerprint } as const] : [],
    ),
    ...found.map(({ key }) => ({ by: "key", text: key }) as const),
    ...names.map((name) => ({ by: "name", text: name }) as const),
  ];
  return { is: "readable", name: first.names[0] ?? "", clues };
}

function holdsSecret(text: string): boolean {
  return /PRIVATE KEY|PuTTY-User-Key/i.test(text);
}

/** The DER of every block, or of the whole where it is Base64 alone. */
function blocksIn(text: string): Uint8Array[] {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^-]*)/g)];
  const bodies = blocks.length > 0 ? blocks.map(([, , body]) => body ?? "") : [text];
  return bodies.slice(0, mostBlocks).flatMap((body) => {
    try {
      return [Uint8Array.from(atob(body.replace(/[^A-Za-z0-9+/=]/g, "")), (char) => char.charCodeAt(0))];
    } catch {
      return [];
    }
  });
}

interface Facts {
  /** Null for a request. */
  readonly fingerprint: string | null;
  readonly key: string;
  readonly names: readonly string[];
}

/** RFC 5280 section 4.1 and RFC 2986 section 4.2: in both, what is signed comes first, and the key in it has its place. */
async function read(der: Uint8Array): Promise<Facts | null> {
  try {
    const [whole] = elements(der);
    const [signed] = elements(whole?.content);
    const fields = elements(signed?.content);
    // A certificate of version 3 begins with [0]; issuer and validity stand between its algorithm and its subject.
    const isRequest = fields[0]?.tag === tags.integer && fields[3]?.tag === tags.context0;
    const start = fields[0]?.tag === tags.context0 ? 1 : 0;
    const [subject, key] = isRequest ? [fields[1], fields[2]] : [fields[start + 4], fields[start + 5]];
    if (!whole || !subject || key?.tag !== tags.sequence || elements(key.content).length !== 2) return null;
    return {
      fingerprint: isRequest ? null : await sha256(whole.bytes),
      key: await sha256(key.bytes),
      names: [...new Set([...namesIn(fields), ...commonNamesIn(subject)])],
    };
  } catch {
    return null;
  }
}

interface Element {
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
}

const tags = {
  integer: 0x02,
  octets: 0x04,
  oid: 0x06,
  dnsName: 0x82,
  sequence: 0x30,
  context0: 0xa0,
} as const;

/** The elements that stand side by side (X.690 section 8.1). Throws RangeError where one ends beyond the others. */
function elements(bytes: Uint8Array = new Uint8Array()): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at + 1] ?? 0x80;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || lengthBytes > 3) throw new RangeError("no length");
    const start = at + 2 + lengthBytes;
    const length =
      lengthBytes === 0 ? first : bytes.subarray(at + 2, start).reduce((sum, b) => sum * 256 + b, 0);
    const end = start + length;
    if (end > bytes.length) throw new RangeError("cut off");
    found.push({ tag: bytes[at] ?? 0, bytes: bytes.subarray(at, end), content: bytes.subarray(start, end) });
    at = end;
  }
  return found;
}

const isConstructed = (tag: number) => (tag & 0x20) !== 0;
const subjectAltName = "85,29,17";
const commonName = "85,4,3";

/** The DNS names of every subjectAltName (2.5.29.17) below. */
function namesIn(fields: readonly Element[], depth = 0): string[] {
  if (depth > 8) return [];
  const last = fields.at(-1);
  if (
    fields[0]?.tag === tags.oid &&
    fields[0].content.join() === subjectAltName &&
    last?.tag === tags.octets
  ) {
    const [list] = elements(last.content);
    return elements(list?.content)
      .filter(({ tag }) => tag === tags.dnsName)
      .map(({ content }) => text(content).toLowerCase());
  }
  return fields
    .filter(({ tag }) => isConstructed(tag))
    .flatMap(({ content }) => namesIn(elements(content), depth + 1));
}

/** The common name (2.5.4.3) of a subject. */
function commonNamesIn(subject: Element): string[] {
  const attributes = elements(subject.content).flatMap((set) => elements(set.content));
  return attributes.flatMap(({ content }) => {
    const [type, value] = elements(content);
    return type?.content.join() === commonName && value ? [text(value.content).toLowerCase()] : [];
  });
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

import { createPrivateKey } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import PostalMime from "postal-mime";
import type { Control } from "./control.ts";
import type { SandboxAccount } from "./simulator.ts";

/** What a search looks through. */
export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}

interface Needle {
  readonly bytes: Buffer;
  readonly name: string;
}

/** Of what may stand nowhere in full, so many bytes or letters are looked for: too many to be met by chance. */
const windowLength = 16;
/** Shorter words are met by chance. */
const shortestText = 8;
/** How many leading bytes of a needle are looked up at every place. */
const leadLength = 4;

/** Finds secrets in whatever form they were written. Told by names, so that no report is a leak itself. */
export class SecretSearch {
  readonly #needles = new Map<number, Needle[]>();
  /** One bit for each hash of a needle's first bytes. */
  readonly #marks = new Uint8Array(1 << 19);

  /** A word somebody typed or was given: as it is, in JSON, in an address or form, in base64, in hex. */
  addText(name: string, text: string): void {
    if (text.length < shortestText) return;
    const bytes = Buffer.from(text);
    const inAddress = encodeURIComponent(text);
    const written = [text, JSON.stringify(text).slice(1, -1), inAddress, inAddress.replaceAll("%20", "+")];
    for (const form of [...written, ...encodings(bytes)]) this.#add(name, Buffer.from(form));
  }

  /** Bytes: as they are, in base64, in hex. Found by parts, so that neither a line's end nor what stands around hides them. */
  addBytes(name: string, bytes: Uint8Array): void {
    const forms = [Buffer.from(bytes), ...encodings(bytes).map((form) => Buffer.from(form))];
    for (const form of forms) {
      const last = form.length - windowLength;
      for (const start of new Set([0, Math.floor(last / 2), last]))
        if (start >= 0) this.#add(name, form.subarray(start, start + windowLength));
    }
  }

  /** A private key in PEM, by the numbers that are secret (RFC 7518 section 6): the same in every format. */
  addKey(name: string, pem: string): void {
    const { d, p, q } = createPrivateKey(pem).export({ format: "jwk" });
    for (const part of [d, p, q]) if (part) this.addBytes(name, Buffer.from(part, "base64url"));
  }

  /** A certificate or request in PEM, by its signature: the rest of it may be told. */
  addSigned(name: string, pem: string): void {
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
    // And the text of it, encoded once more, as in an archive within a mail.
    const text = Buffer.from(pem.slice(0, pem.indexOf("\n-----END")));
    for (const signature of [der.subarray(-48), text.subarray(-48)]) this.addBytes(name, signature);
  }

  /** A mail as it was sent, by its subject and the lines of its body. What stands in `known` is no secret. */
  async addMail(name: string, raw: Uint8Array, known: string): Promise<void> {
    const { subject = "", text = "", html = "", attachments } = await PostalMime.parse(raw);
    const source = Buffer.from(raw).toString("utf8");
    const body = source.slice(source.search(/\r?\n\r?\n/));
    const lines = [subject, ...`${body}\n${text}\n${html}`.split(/\r?\n/).map((line) => line.trim())];
    for (const line of lines)
      if (line.length >= 30 && !/^(--|Content-)/.test(line) && !known.includes(line))
        this.#add(name, Buffer.from(line));
    for (const { content } of attachments) {
      const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(new Uint8Array(content));
      if (!bytes.toString("latin1").startsWith("-----")) this.#add(name, bytes.subarray(0, 48));
    }
  }

  /** The names of all that stands in these bytes. */
  find(bytes: Uint8Array): Set<string> {
    const found = new Set<string>();
    const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let lead = 0;
    for (let at = 0; at < bytes.length; at++) {
      lead = (lead << 8) | (bytes[at] ?? 0);
      const hash = hashed(lead);
      if (((this.#marks[hash >> 3] ?? 0) & (1 << (hash & 7))) === 0) continue;
      const start = at - leadLength + 1;
      for (const needle of this.#needles.get(lead) ?? []) {
        const part = haystack.subarray(start, start + needle.bytes.length);
        if (start >= 0 && part.equals(needle.bytes)) found.add(needle.name);
      }
    }
    return found;
  }

  #add(name: string, bytes: Buffer): void {
    if (bytes.length < shortestText) return;
    const lead = bytes.readInt32BE(0);
    const hash = hashed(lead);
    this.#marks[hash >> 3] = (this.#marks[hash >> 3] ?? 0) | (1 << (hash & 7));
    const same = this.#needles.get(lead);
    if (same) same.push({ name, bytes });
    else this.#needles.set(lead, [{ name, bytes }]);
  }
}

/** Hex, and base64 as it comes out whatever stands before. */
function encodings(bytes: Uint8Array): string[] {
  const all = Buffer.from(bytes);
  const inBase64 = [0, 1, 2].flatMap((skipped) => {
    const whole = all.subarray(skipped, all.length - ((all.length - skipped) % 3));
    return [whole.toString("base64"), whole.toString("base64url")];
  });
  const hex = all.toString("hex");
  return [...new Set([hex, hex.toUpperCase(), ...inBase64])];
}

/** 22 bits of a number of 32 (multiplicative hashing, Knuth 6.4). */
function hashed(lead: number): number {
  return Math.imul(lead, 0x9e3779b1) >>> 10;
}

/** Where something may stand after all, by the beginning of its name: in what was asked for in order to have it. */
const legitimate: ReadonlyArray<readonly [place: RegExp, what: string]> = [
  [/\/master\.key$/, "master key"],
  [/^answer \/api\/certificates\/[^/]+\/(key|pem)$/, "private key"],
  [/^answer \/api\/certificates\/[^/]+\/(certificate|pem)$/, "certificate"],
  [/^answer \/api\/orders\/[^/]+\/download$/, "certificate"],
  // A key may have come by mail, which is warned of.
  ...["mail", "certificate", "private key"].map(
    (what) => [/^answer \/api\/mails\/[^/]+\/open$/, what] as const,
  ),
  // A cookie wants a signature beside it, with a key of the vault.
  [/\/sealpost\.db(-wal)?$/, "session token"],
];

/** What a world knows when it ends. */
export interface SearchedWorld {
  /** Null where there is no sandbox. */
  readonly control: Control | null;
  readonly accounts: readonly SandboxAccount[];
  readonly masterKeyFile: string;
  /** All below it is searched, but what the simulator keeps. */
  readonly directory: string;
  readonly log: string;
}

/** Listens to what goes to and from a console, and looks in the end for what should have stayed nowhere. */
export class SecretWatch {
  readonly #answers: Place[] = [];
  /** By the word; with the only place where each may stand, if there is one. */
  readonly #heard = new Map<string, { readonly name: string; readonly place: string | null }>();
  readonly #keys = new Set<string>();
  readonly #mails = new Map<string, Uint8Array>();
  /** What was also sent by another name, an address say, is no secret. */
  readonly #told = new Set<string>();

  /** Somebody was told or types a secret: a password, say. */
  knows(name: string, text: string, place: string | null = null): void {
    if (!this.#heard.has(text)) this.#heard.set(text, { name, place });
  }

  /** A mail that somebody else than the sandbox has kept. */
  knowsMail(name: string, raw: Uint8Array): void {
    this.#mails.set(name, raw);
  }

  /** The body of a request: whatever goes by the name of a secret is one, and so is every private key. */
  sent(body: Uint8Array): void {
    const text = Buffer.from(body).toString("utf8");
    const typed = [...text.matchAll(/name="(\w+)"\r\n\r\n([^\r\n]*)\r\n/g)];
    const fields = typed.map(([, name = "", value = ""]) => [name, value] as const);
    for (const [name, value] of [...fieldsOf(text), ...fields])
      if (!secretField.test(name)) this.#told.add(value);
      else if (!value.startsWith("-----")) this.knows(name, value);
    const keys = text.replaceAll("\\n", "\n").matchAll(privateKeys);
    for (const [pem] of keys) this.#keys.add(pem);
  }

  /** An answer. What it gives out stands in it; and nowhere else. */
  answered(path: string, body: Uint8Array, cookies: readonly string[]): void {
    const name = `answer ${path}`;
    this.#answers.push({ name, bytes: Buffer.from(body) });
    for (const cookie of cookies) {
      // The session's own: others bind what a page is told, such as a passkey's challenge, to its browser.
      const value = /^(?:__Host-)?sealpost(?:-\d+)?=([^;]*)/.exec(cookie)?.[1];
      if (value === undefined) continue;
      const [token = "", signature = ""] = decodeURIComponent(value).split(".");
      this.knows("session token", token);
      this.knows("signature of a session", signature);
    }
    if (!path.startsWith("/api/")) return;
    const text = Buffer.from(body).toString("utf8");
    for (const [, token = ""] of text.matchAll(/#token=([\w-]{20,})/g))
      this.knows("one-time link", token, name);
    for (const [, secret = ""] of text.matchAll(/[?&]secret=([A-Z2-7]{16,})/g)) {
      this.knows("secret of an authenticator app", secret, name);
      this.knows("secret of an authenticator app", fromBase32(secret), name);
    }
    for (const [field, code] of fieldsOf(text))
      if (field === "backupCodes") this.knows("recovery code", code, name);
  }

  /** Where what was found; empty when all is well. */
  async leaks(world: SearchedWorld): Promise<string[]> {
    const search = await this.#search(world);
    const places = [
      ...(await filesBelow(world.directory)),
      { name: "the log", bytes: Buffer.from(world.log) },
      ...this.#answers,
    ];
    const leaks = new Set<string>();
    for (const { name: place, bytes } of places)
      for (const name of search.find(bytes)) if (!this.#mayStand(place, name)) leaks.add(`${place}: ${name}`);
    return [...leaks];
  }

  #mayStand(place: string, name: string): boolean {
    const isAsked = legitimate.some(([where, what]) => where.test(place) && name.startsWith(what));
    return isAsked || name.endsWith(` given out in ${place}`);
  }

  async #search({ control, accounts, masterKeyFile, directory }: SearchedWorld): Promise<SecretSearch> {
    const search = new SecretSearch();
    for (const line of (await readFile(masterKeyFile, "utf8").catch(() => "")).split("\n")) {
      search.addText("master key", line);
      search.addBytes("master key", Buffer.from(line, "base64"));
    }
    for (const [text, { name, place }] of this.#heard)
      if (!this.#told.has(text))
        search.addText(place === null ? name : `${name} given out in ${place}`, text);
    for (const pem of this.#keys) addReadable(search, pem);
    for (const { ca, credential, readOnlyCredential } of accounts)
      for (const [field, value] of Object.entries({ ...credential, ...readOnlyCredential }))
        search.addText(`${field} at ${ca}`, value);
    const leaves = control ? await addOrders(search, control) : [];
    // Lines of certificates are looked for by their signatures, and those of CAs are no secret.
    const libraries = (await filesBelow(directory)).filter(({ name }) => name.endsWith("intermediates.pem"));
    const known = [...leaves, ...libraries.map(({ bytes }) => Buffer.from(bytes).toString("latin1"))].join();
    const sandboxed = control ? await mailsOf(control) : [];
    for (const [to, raw] of [...sandboxed, ...this.#mails]) await search.addMail(`mail to ${to}`, raw, known);
    return search;
  }
}

const secretField = /^(.*password|passphrase|token|.*secret|apiKey|key)$/i;
const privateKeys = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[\s\S]+?-----END ([A-Z]+ )?PRIVATE KEY-----/g;

/** Tests also send what is no key, or what a passphrase keeps closed. */
function addReadable(search: SecretSearch, pem: string): void {
  try {
    search.addKey("private key that was sent", pem);
  } catch {
    // Nobody can read it.
  }
}

/** Resolves to the certificates. */
async function addOrders(search: SecretSearch, control: Control): Promise<string[]> {
  const leaves: string[] = [];
  for (const order of await control.orders()) {
    const of = `of order ${order.id}`;
    if (order.privateKeyPem) search.addKey(`private key ${of}`, order.privateKeyPem);
    search.addSigned(`request ${of}`, order.csrPem);
    const earlier = order.earlier.map(({ certificatePem }) => certificatePem);
    const issued = order.certificatePem === null ? earlier : [...earlier, order.certificatePem];
    for (const pem of issued) search.addSigned(`certificate ${of}`, pem);
    leaves.push(...issued);
  }
  return leaves;
}

async function mailsOf(control: Control): Promise<(readonly [to: string, raw: Uint8Array])[]> {
  const facts = await control.mails();
  return await Promise.all(
    facts.map(async ({ mailId, to }) => [to[0] ?? "", await control.rawMail(mailId)] as const),
  );
}

/** Every text in a JSON body with the name of its field; those in a list by the list's. */
function fieldsOf(json: string): [name: string, text: string][] {
  const fields: [string, string][] = [];
  const walk = (name: string, value: unknown): void => {
    if (typeof value === "string") fields.push([name, value]);
    else if (Array.isArray(value)) for (const one of value) walk(name, one);
    else if (typeof value === "object" && value !== null)
      for (const [inner, one] of Object.entries(value)) walk(inner, one);
  };
  try {
    walk("", JSON.parse(json));
  } catch {
    // Not every body is JSON.
  }
  return fields;
}

/** RFC 4648 section 6. */
function fromBase32(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...text].map((char) => alphabet.indexOf(char).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))).toString("latin1");
}

/** Every file below a directory but the simulator's; one that goes while it is read is none. */
export async function filesBelow(directory: string): Promise<Place[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((name) => !name.includes("/simulator/"));
  const read = async (name: string) => ({ name, bytes: await readFile(name).catch(() => Buffer.alloc(0)) });
  return await Promise.all(names.map(read));
}

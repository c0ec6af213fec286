import yazl from "yazl";
import type { Random } from "./random.ts";

/** Everything there is to start from: files of every format, and the passphrases some of them want. */
export interface Corpus {
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
  readonly passphrases: readonly string[];
}

export interface Mutant {
  readonly inputs: readonly { readonly name: string; readonly bytes: Buffer }[];
  readonly passphrase: string | null;
}

type Mutator = (random: Random, bytes: Buffer, corpus: Corpus) => Buffer | Promise<Buffer>;

/** A little more than the largest file taken, so that the limit is met as well. */
const mostBytes = 6 * 1024 * 1024;

/** One to three files, most of them damaged in one to four ways. */
export async function mutant(random: Random, corpus: Corpus): Promise<Mutant> {
  const inputs = [];
  for (let left = random.oneOf([1, 1, 1, 2, 3]); left > 0; left -= 1) {
    const { name, bytes } = random.oneOf(corpus.files);
    let damaged: Buffer = bytes;
    for (let ways = random.oneOf([0, 1, 1, 1, 2, 2, 3, 4]); ways > 0; ways -= 1) {
      const mutate = random.oneOf(random.chance(0.5) && isText(damaged) ? onLines : onBytes);
      damaged = (await mutate(random, damaged, corpus)).subarray(0, mostBytes);
    }
    inputs.push({ name, bytes: damaged });
  }
  const passphrase = random.oneOf([null, null, "", "wrong", random.oneOf(corpus.passphrases)]);
  return { inputs, passphrase };
}

function isText(bytes: Buffer): boolean {
  return !bytes.subarray(0, 512).some((byte) => byte < 9 || (byte > 13 && byte < 32));
}

/** Lengths and tags at which readers of X.690 stumble: indefinite, four bytes long, negative, zero, a string of nothing. */
const interesting = [
  "80",
  "84ffffffff",
  "847fffffff",
  "81ff",
  "82ffff",
  "00",
  "ff",
  "3080",
  "0000",
  "24800400",
  "1f8f7f",
  "30840000ffff",
  "a0800000",
].map((hex) => Buffer.from(hex, "hex"));

const onBytes: readonly Mutator[] = [
  function flipBits(random, bytes) {
    const copy = Buffer.from(bytes);
    for (let left = 1 + random.below(8); left > 0 && copy.length > 0; left -= 1) {
      const at = random.below(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    }
    return copy;
  },
  function truncate(random, bytes) {
    return bytes.subarray(0, random.below(bytes.length + 1));
  },
  function behead(random, bytes) {
    return bytes.subarray(random.below(bytes.length + 1));
  },
  function insert(random, bytes) {
    const at = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), random.oneOf(interesting), bytes.subarray(at)]);
  },
  function overwrite(random, bytes) {
    const copy = Buffer.from(bytes);
    random.oneOf(interesting).copy(copy, random.below(copy.length + 1));
    return copy;
  },
  function remove(random, bytes) {
    const at = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(200))]);
  },
  function repeat(random, bytes) {
    const at = random.below(bytes.length + 1);
    const part = bytes.subarray(at, at + 1 + random.below(random.oneOf([4, 64, 2000])));
    const most = Math.floor(random.oneOf([5_000, 100_000, 1_200_000]) / Math.max(1, part.length));
    const times = 1 + random.below(Math.max(1, random.chance(0.05) ? most : Math.min(most, 50)));
    const copies = Array.from({ length: times }, () => part);
    return Buffer.concat([bytes.subarray(0, at), ...copies, bytes.subarray(at)]);
  },
  function splice(random, bytes, { files }) {
    const other = random.oneOf(files).bytes;
    return Buffer.concat([
      bytes.subarray(0, random.below(bytes.length + 1)),
      other.subarray(random.below(other.length + 1)),
    ]);
  },
  function join(random, bytes, { files }) {
    return Buffer.concat([bytes, random.oneOf(files).bytes]);
  },
  /** Counts of rounds, versions, lengths of keys: an INTEGER becomes a large one of the same size. */
  function enlarge(random, bytes) {
    const copy = Buffer.from(bytes);
    const places = [...copy.keys()].filter((at) => copy[at] === 2 && (copy[at + 1] ?? 9) < 5);
    if (places.length === 0) return copy;
    const at = random.oneOf(places);
    copy.fill(0x7f, at + 2, Math.min(copy.length, at + 2 + (copy[at + 1] ?? 0)));
    return copy;
  },
  function wrapInPem(random, bytes) {
    const label = random.oneOf([
      "CERTIFICATE",
      "PRIVATE KEY",
      "ENCRYPTED PRIVATE KEY",
      "PKCS7",
      "RSA PRIVATE KEY",
      "X509 CRL",
      "",
      "-",
    ]);
    const lines = bytes.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
    return Buffer.from(`-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`);
  },
  function wrapInMail(random, bytes) {
    const encoding = random.oneOf(["base64", "quoted-printable", "7bit", "x-uuencode"]);
    const body = encoding === "base64" ? bytes.toString("base64") : bytes.toString("latin1");
    const type = random.oneOf([
      "text/plain",
      "application/octet-stream",
      "message/rfc822",
      "text/html",
      "application/pkcs7-mime",
    ]);
    return Buffer.from(
      `From: ca@example.test\r\nSubject: order 1042\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n--b--\r\n`,
      "latin1",
    );
  },
  async function wrapInZip(random, bytes, { files }) {
    const zip = new yazl.ZipFile();
    const compress = random.chance(0.5);
    zip.addBuffer(bytes, "a.crt", { compress });
    if (random.chance(0.5)) zip.addBuffer(random.oneOf(files).bytes, "b.zip", { compress });
    zip.end();
    return Buffer.concat(await Array.fromAsync(zip.outputStream, (chunk) => Buffer.from(chunk)));
  },
];

function byLines(change: (random: Random, lines: string[]) => string[]): Mutator {
  return (random, bytes) =>
    Buffer.from(change(random, bytes.toString("latin1").split("\n")).join("\n"), "latin1");
}

const oddLines = [
  "-----BEGIN CERTIFICATE-----",
  "-----END CERTIFICATE-----",
  "--b",
  "--b--",
  "> ",
  "Content-Transfer-Encoding: base64",
  "Content-Type: multipart/mixed; boundary=b",
  "",
  "\\n",
  "=20",
  "&#45;&#45;",
  "\u0000",
  "\ufeff",
];

const onLines: readonly Mutator[] = [
  byLines((random, lines) => lines.toSpliced(random.below(lines.length), 1 + random.below(3))),
  byLines((random, lines) => lines.toSpliced(random.below(lines.length), 0, random.oneOf(oddLines))),
  byLines((random, lines) => {
    const [from, to] = [random.below(lines.length), random.below(lines.length)];
    return lines.with(from, lines[to] ?? "").with(to, lines[from] ?? "");
  }),
  byLines((random, lines) => {
    const at = random.below(lines.length);
    // Joined, not spread: a call takes no hundred thousand arguments.
    return [lines.slice(0, at), lines.slice(random.below(lines.length)), lines.slice(at)].flat();
  }),
  byLines((random, lines) => {
    const at = random.below(lines.length);
    return lines.toSpliced(at, 2, lines.slice(at, at + 2).join(random.oneOf(["", " ", "\r", "\\n"])));
  }),
  byLines((random, lines) => lines.map((line) => (random.chance(0.5) ? `> ${line}` : line))),
  byLines((random, lines) => lines.map((line) => line.replace(/=/g, random.oneOf(["=3D", "==", ""])))),
];

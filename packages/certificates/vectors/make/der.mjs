/** The few bytes of DER and BER (X.690) that the command line cannot be made to write. */

/** @param {number} length */
function lengthOf(length) {
  if (length < 128) return Buffer.from([length]);
  const bytes = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

/** @param {number} tag @param {Buffer[]} contents */
export function tlv(tag, ...contents) {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

/** Of indefinite length (X.690 section 8.1.3.6). @param {number} tag @param {Buffer[]} contents */
export function indefinite(tag, ...contents) {
  return Buffer.concat([Buffer.from([tag, 0x80]), ...contents, Buffer.from([0, 0])]);
}

/** @typedef {{ tag: number, start: number, content: Buffer, whole: Buffer }} Element */

/** @param {Buffer} bytes @param {number} [from] @returns {Element} */
export function element(bytes, from = 0) {
  const [tag = 0, first = 0] = bytes.subarray(from, from + 2);
  const count = first < 128 ? 0 : first & 0x7f;
  const length = count === 0 ? first : bytes.readUIntBE(from + 2, count);
  const start = from + 2 + count;
  return {
    tag,
    start,
    content: bytes.subarray(start, start + length),
    whole: bytes.subarray(from, start + length),
  };
}

/** @param {Buffer} content @returns {Element[]} */
export function elements(content) {
  const found = [];
  for (let at = 0; at < content.length; ) {
    const next = element(content, at);
    found.push(next);
    at += next.whole.length;
  }
  return found;
}

/** @param {Buffer} der */
export function children(der) {
  return elements(element(der).content);
}

/** @param {number} value */
export function integer(value) {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
  return tlv(0x02, (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** @param {string} label @param {Buffer} der */
export function pem(label, der, columns = 64) {
  return `-----BEGIN ${label}-----\n${base64Lines(der, columns)}\n-----END ${label}-----\n`;
}

/** @param {Buffer} bytes */
export function base64Lines(bytes, columns = 64) {
  return bytes.toString("base64").replace(new RegExp(`.{${columns}}(?=.)`, "g"), "$&\n");
}

/** The bytes of the first block. @param {string} text */
export function unarmoured(text) {
  const body = /-----BEGIN [^-]+-----\n([\s\S]*?)-----END/.exec(text)?.[1] ?? "";
  return Buffer.from(body, "base64");
}

/** With one byte changed; a negative place counts from the end. @param {Buffer} bytes @param {number} at */
export function withByteChanged(bytes, at) {
  const copy = Buffer.from(bytes);
  const place = at < 0 ? copy.length + at : at;
  copy[place] = (copy[place] ?? 0) ^ 1;
  return copy;
}

/** With an INTEGER replaced wherever it stands as these bytes; lengths around it are written anew. @param {Buffer} der @param {Buffer} from @param {Buffer} to @returns {Buffer} */
export function withElementReplaced(der, from, to) {
  if (der.equals(from)) return to;
  const { tag, content } = element(der);
  if ((tag & 0x20) === 0) return der;
  return tlv(tag, ...elements(content).map(({ whole }) => withElementReplaced(whole, from, to)));
}

/** Mails as RFC 5322 and RFC 2045 write them, CRLF throughout. */

/** @param {string} text */
const crlf = (text) => text.replace(/\r?\n/g, "\r\n");

/** @typedef {Record<string, string>} Headers */

/** @param {Headers} headers */
function head(headers) {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
}

/** @param {Headers} headers @param {string | Buffer} body */
export function part(headers, body) {
  const content = typeof body === "string" ? Buffer.from(crlf(body)) : body;
  return Buffer.concat([Buffer.from(`${head(headers)}\r\n`), content]);
}

/** @param {string} type @param {string} boundary @param {Buffer[]} parts @param {Headers} [headers] */
export function multipart(type, boundary, parts, headers = {}) {
  const pieces = parts.flatMap((one) => [Buffer.from(`--${boundary}\r\n`), one, Buffer.from("\r\n")]);
  const body = Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
  return part({ ...headers, "Content-Type": `multipart/${type}; boundary="${boundary}"` }, body);
}

/** @param {string} subject @param {string} [from] @returns {Headers} */
export function envelope(subject, from = '"Example CA" <noreply@ca.example.test>') {
  return {
    "Return-Path": "<bounces@ca.example.test>",
    From: from,
    To: "admin@example.test",
    Subject: subject,
    Date: "Fri, 20 Nov 2026 10:00:00 +0000",
    "Message-ID": "<1@ca.example.test>",
    "MIME-Version": "1.0",
  };
}

/** @param {string} body @param {Headers} [more] */
export function plain(body, more = {}) {
  return part({ "Content-Type": "text/plain; charset=UTF-8", ...more }, body);
}

/** @param {string} name @param {string | Buffer} bytes @param {string} [type] */
export function attachment(name, bytes, type = "application/octet-stream") {
  const headers = {
    "Content-Type": `${type}; name="${name}"`,
    "Content-Transfer-Encoding": "base64",
    "Content-Disposition": `attachment; filename="${name}"`,
  };
  return part(headers, base64(Buffer.from(bytes)));
}

/** @param {Buffer} bytes */
export function base64(bytes) {
  return `${bytes.toString("base64").replace(/.{76}(?=.)/g, "$&\n")}\n`;
}

/** Quoted-printable (RFC 2045 section 6.7). @param {Buffer} bytes */
export function quotedPrintable(bytes) {
  return crlf(bytes.toString("latin1"))
    .split("\r\n")
    .map((line) => wrapped(line.replace(/[^\x20-\x3c\x3e-\x7e]/g, hexOf).replace(/ $/, "=20")))
    .join("\r\n");
}

/** @param {string} letter */
function hexOf(letter) {
  return `=${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** @param {string} line */
function wrapped(line) {
  const pieces = [];
  for (let rest = line; ; ) {
    if (rest.length <= 76) return [...pieces, rest].join("=\r\n");
    const cut = /=.?$/.exec(rest.slice(0, 75));
    const at = cut && cut.index >= 73 ? cut.index : 75;
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
}

/** Signed or encrypted mails come with their own header. @param {Headers} headers @param {Buffer} entity */
export function withEnvelope(headers, entity) {
  const { "MIME-Version": _, ...rest } = headers;
  return Buffer.concat([Buffer.from(head(rest)), entity]);
}

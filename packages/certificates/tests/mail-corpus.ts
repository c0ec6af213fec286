import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { domainToUnicode } from "node:url";
import { entity, message, multipartMessage } from "./mails.ts";
import { zip } from "./vectors.ts";

// Mails as CAs, mail servers and people write them, each with the order it is about. Nothing here knows how the console
// reads or matches: certificates are made by the OpenSSL command line, labels follow from how a mail was put together.

/** An order as its CA has it. */
export interface BookedOrder {
  readonly id: string;
  readonly number: string;
  readonly names: readonly string[];
  /** SHA-256 of the request's public key; null: the CA did not tell. */
  readonly spkiSha256: string | null;
  readonly status: "issued" | "awaiting-approval";
  readonly issued: ReadonlyArray<{ readonly from: Date; readonly to: Date }>;
  /** When a mail was last asked for, of which kind, to whom. */
  readonly asked: {
    readonly at: Date;
    readonly kind: "fulfillment" | "approver";
    readonly to: string;
  } | null;
}

export interface LabelledMail {
  readonly name: string;
  readonly raw: Buffer;
  readonly kind: string;
  /** The order it is about; null: none that we know, or nobody could tell which. */
  readonly orderId: string | null;
}

export interface Corpus {
  readonly orders: readonly BookedOrder[];
  readonly mails: readonly LabelledMail[];
  readonly receivedAt: Date;
}

const dayMs = 24 * 60 * 60 * 1000;
const receivedAt = new Date("2026-11-20T12:00:00Z");
const justAsked = new Date(receivedAt.getTime() - 20_000);
const crlf = (text: string) => text.replace(/\r?\n/g, "\r\n");

interface Leaf {
  readonly pem: string;
  readonly der: Buffer;
  readonly spkiSha256: string;
  readonly from: Date;
  readonly to: Date;
  readonly keyPem: string;
}

function workshop() {
  const directory = mkdtempSync(join(tmpdir(), "sealpost-corpus-"));
  const at = (name: string) => join(directory, name);
  const openssl = (...args: readonly string[]) =>
    void execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...newKey,
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
    "-days",
    "3000",
    "-subj",
    "/O=Corpus/CN=Corpus CA",
  );
  let count = 0;
  const leaf = (
    names: readonly string[],
    days: number,
    how: "issued" | "self-signed" | "personal" = "issued",
  ): Leaf => {
    count += 1;
    const id = `leaf${count}`;
    const san = names.map((name) => (how === "personal" ? `email:${name}` : `DNS:${name}`)).join(",");
    const about = ["-keyout", `${id}.key`, "-subj", `/CN=${names[0]}`, "-addext", `subjectAltName=${san}`];
    const signed = how === "self-signed" ? [] : ["-CA", "ca.crt", "-CAkey", "ca.key"];
    openssl(
      "req",
      "-x509",
      ...newKey,
      ...about,
      ...signed,
      "-addext",
      "basicConstraints=critical,CA:FALSE",
      "-days",
      String(days),
      "-out",
      `${id}.crt`,
    );
    const pem = readFileSync(at(`${id}.crt`), "utf8");
    const read = new X509Certificate(pem);
    const spki = read.publicKey.export({ type: "spki", format: "der" });
    return {
      pem,
      der: read.raw,
      spkiSha256: createHash("sha256").update(spki).digest("hex"),
      from: read.validFromDate,
      to: read.validToDate,
      keyPem: readFileSync(at(`${id}.key`), "utf8"),
    };
  };
  const pkcs7 = (pem: string): Buffer => {
    writeFileSync(at("in.crt"), pem);
    openssl(
      "crl2pkcs7",
      "-nocrl",
      "-certfile",
      "in.crt",
      "-certfile",
      "ca.crt",
      "-outform",
      "DER",
      "-out",
      "out.p7b",
    );
    return readFileSync(at("out.p7b"));
  };
  const pkcs12 = ({ pem, keyPem }: Leaf): Buffer => {
    writeFileSync(at("in.crt"), pem);
    writeFileSync(at("in.key"), keyPem);
    openssl(
      "pkcs12",
      "-export",
      "-in",
      "in.crt",
      "-inkey",
      "in.key",
      "-passout",
      "pass:secret",
      "-out",
      "out.pfx",
    );
    return readFileSync(at("out.pfx"));
  };
  const caPem = readFileSync(at("ca.crt"), "utf8");
  return { leaf, pkcs7, pkcs12, caPem, [Symbol.dispose]: () => rmSync(directory, { recursive: true }) };
}

interface Known {
  readonly order: BookedOrder;
  readonly leaf: Leaf;
}

/** Makes the orders and the mails; takes a few seconds, most of them OpenSSL's. */
export async function makeCorpus(): Promise<Corpus> {
  using shop = workshop();
  const orders: BookedOrder[] = [];
  const mails: LabelledMail[] = [];
  let nextNumber = 31_400_017;
  let serial = 0;

  const newNumber = () => {
    nextNumber += 7;
    return String(nextNumber);
  };
  const newSerial = () => {
    serial += 1;
    return serial;
  };
  const book = (
    names: readonly string[],
    about: Partial<Omit<BookedOrder, "id" | "names">> & {
      readonly days?: number;
      readonly isKeyKnown?: boolean;
    } = {},
  ): Known => {
    const { days = 90 + orders.length * 3, isKeyKnown = true, ...rest } = about;
    const leaf = shop.leaf(names, days);
    const order: BookedOrder = {
      id: `order-${orders.length + 1}`,
      number: newNumber(),
      names,
      spkiSha256: isKeyKnown ? leaf.spkiSha256 : null,
      status: "issued",
      issued: [{ from: leaf.from, to: leaf.to }],
      asked: null,
      ...rest,
    };
    orders.push(order);
    return { order, leaf };
  };
  const put = (name: string, kind: string, orderId: string | null, raw: Buffer) => {
    mails.push({ name: `${mails.length + 1} ${name}`, kind, orderId, raw });
  };
  const fields = (subject: string, extra: readonly string[] = []) => {
    return [...extra, `Message-ID: <m${newSerial()}@ca.example.test>`, `Subject: ${encodedWord(subject)}`];
  };
  const shown = (name: string) =>
    name.startsWith("*.") ? `*.${domainToUnicode(name.slice(2))}` : domainToUnicode(name);
  const first = ({ names: [name = ""] }: BookedOrder) => name;

  // The shapes of mails. -------------------------------------------------------------------------------------------
  const zipMail = async (subject: string, words: string, leaf: Leaf, extra: readonly string[] = []) => {
    const archive = await zip({ "x/server.crt": leaf.pem, "x/bundle.crt": shop.caPem });
    return multipartMessage(
      "mixed",
      [
        entity({ type: "text/plain; charset=utf-8", body: crlf(words) }),
        entity({ type: "application/zip", name: "certificate.zip", body: archive, encoding: "base64" }),
      ],
      { boundary: `b${serial}`, fields: fields(subject, extra) },
    );
  };
  const textMail = (subject: string, words: string, extra: readonly string[] = []) =>
    message({ type: "text/plain; charset=utf-8", body: crlf(words) }, fields(subject, extra));
  const htmlMail = (subject: string, html: string) =>
    message({ type: "text/html; charset=utf-8", body: html, encoding: "quoted-printable" }, fields(subject));
  const fileMail = (subject: string, words: string, file: { name: string; type: string; body: Buffer }) =>
    multipartMessage(
      "mixed",
      [
        entity({ type: "text/plain; charset=utf-8", body: crlf(words) }),
        entity({ ...file, encoding: "base64" }),
      ],
      { boundary: `b${serial}`, fields: fields(subject) },
    );
  const announced = (name: string) =>
    `Hello,\n\nyour certificate for ${shown(name)} has been issued.\n\nDownload it here:\nhttps://account.ca.example.test/certificates/8dh3k\n`;

  // Certificates in every wrapping, of orders whose key is known. ----------------------------------------------------
  const plain: Known[] = [];
  for (let n = 1; n <= 24; n += 1)
    plain.push(
      book([`host${n}.firm.example.test`, ...(n % 3 === 0 ? [`www.host${n}.firm.example.test`] : [])]),
    );
  for (const { order, leaf } of plain) {
    const name = first(order);
    put(
      "zip, number in the subject",
      "fulfillment",
      order.id,
      await zipMail(
        `ORDER #${order.number} - Your PositiveSSL Certificate for ${name}`,
        `Your PositiveSSL Certificate for ${name} is attached!`,
        leaf,
      ),
    );
    put(
      "zip, no number",
      "fulfillment",
      order.id,
      await zipMail(
        `Your certificate for ${name} has been issued`,
        `Your order ${order.number} is complete.`,
        leaf,
      ),
    );
  }
  for (const { order, leaf } of plain.slice(0, 10)) {
    put(
      "PEM in the body",
      "fulfillment",
      order.id,
      textMail(
        `QuickSSL Premium Order: ${order.number} Complete`,
        `Web Server CERTIFICATE\n-----------------\n\n${leaf.pem}\nINTERMEDIATE CA:\n\n${shop.caPem}`,
      ),
    );
    put(
      "German, PEM in the body",
      "fulfillment",
      order.id,
      textMail(
        `Auftragsnummer ${order.number}: Ihr Zertifikat für ${first(order)}`,
        `Guten Tag,\n\nIhr Zertifikat wurde ausgestellt.\n\n${leaf.pem}`,
      ),
    );
  }
  for (const { order, leaf } of plain.slice(10, 16)) {
    put(
      "PKCS#7",
      "fulfillment",
      order.id,
      fileMail("Your order is complete", "Attached.", {
        name: "chain.p7b",
        type: "application/x-pkcs7-certificates",
        body: shop.pkcs7(leaf.pem),
      }),
    );
    put(
      "DER",
      "fulfillment",
      order.id,
      fileMail("Certificate", "See the file.", {
        name: "server.cer",
        type: "application/pkix-cert",
        body: leaf.der,
      }),
    );
    put(
      "HTML",
      "fulfillment",
      order.id,
      htmlMail(`Order ${order.number}`, `<p>Certificate:</p><pre>${leaf.pem}</pre>`),
    );
  }
  for (const { order, leaf } of plain.slice(16, 20)) {
    put(
      "with its private key beside it",
      "fulfillment",
      order.id,
      textMail("for the new server", `cert and key:\n\n${leaf.pem}\n${leaf.keyPem}`),
    );
    put(
      "PFX with the key, which only a passphrase opens, and the certificate",
      "fulfillment",
      order.id,
      multipartMessage(
        "mixed",
        [
          entity({ type: "text/plain", body: crlf(leaf.pem) }),
          entity({
            type: "application/x-pkcs12",
            name: "server.pfx",
            body: shop.pkcs12(leaf),
            encoding: "base64",
          }),
        ],
        { boundary: `b${serial}`, fields: fields("PFX") },
      ),
    );
  }
  // Forwarded. -------------------------------------------------------------------------------------------------------
  for (const { order, leaf } of plain.slice(0, 8)) {
    const original = await zipMail(
      `ORDER #${order.number} - Your PositiveSSL Certificate for ${first(order)}`,
      "Attached!",
      leaf,
    );
    put(
      "forwarded as an attachment",
      "fulfillment",
      order.id,
      multipartMessage(
        "mixed",
        [
          entity({ type: "text/plain", body: "fyi" }),
          entity({ type: "message/rfc822", name: "original.eml", body: original }),
        ],
        { boundary: `f${serial}`, fields: fields("Fwd: the certificate") },
      ),
    );
    const quoted = `${leaf.pem.replace(/^/gm, "> ")}`;
    put(
      "forwarded in the text, quoted",
      "fulfillment",
      order.id,
      textMail(
        `WG: Certificate for ${first(order)}`,
        `bitte einspielen\n\n> Your certificate:\n>\n${quoted}`,
      ),
    );
  }

  // Names and numbers that need care. ---------------------------------------------------------------------------------
  for (const name of ["bücher.example", "münchen-laden.example", "café.example", "straße-7.example"]) {
    const ascii = new URL(`http://${name}`).hostname;
    const { order, leaf } = book([ascii]);
    put(
      "internationalised name, zip",
      "fulfillment",
      order.id,
      await zipMail(
        `ORDER #${order.number} - Your PositiveSSL Certificate for ${shown(ascii)}`,
        "Attached.",
        leaf,
      ),
    );
    put(
      "internationalised name, link",
      "fulfillment-link",
      order.id,
      textMail(`Your SSL certificate for ${shown(ascii)} has been issued`, announced(ascii)),
    );
  }
  for (const n of [1, 2, 3, 4]) {
    const { order, leaf } = book([`*.wild${n}.example.test`, `wild${n}.example.test`]);
    put(
      "wildcard, zip",
      "fulfillment",
      order.id,
      await zipMail(
        `ORDER #${order.number} - Your PositiveSSL Wildcard Certificate for *.wild${n}.example.test`,
        "Attached.",
        leaf,
      ),
    );
    put(
      "wildcard, link",
      "fulfillment-link",
      order.id,
      textMail(`Your certificate for *.wild${n}.example.test is ready`, announced(`*.wild${n}.example.test`)),
    );
  }
  // Two orders with the same name, told apart by key.
  for (let n = 1; n <= 6; n += 1) {
    const pair = [book([`twin${n}.example.test`]), book([`twin${n}.example.test`])];
    for (const { order, leaf } of pair) {
      put(
        "same name, told by key",
        "fulfillment",
        order.id,
        await zipMail(`Your certificate for twin${n}.example.test has been issued`, "Attached.", leaf),
      );
    }
    const [one, other] = pair;
    if (one && other)
      put(
        "same name, the other's number in the subject",
        "fulfillment",
        one.order.id,
        await zipMail(
          `ORDER #${other.order.number} - Your PositiveSSL Certificate for twin${n}.example.test`,
          "Attached.",
          one.leaf,
        ),
      );
  }
  // Two orders with the same request: a renewal that used the old key again.
  for (let n = 1; n <= 4; n += 1) {
    const old = book([`again${n}.example.test`], { days: 30 });
    const renewed: BookedOrder = {
      ...old.order,
      id: `order-${orders.length + 1}`,
      number: newNumber(),
      issued: [
        {
          from: new Date(old.leaf.from.getTime() + 300 * dayMs),
          to: new Date(old.leaf.to.getTime() + 300 * dayMs),
        },
      ],
    };
    orders.push(renewed);
    put(
      "same key, told by number",
      "fulfillment",
      renewed.id,
      await zipMail(`ORDER #${renewed.number} - Your certificate`, "Attached.", old.leaf),
    );
    put(
      "same key, told by when it was issued",
      "fulfillment",
      old.order.id,
      await zipMail(`Your certificate for again${n}.example.test has been issued`, "Attached.", old.leaf),
    );
  }
  // Two orders with the same name, of which no key is known.
  for (let n = 1; n <= 5; n += 1) {
    const name = `blind${n}.example.test`;
    const one = book([name], { isKeyKnown: false, days: 50 });
    const other = book([name], { isKeyKnown: false, days: 150 });
    put(
      "keys unknown, told by number",
      "fulfillment",
      one.order.id,
      await zipMail(`ORDER #${one.order.number} - Your certificate for ${name}`, "Attached.", one.leaf),
    );
    put(
      "keys unknown, told by when it was issued",
      "fulfillment",
      other.order.id,
      await zipMail(`Your certificate for ${name} has been issued`, "Attached.", other.leaf),
    );
  }
  for (let n = 1; n <= 4; n += 1) {
    const name = `asked${n}.example.test`;
    const to = `admin@asked${n}.example.test`;
    const asked = book([name], {
      isKeyKnown: false,
      days: 80,
      asked: { at: justAsked, kind: "fulfillment", to },
    });
    book([name], { isKeyKnown: false, days: 80 });
    put(
      "keys unknown, told by what was asked for",
      "fulfillment",
      asked.order.id,
      await zipMail(`Your certificate for ${name} has been issued`, "Attached.", asked.leaf),
    );
    put(
      "link, two orders, told by what was asked for",
      "fulfillment-link",
      asked.order.id,
      textMail(`Your certificate for ${name} is ready`, announced(name)),
    );
  }
  for (let n = 1; n <= 3; n += 1) {
    const name = `both${n}.example.test`;
    const asked = { at: justAsked, kind: "fulfillment", to: `admin@both${n}.example.test` } as const;
    const { leaf } = book([name], { isKeyKnown: false, days: 80, asked });
    book([name], { isKeyKnown: false, days: 80, asked });
    put(
      "keys unknown, both asked for",
      "fulfillment",
      null,
      await zipMail(`Your certificate for ${name} has been issued`, "Attached.", leaf),
    );
    put(
      "link, both asked for",
      "fulfillment-link",
      null,
      textMail(`Your certificate for ${name} is ready`, announced(name)),
    );
    const late = `late${n}.example.test`;
    const dayBefore = new Date(receivedAt.getTime() - 5 * dayMs);
    book([late], { isKeyKnown: false, days: 80, asked: { ...asked, at: dayBefore } });
    book([late], { isKeyKnown: false, days: 80 });
    put(
      "link, two orders, asked for days ago",
      "fulfillment-link",
      null,
      textMail(`Your certificate for ${late} is ready`, announced(late)),
    );
    const after = new Date(receivedAt.getTime() + 3600_000);
    const early = `early${n}.example.test`;
    book([early], { isKeyKnown: false, days: 80, asked: { ...asked, at: after } });
    book([early], { isKeyKnown: false, days: 80 });
    put(
      "link, two orders, asked for only afterwards",
      "fulfillment-link",
      null,
      textMail(`Your certificate for ${early} is ready`, announced(early)),
    );
  }
  // A reissue with a new key.
  for (let n = 1; n <= 8; n += 1) {
    const name = `reissue${n}.example.test`;
    const { order } = book([name], { days: 60 });
    const fresh = shop.leaf([name], 200);
    put(
      "reissue with a new key, number and name",
      "fulfillment",
      order.id,
      await zipMail(`ORDER #${order.number} - Your PositiveSSL Certificate for ${name}`, "Attached.", fresh),
    );
    put(
      "a new key and nothing else",
      "fulfillment",
      null,
      await zipMail(`Your certificate for ${name} has been issued`, "Attached.", fresh),
    );
    if (n > 4) continue;
    const listed = `listed${n}.example.test`;
    const again = shop.leaf([listed], 210);
    const known = book([listed], { days: 60 });
    orders[orders.length - 1] = {
      ...known.order,
      issued: [...known.order.issued, { from: again.from, to: again.to }],
    };
    put(
      "reissue with a new key, listed by the CA",
      "fulfillment",
      known.order.id,
      await zipMail(`Your certificate for ${listed} has been issued`, "Attached.", again),
    );
  }
  // Wrong numbers, strangers' names.
  const [a, b, c, d] = [
    book(["alpha.example.test"]),
    book(["beta.example.test"]),
    book(["gamma.example.test"]),
    book(["delta.example.test"]),
  ];
  const circle: ReadonlyArray<readonly [Known, Known]> = [
    [a, b],
    [b, c],
    [c, d],
    [d, a],
  ];
  for (const [one, other] of circle) {
    put(
      "the key is one order's, the number another's",
      "fulfillment",
      one.order.id,
      await zipMail(
        `ORDER #${other.order.number} - Your PositiveSSL Certificate for ${first(other.order)}`,
        "Attached.",
        one.leaf,
      ),
    );
    put(
      "link: one order's number, another's name",
      "fulfillment-link",
      null,
      textMail(
        `ORDER #${other.order.number} - Your certificate for ${first(one.order)} is ready`,
        announced(first(one.order)),
      ),
    );
    put(
      "a stranger's certificate under our number",
      "fulfillment",
      null,
      await zipMail(
        `ORDER #${one.order.number} - Your certificate for stranger.example.org`,
        "Attached.",
        shop.leaf(["stranger.example.org"], 90),
      ),
    );
    put(
      "self-made certificate for our name under our number",
      "fulfillment",
      null,
      await zipMail(
        `ORDER #${one.order.number} - Your certificate for ${first(one.order)}`,
        "Attached.",
        shop.leaf([first(one.order)], 90, "self-signed"),
      ),
    );
  }

  // Links, approvals, confirmations, warnings. ---------------------------------------------------------------------------
  const linked: Known[] = [];
  for (let n = 1; n <= 8; n += 1) linked.push(book([`link${n}.example.test`]));
  for (const { order } of linked) {
    const name = first(order);
    put(
      "link with number and name",
      "fulfillment-link",
      order.id,
      textMail(`Order #${order.number}: your certificate for ${name} is ready`, announced(name)),
    );
    put(
      "link with the name alone",
      "fulfillment-link",
      order.id,
      textMail(
        "Enrollment Successful - Your SSL certificate is ready",
        `Common Name : ${name}\n\nDownload:\nhttps://cert-manager.ca.example.test/customer/Firm/ssl?action=download&sslId=83771&format=x509`,
      ),
    );
    put(
      "link forwarded",
      "fulfillment-link",
      order.id,
      textMail(
        `Fwd: Your certificate for ${name} has been issued`,
        `fyi\n\n> ${announced(name).replaceAll("\n", "\n> ")}`,
      ),
    );
  }
  const pending: Known[] = [];
  for (let n = 1; n <= 8; n += 1)
    pending.push(book([`pending${n}.example.test`], { status: "awaiting-approval", issued: [] }));
  for (const { order } of pending) {
    const name = first(order);
    put(
      "approver, number and name",
      "approver",
      order.id,
      textMail(
        `ORDER #${order.number} - Domain Control Validation for ${name}`,
        `If you may decide for this domain, approve the order here:\nhttps://approve.ca.example.test/x\n`,
      ),
    );
    put(
      "approver, name alone",
      "approver",
      order.id,
      textMail(
        `Action required: domain validation needed for ${name}`,
        "Please approve: https://approve.ca.example.test/x",
      ),
    );
    put(
      "confirmation",
      "order-confirmation",
      order.id,
      textMail(`ORDER #${order.number} - CONFIRMATION`, `Thank you for ordering a certificate for ${name}.`),
    );
    put(
      "information required",
      "approver",
      order.id,
      textMail(
        `Information Required Order ${order.number}`,
        `We cannot issue the certificate for ${name} yet. Call us.`,
      ),
    );
  }
  for (const { order } of plain.slice(0, 8)) {
    put(
      "expiry warning",
      "expiry-warning",
      order.id,
      textMail(
        `Customer certificate expiry warning (30 days)`,
        `The certificate for ${first(order)} (order ${order.number}) expires in 30 days.`,
      ),
    );
    put(
      "German expiry warning",
      "expiry-warning",
      order.id,
      textMail(
        `Ihr Zertifikat für ${first(order)} läuft in 14 Tagen ab`,
        "Bitte verlängern Sie rechtzeitig.",
      ),
    );
  }
  for (const name of [
    "nobody1.example.org",
    "nobody2.example.org",
    "nobody3.example.org",
    "nobody4.example.org",
  ]) {
    put(
      "a certificate of no known order",
      "fulfillment",
      null,
      await zipMail(
        `ORDER #99881${name.length} - Your PositiveSSL Certificate for ${name}`,
        "Attached.",
        shop.leaf([name], 90),
      ),
    );
    put(
      "a link for no known order",
      "fulfillment-link",
      null,
      textMail(`Your certificate for ${name} has been issued`, announced(name)),
    );
    put(
      "a warning for no known order",
      "expiry-warning",
      null,
      textMail(`Your certificate for ${name} expires in 20 days`, "Renew now."),
    );
  }

  // Reports. ---------------------------------------------------------------------------------------------------------------
  const status = (action: string, to: string, code: string, words: string) =>
    `Reporting-MTA: dns; mx.firm.example.test\r\nArrival-Date: Fri, 20 Nov 2026 11:58:00 +0000\r\n\r\nFinal-Recipient: rfc822; ${to}\r\nOriginal-Recipient: rfc822;${to}\r\nAction: ${action}\r\nStatus: ${code}\r\nDiagnostic-Code: smtp; ${words}\r\n`;
  const report = (subject: string, action: string, returned: Buffer, returnedType: string, to: string) =>
    Buffer.concat([
      Buffer.from(
        `Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.firm.example.test (Mail Delivery System)\r\nTo: noreply@ca.example.test\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <dsn${newSerial()}@mx>\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\n`,
      ),
      Buffer.from(
        `Content-Type: multipart/report; report-type=delivery-status; boundary="r${serial}"\r\n\r\n--r${serial}\r\nContent-Type: text/plain\r\n\r\nThis is the mail system at host mx.firm.example.test. I'm sorry to have to inform you.\r\n\r\n--r${serial}\r\nContent-Type: message/delivery-status\r\n\r\n${status(action, to, action === "delayed" ? "4.4.1" : "5.1.1", "550 5.1.1 User unknown")}\r\n--r${serial}\r\nContent-Type: ${returnedType}\r\n\r\n`,
      ),
      returned,
      Buffer.from(`\r\n--r${serial}--\r\n`),
    ]);
  const headOf = (raw: Buffer) => raw.subarray(0, raw.indexOf("\r\n\r\n") + 2);
  for (const { order, leaf } of plain.slice(8, 14)) {
    const sent = await zipMail(
      `ORDER #${order.number} - Your PositiveSSL Certificate for ${first(order)}`,
      "Attached!",
      leaf,
    );
    put(
      "bounce with the whole mail",
      "bounce",
      order.id,
      report(
        "Undelivered Mail Returned to Sender",
        "failed",
        sent,
        "message/rfc822",
        "admin@firm.example.test",
      ),
    );
    put(
      "bounce with the header",
      "bounce",
      order.id,
      report(
        "Undelivered Mail Returned to Sender",
        "failed",
        headOf(sent),
        "text/rfc822-headers",
        "admin@firm.example.test",
      ),
    );
    put(
      "bounce by another program, the mail copied below",
      "bounce",
      order.id,
      message(
        {
          type: "text/plain",
          body: `This message was created automatically by mail delivery software.\r\n\r\n  admin@firm.example.test\r\n    mailbox is full\r\n\r\n------ This is a copy of the message, including all the headers. ------\r\n\r\n${headOf(sent).toString("latin1")}\r\nAttached!\r\n`,
        },
        [
          "X-Failed-Recipients: admin@firm.example.test",
          "Subject: Mail delivery failed: returning message to sender",
        ],
      ),
    );
  }
  for (const { order, leaf } of plain.slice(14, 18)) {
    const sent = await zipMail(
      `ORDER #${order.number} - Your PositiveSSL Certificate for ${first(order)}`,
      "Attached!",
      leaf,
    );
    put(
      "told of a delay",
      "other",
      null,
      report(
        "Delayed Mail (still being retried)",
        "delayed",
        headOf(sent),
        "text/rfc822-headers",
        "admin@firm.example.test",
      ),
    );
    put(
      "bounce of somebody's private mail",
      "bounce",
      null,
      report(
        "Unzustellbar: Mittagessen",
        "failed",
        textMail("Mittagessen", "Gehen wir essen?"),
        "message/rfc822",
        "admin@firm.example.test",
      ),
    );
    put(
      "absence, quoting the subject",
      "auto-reply",
      null,
      textMail(
        `Abwesenheitsnotiz: ORDER #${order.number} - Your PositiveSSL Certificate for ${first(order)}`,
        "Ich bin im Urlaub.",
        ["Auto-Submitted: auto-replied"],
      ),
    );
    put(
      "absence in English",
      "auto-reply",
      null,
      textMail(
        `Automatic reply: Your certificate for ${first(order)} has been issued`,
        "I am out of the office.",
      ),
    );
  }

  // Forgeries. -----------------------------------------------------------------------------------------------------------------
  const arrival =
    "Received: from mail.evil.example (mail.evil.example [203.0.113.9])\r\n\tby mx.firm.example.test (Postfix) with ESMTPS id 1;\r\n\tFri, 20 Nov 2026 12:00:00 +0000";
  const lmtp =
    "Received: from mx.firm.example.test by imap.firm.example.test with LMTP id 2; Fri, 20 Nov 2026 12:00:01 +0000";
  const says = (id: string, verdict: string, dmarc = verdict) =>
    `Authentication-Results: ${id};\r\n\tdkim=${verdict} header.d=example.test;\r\n\tdmarc=${dmarc} header.from=example.test`;
  for (const { order, leaf } of linked.slice(0, 6)) {
    const name = first(order);
    const subject = `Order #${order.number}: your certificate for ${name} is ready`;
    put(
      "forged: our server says so",
      "fulfillment-link",
      null,
      textMail(subject, announced(name), [lmtp, says("mx.firm.example.test", "fail"), arrival]),
    );
    put(
      "forged: our server says so, the forger says otherwise",
      "fulfillment-link",
      null,
      textMail(subject, announced(name), [
        lmtp,
        says("mx.firm.example.test", "fail"),
        arrival,
        says("mx.firm.example.test", "pass"),
      ]),
    );
    put(
      "true: our server says so, an earlier one says otherwise",
      "fulfillment-link",
      order.id,
      textMail(subject, announced(name), [
        lmtp,
        says("mx.firm.example.test", "pass"),
        arrival,
        says("mx.elsewhere.example", "fail"),
      ]),
    );
    put(
      "forged sender, but the very certificate",
      "fulfillment",
      order.id,
      await zipMail(subject, "Attached.", leaf, [says("mx.firm.example.test", "fail"), arrival]),
    );
    put(
      "forged: a broken signature, and a domain without a policy",
      "fulfillment-link",
      null,
      textMail(subject, announced(name), [lmtp, says("mx.firm.example.test", "fail", "none"), arrival]),
    );
  }

  // Of which our server has nothing to say: most of the domains that send neither sign nor publish a policy. -------------
  const words = [
    ["none", "none"],
    ["none", "bestguesspass"],
    ["temperror", "temperror"],
    ["permerror", "none"],
    ["neutral", "none"],
    ["policy", "permerror"],
  ] as const;
  for (const [at, [dkim, dmarc]] of words.entries()) {
    const link = linked[at]?.order ?? a.order;
    const name = first(link);
    const head = [lmtp, says("mx.firm.example.test", dkim, dmarc), arrival];
    put(
      `link, dkim=${dkim} and dmarc=${dmarc}`,
      "fulfillment-link",
      link.id,
      textMail(`Order #${link.number}: your certificate for ${name} is ready`, announced(name), head),
    );
    const wanted = pending[at]?.order ?? a.order;
    put(
      `approver, dkim=${dkim} and dmarc=${dmarc}`,
      "approver",
      wanted.id,
      textMail(
        `ORDER #${wanted.number} - Domain Control Validation for ${first(wanted)}`,
        "Approve the order here:\nhttps://approve.ca.example.test/x\n",
        head,
      ),
    );
    const returned = textMail(
      `Order #${link.number}: your certificate for ${name} is ready`,
      announced(name),
    );
    put(
      `bounce with the header, dkim=${dkim} and dmarc=${dmarc}`,
      "bounce",
      link.id,
      Buffer.concat([
        Buffer.from(`${head.join("\r\n")}\r\n`),
        report(
          "Undelivered Mail Returned to Sender",
          "failed",
          headOf(returned),
          "text/rfc822-headers",
          "admin@firm.example.test",
        ),
      ]),
    );
  }

  // Everything else that lies in a mailbox. ----------------------------------------------------------------------------------------
  for (const { order } of plain.slice(0, 6)) {
    put(
      "a shop's order with the same number",
      "other",
      null,
      textMail(`Your order #${order.number} has shipped`, "Two pizzas are on their way."),
    );
    put(
      "a colleague's answer",
      "other",
      null,
      textMail(
        `Re: ORDER #${order.number} - Your PositiveSSL Certificate for ${first(order)}`,
        "Who has imported this?",
      ),
    );
    put(
      "talk about the name",
      "other",
      null,
      textMail(`Monitoring: ${first(order)} is slow`, `${first(order)} answers in 3 s.`),
    );
  }
  put(
    "newsletter",
    "other",
    null,
    htmlMail(
      "Five reasons for shorter lifetimes",
      "<h1>News</h1><p>Certificates will be valid for 47 days. Read more at www.ca.example.test.</p>",
    ),
  );
  put(
    "an invoice of anybody",
    "other",
    null,
    textMail("Invoice 2026-1187", "Please find our invoice attached."),
  );
  put(
    "a page that wants an address confirmed",
    "other",
    null,
    textMail("Please verify your email for alpha.example.test", "Verify: https://alpha.example.test/x"),
  );
  put(
    "a CA's invoice",
    "order-confirmation",
    null,
    textMail("Invoice 2026-1188", "For one PositiveSSL certificate."),
  );
  put(
    "a personal certificate",
    "other",
    null,
    fileMail("My certificate", "So that you can write to me in secret.", {
      name: "me.cer",
      type: "application/pkix-cert",
      body: shop.leaf(["ana@firm.example.test"], 300, "personal").der,
    }),
  );
  put("empty", "other", null, Buffer.from("From: a@b.test\r\nTo: c@d.test\r\n\r\n"));
  put("no mail at all", "other", null, Buffer.from([0, 1, 2, 255, 254, 13, 10]));
  put(
    "cut off in the middle of its archive",
    "fulfillment-link",
    plain[3]?.order.id ?? null,
    (
      await zipMail(
        `ORDER #${plain[3]?.order.number} - Your PositiveSSL Certificate for ${plain[3] ? first(plain[3].order) : ""} is attached`,
        "Attached.",
        (plain[3] ?? a).leaf,
      )
    ).subarray(0, 900),
  );
  return { orders, mails, receivedAt };
}

/** RFC 2047, for what is not ASCII. */
function encodedWord(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  const words = text.match(/.{1,12}/gsu) ?? [];
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString("base64")}?=`).join("\r\n ");
}

import type { Input } from "./vectors.ts";

export interface MailPart {
  readonly type: string;
  readonly body: Input;
  readonly encoding?: "base64" | "quoted-printable" | "8bit";
  readonly name?: string;
  readonly disposition?: string;
}

const head = ["From: ca@example.test", "To: me@example.test", "Date: Mon, 2 Nov 2026 10:00:00 +0000"];

/** A message of one part, as bytes. */
export function message(part: MailPart, fields: readonly string[] = ["Subject: Your certificate"]): Buffer {
  return Buffer.concat([Buffer.from(lines([...head, ...fields, "MIME-Version: 1.0", ""])), entity(part)]);
}

/** A message of many parts; parts may be multiparts again, made by `multipart`. */
export function multipartMessage(
  type: string,
  parts: readonly Buffer[],
  {
    boundary = "=_b",
    fields = ["Subject: Your certificate"],
  }: { boundary?: string; fields?: readonly string[] } = {},
): Buffer {
  const top = lines([...head, ...fields, "MIME-Version: 1.0", ""]);
  return Buffer.concat([Buffer.from(top), multipart(type, parts, boundary)]);
}

export function multipart(type: string, parts: readonly Buffer[], boundary: string): Buffer {
  const pieces = parts.flatMap((part) => [Buffer.from(`--${boundary}\r\n`), part, Buffer.from("\r\n")]);
  return Buffer.concat([
    Buffer.from(`Content-Type: multipart/${type}; boundary="${boundary}"\r\n\r\n`),
    ...pieces,
    Buffer.from(`--${boundary}--\r\n`),
  ]);
}

export function entity({ type, body, encoding = "8bit", name, disposition }: MailPart): Buffer {
  const fields = [
    `Content-Type: ${type}${name === undefined ? "" : `; name="${name}"`}`,
    `Content-Transfer-Encoding: ${encoding}`,
    ...(name === undefined && disposition === undefined
      ? []
      : [
          `Content-Disposition: ${disposition ?? "attachment"}${name === undefined ? "" : `; filename="${name}"`}`,
        ]),
    "",
    "",
  ];
  return Buffer.concat([Buffer.from(fields.join("\r\n")), encoded(Buffer.from(body), encoding)]);
}

function encoded(body: Buffer, encoding: NonNullable<MailPart["encoding"]>): Buffer {
  if (encoding === "base64") return Buffer.from(body.toString("base64").replace(/.{76}(?=.)/g, "$&\r\n"));
  if (encoding === "8bit") return body;
  const printable = body
    .toString("latin1")
    .replace(
      /[=\x80-\xff]/g,
      (letter) => `=${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .replace(/^.{70}(?=.)/gm, "$&=\n");
  return Buffer.from(printable.replaceAll("\n", "\r\n"));
}

function lines(fields: readonly string[]): string {
  return fields.join("\r\n");
}

/** DER made by hand (X.690), for what no tool writes. */
export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const hex = length.toString(16);
  const size = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  const head = length < 0x80 ? [length] : [0x80 | size.length, ...size];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

export const sequence = (...contents: readonly Buffer[]) => der(0x30, ...contents);
export const set = (...contents: readonly Buffer[]) => der(0x31, ...contents);
export const octets = (...contents: readonly Buffer[]) => der(0x04, ...contents);
export const bits = (...contents: readonly Buffer[]) => der(0x03, Buffer.from([0]), ...contents);
export const utf8 = (text: string) => der(0x0c, Buffer.from(text));
export const utcTime = (text: string) => der(0x17, Buffer.from(text));
export const nothing = Buffer.from([5, 0]);

/** An object identifier of small numbers, such as `2.5.29.17`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Buffer.from([40 * first + second, ...rest].flatMap(sevens)));
}

function sevens(value: number): number[] {
  const found = [value & 0x7f];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
    found.unshift(0x80 | (left & 0x7f));
  return found;
}

/** A positive INTEGER. */
export function integer(value: number | Buffer): Buffer {
  const hex = typeof value === "number" ? value.toString(16) : value.toString("hex");
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** The same bytes again and again, up to a length. */
export function filled(length: number, piece: Buffer | string): Buffer {
  const bytes = Buffer.from(piece);
  return Buffer.alloc(Math.floor(length / bytes.length) * bytes.length, bytes);
}

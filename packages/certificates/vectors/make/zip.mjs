import { crc32, deflateRawSync } from "node:zlib";

/** @typedef {{ deflate?: boolean, password?: string, method?: number, crc?: number }} ZipOptions */

/** An archive (PKWARE APPNOTE 4.3) of the files given, in their order. @param {[string, string | Buffer][]} files @param {ZipOptions} [options] */
export function zip(files, options = {}) {
  /** @type {Buffer[]} */
  const locals = [];
  /** @type {Buffer[]} */
  const central = [];
  let offset = 0;
  for (const [name, given] of files) {
    const { local, directory } = entry(name, Buffer.from(given), offset, options);
    locals.push(local);
    central.push(directory);
    offset += local.length;
  }
  const size = central.reduce((sum, one) => sum + one.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...central, end]);
}

/** @param {string} name @param {Buffer} bytes @param {number} offset @param {ZipOptions} options */
function entry(name, bytes, offset, { deflate = false, password, method, crc }) {
  const path = Buffer.from(name, "utf8");
  const sum = crc ?? crc32(bytes);
  const packed = deflate ? deflateRawSync(bytes) : bytes;
  const stored = password === undefined ? packed : encrypted(packed, password, sum);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE((password === undefined ? 0 : 1) | 0x800, 2);
  common.writeUInt16LE(method ?? (deflate ? 8 : 0), 4);
  // 2026-11-20
  common.writeUInt16LE((46 << 9) | (11 << 5) | 20, 8);
  common.writeUInt32LE(sum, 10);
  common.writeUInt32LE(stored.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, path, stored]);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(offset, 10);
  const head = Buffer.from("PK\x01\x02\x14\x00", "latin1");
  return { local, directory: Buffer.concat([head, common, tail, path]) };
}

/** The old ZIP encryption (APPNOTE 6.1). @param {Buffer} bytes @param {string} password @param {number} crc */
function encrypted(bytes, password, crc) {
  const keys = [0x12345678, 0x23456789, 0x34567890];
  const [a, b, c] = [0, 1, 2];
  const update = (/** @type {number} */ byte) => {
    keys[a] = step(keys[a] ?? 0, byte);
    keys[b] = (Math.imul((keys[b] ?? 0) + ((keys[a] ?? 0) & 0xff), 134775813) + 1) >>> 0;
    keys[c] = step(keys[c] ?? 0, (keys[b] ?? 0) >>> 24);
  };
  for (const byte of Buffer.from(password)) update(byte);
  const head = Buffer.alloc(12, 0x5a);
  head[11] = crc >>> 24;
  return Buffer.from(
    [...head, ...bytes].map((byte) => {
      const temporary = ((keys[c] ?? 0) | 2) & 0xffff;
      const mask = (Math.imul(temporary, temporary ^ 1) >>> 8) & 0xff;
      update(byte);
      return byte ^ mask;
    }),
  );
}

/** One step of CRC-32 without its inversions. @param {number} crc @param {number} byte */
function step(crc, byte) {
  let value = (crc ^ byte) >>> 0;
  for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  return value >>> 0;
}

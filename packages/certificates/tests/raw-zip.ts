export interface RawEntry {
  readonly name: string | Buffer;
  readonly bytes: Buffer;
  readonly method?: number;
  readonly flags?: number;
  /** Where the directory says that the entry begins and how long it is, if not where it does. */
  readonly at?: number;
  readonly size?: number;
  readonly grown?: number;
  /** The same lengths in the local header; those of the directory, unless it lies differently. */
  readonly local?: { readonly size: number; readonly grown: number };
  readonly extra?: Buffer;
}

/** What the end of the directory claims, if not the truth. */
export interface RawEnd {
  readonly count?: number;
  readonly size?: number;
  readonly at?: number;
  /** Put before the end of the directory. */
  readonly before?: Buffer;
}

/** An archive whose headers may lie (APPNOTE 4.3). */
export function rawZip(entries: readonly RawEntry[], end: RawEnd = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let length = 0;
  for (const entry of entries) {
    const { bytes, at, size = bytes.length, grown = size, extra = Buffer.alloc(0) } = entry;
    const name = Buffer.from(entry.name);
    const { size: localSize, grown: localGrown } = entry.local ?? { size, grown };
    if (at === undefined) {
      const local = [fields(entry, name, localSize, localGrown), name, bytes];
      locals.push(Buffer.from("PK\x03\x04"), ...local);
    }
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at ?? length, 10);
    const central = fields(entry, name, size, grown);
    central.writeUInt16LE(extra.length, 24);
    directory.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), central, rest, name, extra);
    if (at === undefined) length += 30 + name.length + bytes.length;
  }
  const [body, list] = [Buffer.concat(locals), Buffer.concat(directory)];
  const tail = Buffer.alloc(18);
  tail.writeUInt16LE(end.count ?? entries.length, 4);
  tail.writeUInt16LE(end.count ?? entries.length, 6);
  tail.writeUInt32LE(end.size ?? list.length, 8);
  tail.writeUInt32LE(end.at ?? body.length, 12);
  return Buffer.concat([body, list, end.before ?? Buffer.alloc(0), Buffer.from("PK\x05\x06"), tail]);
}

/** What local headers and the directory have in common. */
function fields({ flags = 0, method = 0 }: RawEntry, name: Buffer, size: number, grown: number): Buffer {
  const written = Buffer.alloc(26);
  written.writeUInt16LE(20, 0);
  written.writeUInt16LE(flags, 2);
  written.writeUInt16LE(method, 4);
  written.writeUInt32LE(size, 14);
  written.writeUInt32LE(grown, 18);
  written.writeUInt16LE(name.length, 22);
  return written;
}

/** The record and the locator of ZIP64 (APPNOTE 4.3.14), claiming so many entries of so many bytes. */
export function zip64End(count: bigint, size: bigint, at: bigint, recordAt: bigint): Buffer {
  const record = Buffer.alloc(56);
  record.write("PK\x06\x06", "latin1");
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(count, 24);
  record.writeBigUInt64LE(count, 32);
  record.writeBigUInt64LE(size, 40);
  record.writeBigUInt64LE(at, 48);
  const locator = Buffer.alloc(20);
  locator.write("PK\x06\x07", "latin1");
  locator.writeBigUInt64LE(recordAt, 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator]);
}

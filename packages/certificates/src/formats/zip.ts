import type { MaterialSource } from "@sealpost/domain";
import { type Entry, fromBuffer, getFileNameLowLevel, type ZipFile } from "yauzl";
import { limits } from "../limits.ts";
import { note, noteLimit, type Parts } from "../parts.ts";
import { shownName } from "../shown-name.ts";

type ReadInner = (bytes: Buffer, source: MaterialSource) => Promise<boolean>;

/** A small archive of zeros is no bomb. */
const smallestAllowance = 64 * 1024;

export function isZip(bytes: Buffer): boolean {
  return bytes.length >= 4 && (bytes.readUInt32LE(0) === 0x04034b50 || bytes.readUInt32LE(0) === 0x06054b50);
}

/**
 * Reads what an archive holds; resolves to whether anything in it was recognised. Names are only shown, never used as
 * paths; bytes are counted while they inflate.
 */
export async function readZip(
  parts: Parts,
  bytes: Buffer,
  source: MaterialSource,
  readInner: ReadInner,
): Promise<boolean> {
  try {
    const zip = await openZip(bytes);
    if (zip.entryCount > limits.zipEntries) {
      noteLimit(parts, "zipEntries", source);
      return true;
    }
    let left = Math.max(bytes.length * limits.zipRatio, smallestAllowance);
    let isAnything = false;
    for (const entry of await entriesOf(zip)) {
      const name = getFileNameLowLevel(
        entry.generalPurposeBitFlag,
        entry.fileNameRaw,
        entry.extraFields,
        false,
      );
      if (name.endsWith("/")) continue;
      const inside = { path: [...source.path, shownName(name)] };
      if ((entry.generalPurposeBitFlag & 1) !== 0) {
        note(parts, "encrypted-zip", {}, source);
        return true;
      }
      const inner = await inflate(zip, entry, Math.min(left, limits.fileBytes));
      if (inner === null) {
        noteLimit(parts, "zipRatio", inside);
        return true;
      }
      left -= inner.length;
      isAnything = (await readInner(inner, inside)) || isAnything;
    }
    return isAnything;
  } catch {
    note(parts, "malformed-zip", {}, source);
    return true;
  }
}

function openZip(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Names stay bytes here: as strings yauzl refuses the whole archive for one it could not safely write to disk.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true };
    fromBuffer(bytes, options, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

function entriesOf(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on("entry", (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on("end", () => resolve(entries));
    zip.on("error", reject);
    zip.readEntry();
  });
}

/** The entry's bytes, or null as soon as they are more than allowed; what the header claims is not believed. */
function inflate(zip: ZipFile, entry: Entry, mostBytes: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(error);
      const chunks: Buffer[] = [];
      let length = 0;
      stream.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > mostBytes) {
          stream.destroy();
          resolve(null);
        } else chunks.push(chunk);
      });
      stream.on("end", () => resolve(Buffer.concat(chunks)));
      stream.on("error", reject);
    });
  });
}

import type { MaterialSource } from "@sealpost/domain";
import { type Entry, fromBuffer, getFileNameLowLevel, type ZipFile } from "yauzl";
import { limits } from "../limits.ts";
import { note, noteLimit, type Parts } from "../parts.ts";
import { shownName } from "../shown-name.ts";
import { entriesOverlap, isOfficeFile, isSystemFile } from "./zip-entries.ts";

type ReadInner = (bytes: Buffer, source: MaterialSource) => Promise<boolean>;

/** A small archive of zeros is no bomb. */
const smallestAllowance = 64 * 1024;
/** Entries looked at before those that count are known: a Mac doubles them, folders add theirs. */
const mostListed = 5 * limits.zipEntries;

export function isZip(bytes: Buffer): boolean {
  const signature = bytes.length >= 4 ? bytes.toString("latin1", 0, 4) : "";
  return signature === "PK\x03\x04" || signature === "PK\x05\x06" || signature === "PK\x00\x00";
}

/** An entry worth reading, by the name it is shown under. */
interface Listed {
  readonly entry: Entry;
  readonly name: string;
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
  const refuse = (id: "malformed-zip" | "encrypted-zip") => {
    note(parts, id, {}, source);
    return true;
  };
  try {
    const zip = await openZip(bytes);
    const all = zip.entryCount > mostListed ? [] : await listed(zip);
    const files = all.filter(({ name }) => !name.endsWith("/") && !isSystemFile(name));
    if (zip.entryCount > mostListed || files.length > limits.zipEntries) {
      noteLimit(parts, "zipEntries", source);
      return true;
    }
    const entries = all.map(({ entry }) => entry);
    if (entriesOverlap(bytes, entries)) return refuse("malformed-zip");
    const isRead = await readEntries(parts, { zip, files, size: bytes.length }, source, readInner);
    if (isRead || !isOfficeFile(all.map(({ name }) => name))) return isRead;
    note(parts, "unsupported-format", { format: "Office document" }, source);
    return true;
  } catch (error) {
    const isEncrypted = error instanceof Error && error.message.includes("encrypt");
    return refuse(isEncrypted ? "encrypted-zip" : "malformed-zip");
  }
}

interface Archive {
  readonly zip: ZipFile;
  readonly files: readonly Listed[];
  readonly size: number;
}

async function readEntries(
  parts: Parts,
  { zip, files, size }: Archive,
  source: MaterialSource,
  readInner: ReadInner,
): Promise<boolean> {
  let left = Math.max(size * limits.zipRatio, smallestAllowance);
  let isAnything = false;
  if (files.some(({ entry }) => entry.isEncrypted())) {
    note(parts, "encrypted-zip", {}, source);
    isAnything = true;
  }
  for (const { entry, name } of files.filter((file) => !file.entry.isEncrypted())) {
    const inside = { path: [...source.path, shownName(name)] };
    if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
      note(parts, "unsupported-format", { format: `ZIP (method ${entry.compressionMethod})` }, inside);
      isAnything = true;
      continue;
    }
    const most = Math.min(left, limits.fileBytes);
    // What the header claims is believed where it is too much, and counted where it is not.
    const inner = entry.uncompressedSize > most ? null : await inflate(zip, entry, most);
    if (inner === null) {
      noteLimit(parts, "zipRatio", inside);
      return true;
    }
    left -= inner.length;
    isAnything = (await readInner(inner, inside)) || isAnything;
  }
  return isAnything;
}

function openZip(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Names stay bytes here: as strings yauzl refuses the whole archive for one it could not safely write to disk.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true };
    fromBuffer(bytes, options, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

function listed(zip: ZipFile): Promise<Listed[]> {
  return new Promise((resolve, reject) => {
    const found: Listed[] = [];
    zip.on("entry", (entry: Entry) => {
      const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
      found.push({
        entry,
        name: getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false),
      });
      zip.readEntry();
    });
    zip.on("end", () => resolve(found));
    zip.on("error", reject);
    zip.readEntry();
  });
}

/** The entry's bytes, or null as soon as they are more than allowed. */
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

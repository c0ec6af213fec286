import { finding, type MaterialSource } from "@sealpost/domain";
import { type Entry, fromBuffer, type ZipFile } from "yauzl";
import { limits } from "../limits.ts";
import type { Parts } from "../parts.ts";

type ReadInner = (bytes: Buffer, source: MaterialSource) => Promise<boolean>;

export function isZip(bytes: Buffer): boolean {
  return bytes.length >= 4 && (bytes.readUInt32LE(0) === 0x04034b50 || bytes.readUInt32LE(0) === 0x06054b50);
}

/** Reads what an archive holds. Names are only shown, never used as paths; bytes are counted while they inflate. */
export async function readZip(
  parts: Parts,
  bytes: Buffer,
  source: MaterialSource,
  readInner: ReadInner,
): Promise<boolean> {
  const add = (...args: Parameters<typeof finding>) => void parts.findings.push(finding(...args));
  try {
    const zip = await openZip(bytes);
    if (zip.entryCount > limits.zipEntries) {
      add("resource-limit", { limit: "zip-entries", value: limits.zipEntries }, source);
      return true;
    }
    let left = Math.max(bytes.length * limits.zipRatio, 64 * 1024);
    for (const entry of await entriesOf(zip)) {
      if (entry.fileName.endsWith("/")) continue;
      const inside = { path: [...source.path, shownName(entry.fileName)] };
      if ((entry.generalPurposeBitFlag & 1) !== 0) {
        add("encrypted-zip", {}, inside);
        continue;
      }
      const inner = await inflate(zip, entry, Math.min(left, limits.fileBytes));
      if (inner === null) {
        add("resource-limit", { limit: "zip-ratio", value: limits.zipRatio }, inside);
        return true;
      }
      left -= inner.length;
      await readInner(inner, inside);
    }
  } catch {
    add("malformed-zip", {}, source);
  }
  return true;
}

function openZip(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, strictFileNames: false, validateEntrySizes: true };
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

const longestName = 200;

/** A name from an archive or a mail, safe to show. */
export function shownName(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, longestName) || "?";
}

import type { Entry } from "yauzl";

/** Fixed length of a local header, and where in it the lengths of name and extra field stand (APPNOTE 4.3.7). */
const localHeader = { length: 30, nameAt: 26, extraAt: 28 };

/** Whether entries share bytes, or end behind the file: an archive that repeats itself so is small and grows without end. */
export function entriesOverlap(bytes: Buffer, entries: readonly Entry[]): boolean {
  const sorted = entries
    .map(({ relativeOffsetOfLocalHeader: start, compressedSize }) => {
      const isInside = start + localHeader.length <= bytes.length;
      const name = isInside ? bytes.readUInt16LE(start + localHeader.nameAt) : 0;
      const extra = isInside ? bytes.readUInt16LE(start + localHeader.extraAt) : 0;
      return { start, end: start + localHeader.length + name + extra + compressedSize };
    })
    .sort((a, b) => a.start - b.start);
  return sorted.some(({ end }, index) => end > (sorted[index + 1]?.start ?? bytes.length));
}

/** What operating systems leave in archives. */
export function isSystemFile(name: string): boolean {
  return /(?:^|[/\\])(?:__MACOSX[/\\]|\.DS_Store$|\._[^/\\]*$|Thumbs\.db$|desktop\.ini$)/i.test(name);
}

/** Word, Excel and PowerPoint since 2007 (ECMA-376 part 2). */
export function isOfficeFile(names: readonly string[]): boolean {
  return names.includes("[Content_Types].xml") && names.some((name) => /^(?:word|xl|ppt)\//.test(name));
}

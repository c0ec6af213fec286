import { createHash } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { dersOf, intermediateOf } from "@sealpost/certificates";
import type { IntermediateLibrary, IntermediatesAdded } from "@sealpost/domain";

/** Where the library lies, and a number that changes with it. */
export interface LibraryPlace {
  readonly file: string;
  readonly version: number;
}

/** The library of intermediates in the data directory: one PEM file, which an operator may read and edit as well. */
export interface Intermediates extends IntermediateLibrary {
  place(): LibraryPlace;
}

export async function openIntermediates(dataDirectory: string): Promise<Intermediates> {
  const file = join(dataDirectory, "intermediates.pem");
  let text = await textOf(file);
  let version = 0;
  const known = new Set(dersOf(text).map(sha256));
  let last: Promise<unknown> = Promise.resolve();

  async function add(pem: Uint8Array): Promise<IntermediatesAdded> {
    const fresh: string[] = [];
    const counts = { added: 0, known: 0, leftOut: 0 };
    for (const der of dersOf(Buffer.from(pem).toString("latin1"))) {
      // A bundle of thousands must not hold up the pages.
      await setImmediate();
      const hash = sha256(der);
      const isKnown = known.has(hash);
      const intermediate = isKnown ? null : intermediateOf(der);
      counts[isKnown ? "known" : intermediate === null ? "leftOut" : "added"] += 1;
      if (intermediate === null) continue;
      fresh.push(intermediate);
      known.add(hash);
    }
    if (fresh.length === 0) return counts;
    text += fresh.join("");
    await replace(file, text);
    version += 1;
    return counts;
  }

  await replace(file, text);
  return {
    place: () => ({ file, version }),
    add(pem) {
      const adding = last.then(() => add(pem));
      last = adding.catch(() => {});
      return adding;
    },
  };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

/** Whole or not at all: a crash leaves the file as it was. */
async function replace(file: string, text: string): Promise<void> {
  const next = `${file}.next`;
  const handle = await open(next, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, file);
}

function sha256(der: Buffer): string {
  return createHash("sha256").update(der).digest("hex");
}

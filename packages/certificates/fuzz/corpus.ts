import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { corpora } from "../tests/env.ts";
import type { Corpus } from "./mutate.ts";

const vectors = fileURLToPath(new URL("../vectors/", import.meta.url));

/** The vectors' files and, where SEALPOST_CORPORA names a folder, the mails and archives from elsewhere. */
export function loadCorpus(): Corpus {
  const folders = corpora ? [join(corpora, "mail"), join(corpora, "zip")] : [];
  const manifest: { readonly vectors: readonly { readonly options: { readonly password?: string } }[] } =
    JSON.parse(readFileSync(join(vectors, "manifest.json"), "utf8"));
  const passphrases = manifest.vectors.flatMap(({ options }) => options.password ?? []);
  return {
    files: [join(vectors, "files"), ...folders].flatMap(filesBelow),
    passphrases: [...new Set(passphrases)],
  };
}

/** In one order everywhere, so that a seed means the same input on every machine. */
function filesBelow(folder: string): Corpus["files"] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ name: path.slice(folder.length + 1).replaceAll("/", "-"), bytes: readFileSync(path) }));
}

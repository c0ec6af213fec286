import { readFileSync } from "node:fs";
import type { MailFacts, MaterialInput, ReadOptions } from "@sealpost/domain";
import { type Anchors, createAnchors } from "./anchors.ts";
import { emptyIndex, indexOf, joined } from "./certificate-index.ts";
import { createLibrary, type Library } from "./library.ts";
import { emptyParts } from "./parts.ts";
import { readBytes } from "./read-bytes.ts";
import { readMail } from "./read-mail.ts";
import { readMaterial } from "./read-material.ts";
import { type TransferableReading, toTransferable } from "./transfer.ts";

export interface ReadJob {
  readonly inputs: readonly MaterialInput[];
  readonly options: ReadOptions;
  readonly anchorsPem: readonly string[];
  /** The file with the library of intermediates, and a number that changes with it; null: none yet. */
  readonly library: { readonly file: string; readonly version: number } | null;
  /** What a CA's own address answered, each a certificate or several in any format. */
  readonly fetched: readonly Uint8Array[];
  /** Is told when the reading itself begins: starting a thread and parsing anchors is not the input's fault. */
  readonly begun?: SharedArrayBuffer;
}

/** A mail to be read for what it is about. */
export interface MailJob {
  readonly mail: Uint8Array;
  readonly begun?: SharedArrayBuffer;
}

let anchors: { readonly key: string; readonly value: Anchors } | null = null;
let library: { readonly key: string; readonly value: Library } | null = null;

/** One reading in a worker thread. Anchors and library are parsed once per thread, and again when they have changed. */
export default async function readJob(job: ReadJob): Promise<TransferableReading>;
export default async function readJob(job: MailJob): Promise<MailFacts>;
export default async function readJob(job: ReadJob | MailJob): Promise<TransferableReading | MailFacts> {
  if ("mail" in job) {
    tellBegun(job.begun);
    return await readMail(job.mail);
  }
  const anchorsKey = job.anchorsPem.join("");
  if (anchors?.key !== anchorsKey) anchors = { key: anchorsKey, value: createAnchors(job.anchorsPem) };
  const libraryKey = job.library ? `${job.library.version} ${job.library.file}` : "";
  if (library?.key !== libraryKey) library = { key: libraryKey, value: readLibrary(job.library) };
  const trust = { anchors: anchors.value, library: joined(library.value, await fetchedLibrary(job.fetched)) };
  tellBegun(job.begun);
  return toTransferable(await readMaterial(job.inputs, job.options, trust));
}

function tellBegun(begun: SharedArrayBuffer | undefined): void {
  if (!begun) return;
  const flag = new Int32Array(begun);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}

function readLibrary(place: ReadJob["library"]): Library {
  return place ? createLibrary([readFileSync(place.file, "utf8")]) : emptyIndex;
}

/** A CA serves DER as a rule, and PKCS#7 where there are several (RFC 5280 section 4.2.2.1). */
async function fetchedLibrary(fetched: readonly Uint8Array[]): Promise<Library> {
  if (fetched.length === 0) return emptyIndex;
  const parts = emptyParts(null);
  for (const bytes of fetched) await readBytes(parts, Buffer.from(bytes), { path: ["aia"] });
  const ders = parts.certificates.map(({ x509 }) => x509.raw);
  return indexOf(ders, "aia");
}

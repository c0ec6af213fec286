import type { MaterialInput, ReadOptions } from "@sealpost/domain";
import { type Anchors, createAnchors } from "./anchors.ts";
import { readMaterial } from "./read-material.ts";
import { type TransferableReading, toTransferable } from "./transfer.ts";

interface Job {
  readonly inputs: readonly MaterialInput[];
  readonly options: ReadOptions;
  readonly anchorsPem: readonly string[];
}

let known: { readonly key: string; readonly anchors: Anchors } | null = null;

/** One reading in a worker thread. The anchors are parsed once per thread. */
export default async function readJob({ inputs, options, anchorsPem }: Job): Promise<TransferableReading> {
  const key = anchorsPem.join("");
  if (known?.key !== key) known = { key, anchors: createAnchors(anchorsPem) };
  return toTransferable(await readMaterial(inputs, options, { anchors: known.anchors, library: null }));
}

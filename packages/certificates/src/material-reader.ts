import type { MaterialReader } from "@sealpost/domain";
import { createAnchors } from "./anchors.ts";
import { readMaterial } from "./read-material.ts";

/**
 * A reader in this thread. `anchorsPem`: roots trusted beside Node's own. It has no deadline of its own: whoever serves
 * strangers runs the job in `read-job.ts` in a worker and ends it. Throws when an anchor cannot be read.
 */
export function createMaterialReader({
  anchorsPem,
}: {
  readonly anchorsPem: readonly string[];
}): MaterialReader {
  const anchors = createAnchors(anchorsPem);
  return { read: (inputs, options) => readMaterial(inputs, options, anchors) };
}

import type { MaterialReader } from "@sealpost/domain";
import { createAnchors } from "./anchors.ts";
import { createLibrary } from "./library.ts";
import { readMail } from "./read-mail.ts";
import { readMaterial } from "./read-material.ts";

/**
 * A reader in this thread. `anchorsPem`: roots trusted beside Node's own; `libraryPem`: intermediates to complete
 * chains from. It has no deadline of its own: whoever serves strangers runs the job in `read-job.ts` in a worker and
 * ends it. Throws when an anchor cannot be read.
 */
export function createMaterialReader({
  anchorsPem,
  libraryPem = [],
}: {
  readonly anchorsPem: readonly string[];
  readonly libraryPem?: readonly string[];
}): MaterialReader {
  const trust = { anchors: createAnchors(anchorsPem), library: createLibrary(libraryPem) };
  return { read: (inputs, options) => readMaterial(inputs, options, trust), readMail };
}

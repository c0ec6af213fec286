import type { ImportMode } from "@sealpost/domain";

/** As the domain lists them; repeated as a value so that the browser need not load the domain for three words. */
export const importModes = [
  "certificate-and-key",
  "certificate-only",
  "metadata-only",
] as const satisfies readonly ImportMode[];

import { digicertManifest } from "./adapters/digicert/manifest.ts";
import { ibmClassicManifest } from "./adapters/ibm-classic/manifest.ts";
import type { CaManifest } from "./manifest.ts";

export type { AccountField, BaseUrl, CaManifest, Words } from "./manifest.ts";

/** Every CA the console speaks with, as plain data that a browser may load. */
export const caCatalog: readonly CaManifest[] = [ibmClassicManifest, digicertManifest];

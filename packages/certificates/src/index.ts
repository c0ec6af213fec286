export { type Anchors, createAnchors } from "./anchors.ts";
export { dersOf } from "./certificate-index.ts";
export { comparableHost } from "./comparable-host.ts";
export { intermediateOf } from "./library.ts";
export { limits } from "./limits.ts";
export { createMaterialReader } from "./material-reader.ts";
export type { ReadJob } from "./read-job.ts";
export { readMaterial } from "./read-material.ts";
export { fromTransferable, type TransferableReading, toTransferable } from "./transfer.ts";

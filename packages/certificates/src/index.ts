export { type Anchors, createAnchors } from "./anchors.ts";
export { comparableHost } from "./comparable-host.ts";
export { limits } from "./limits.ts";
export { createMaterialReader } from "./material-reader.ts";
export { readMaterial } from "./read-material.ts";
export { fromTransferable, type TransferableReading, toTransferable } from "./transfer.ts";

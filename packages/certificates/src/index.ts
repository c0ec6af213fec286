export { type Anchors, createAnchors } from "./anchors.ts";
export { limits } from "./limits.ts";
export { readMaterial } from "./read-material.ts";
export { fromTransferable, type TransferableReading, toTransferable } from "./transfer.ts";

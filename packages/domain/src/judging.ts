// What reading and judging certificates needs of the domain, without zod: loading it would take as long as one inspection.
export { CertificateMaterial } from "./import/certificate-material.ts";
export { findingWords } from "./import/finding-words.ts";
export { finding, isBlocked } from "./import/findings.ts";
export { judge } from "./import/judge.ts";

import type { MaterialSource } from "@sealpost/domain";
import { derAt } from "../der.ts";
import { limits } from "../limits.ts";
import { mayStill, note, type Parts, takeCertificate } from "../parts.ts";
import { type ArmouredBlock, findBlocks } from "./armour.ts";
import { announcedLength, bodyOf } from "./armour-body.ts";
import { readDer } from "./der-file.ts";
import { readForeignBlock } from "./foreign-text.ts";
import { isKeyLabel, readKey } from "./key.ts";
import { isCertificateLabel, isPrivateKeyLabel } from "./pem-labels.ts";
import { isExact, isMention, wrongLine } from "./pem-shape.ts";
import type { DecodedText } from "./text.ts";
import { repairedText } from "./text-repair.ts";
import { openDer, trailingDer } from "./unarmoured.ts";

/** `passed`: nothing to read in it. `refused`: what is wrong stands in the findings. */
type Outcome = "passed" | "refused" | "read" | "repaired";

interface Reading {
  readonly parts: Parts;
  readonly source: MaterialSource;
  readonly original: string;
  readonly labels: readonly string[];
  /** Base64 that was read elsewhere in the same mail, and is passed over. */
  readonly known: ReadonlySet<string>;
}

/** Reads every armoured block in a text, whatever stands around them. False when there is none. */
export function readArmour(
  parts: Parts,
  { text, isRepaired, plain = repairedText(text) }: DecodedText & { readonly plain?: string },
  source: MaterialSource,
  known: ReadonlySet<string> = new Set(),
): boolean {
  const blocks = findBlocks(plain, limits.blocks);
  const meant = blocks.filter((block) => !isMention(block));
  const original = text.replace(/\r\n?/g, "\n");
  const reading = { parts, source, original, known, labels: meant.map(({ label }) => label) };
  const outcomes: Outcome[] = [];
  for (const block of meant) {
    if (!mayStill(parts, "blocks", 1, source)) return true;
    outcomes.push(readBlock(reading, block));
  }
  const isRead = outcomes.some((outcome) => outcome === "read" || outcome === "repaired");
  if (outcomes.includes("repaired") || (isRepaired && isRead)) noteRepair(parts, source);
  return outcomes.some((outcome) => outcome !== "passed");
}

/** The base64 of every whole block, to tell whether another text holds more. */
export function knownLetters(text: string): ReadonlySet<string> {
  const bodies = findBlocks(repairedText(text), limits.blocks).map((block) => bodyOf(block).base64);
  return new Set(bodies.flatMap((base64) => (base64 === null ? [] : [lettersOf(base64)])));
}

/** Says once per source that its text was repaired. */
export function noteRepair(parts: Parts, source: MaterialSource): void {
  const isNoted = parts.findings.some(
    (found) => found.id === "text-repaired" && found.source?.path.join("\n") === source.path.join("\n"),
  );
  if (!isNoted) note(parts, "text-repaired", {}, source);
}

/** The label only tells what the sender meant; what it is, the bytes tell. */
function readBlock(reading: Reading, block: ArmouredBlock): Outcome {
  const { parts, source } = reading;
  const foreign = readForeignBlock(parts, block, reading.labels, source);
  if (foreign !== null) return foreign;
  if (!block.hasBegin || !block.hasEnd) return readHalf(reading, block);
  const { base64, headers, line } = bodyOf(block);
  if (base64 === null) return malformed(reading, block, line);
  if (reading.known.has(lettersOf(base64))) return "passed";
  const der = Buffer.from(base64, "base64");
  const { label } = block;
  const how = base64.length % 4 === 0 && isExact(block, reading.original) ? "read" : "repaired";
  if (headers !== "" && isKeyLabel(label)) {
    readKey(parts, { der, label, headers }, source);
    return how;
  }
  const isCutOff = (announcedLength(der) ?? 0) > der.length && (der[1] ?? 0) < 0x83;
  if (isCutOff && label.endsWith("CERTIFICATE")) return malformed(reading, block, line);
  return readBody(reading, block, der, line) ? how : "refused";
}

/** OpenSSL's trusted form appends settings of its own behind the certificate; behind others nothing may stand. */
function readBody({ parts, source }: Reading, { label }: ArmouredBlock, der: Buffer, line: number): boolean {
  const isTrusted = label === "TRUSTED CERTIFICATE";
  const isAlone = isTrusted || isCertificateLabel(label) || isPrivateKeyLabel(label);
  const whole = isAlone ? (derAt(der)?.whole ?? der) : der;
  const extra = der.length - whole.length;
  if (!readDer(parts, whole, source)) {
    noteUnread(parts, label, line, source);
    return false;
  }
  if (extra > 0 && !isTrusted) note(parts, "trailing-garbage", { bytes: extra }, source);
  return true;
}

/** A block whose beginning or end is missing counts when the certificate in it is all there. */
function readHalf(reading: Reading, block: ArmouredBlock): Outcome {
  const der = block.hasBegin ? openDer(block.inner) : trailingDer(block.inner);
  if (der && reading.known.has(lettersOf(der.toString("base64")))) return "passed";
  const isTaken = der !== null && takeCertificate(reading.parts, der, reading.source);
  return isTaken ? "repaired" : malformed(reading, block, wrongLine(block));
}

function malformed({ parts, source }: Reading, { label }: ArmouredBlock, line: number): Outcome {
  note(parts, "malformed-pem", { label: label.toLowerCase(), line }, source);
  return "refused";
}

/** Says that a block does not hold what its label says. */
export function noteUnread(parts: Parts, label: string, line: number, source: MaterialSource): void {
  const about = { label: label.toLowerCase() };
  if (isPrivateKeyLabel(label)) note(parts, "malformed-key", about, source);
  else if (label.endsWith("CERTIFICATE")) note(parts, "malformed-certificate", about, source);
  else note(parts, "malformed-pem", { ...about, line }, source);
}

function lettersOf(base64: string): string {
  return base64.replace(/=+$/, "");
}

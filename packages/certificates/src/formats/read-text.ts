import type { MaterialSource } from "@sealpost/domain";
import { mayStill, note, type Parts } from "../parts.ts";
import { readDer } from "./der-file.ts";
import { foreignTextFormat } from "./foreign-text.ts";
import { noteRepair, readArmour } from "./pem.ts";
import { type DecodedText, decodeText } from "./text.ts";
import { repairedText } from "./text-repair.ts";
import { bareDers, hexDer, wrappedText } from "./unarmoured.ts";

/** Reads a text: its armoured blocks; failing these, what lost its armour; failing that, names what it knows. */
export function readText(
  parts: Parts,
  given: DecodedText,
  source: MaterialSource,
  known?: ReadonlySet<string>,
): boolean {
  // To repair a text costs more than all the rest: it is done once.
  const plain = repairedText(given.text);
  if (readArmour(parts, { ...given, plain }, source, known)) return true;
  if (readWithoutArmour(parts, plain, source)) return true;
  const format = foreignTextFormat(plain);
  if (format) note(parts, "unsupported-key-format", { format }, source);
  return format !== null;
}

/** A certificate whose armour got lost is still a certificate. */
function readWithoutArmour(parts: Parts, text: string, source: MaterialSource): boolean {
  const wrapped = wrappedText(text);
  const inside = wrapped && decodeText(wrapped);
  const hex = hexDer(text);
  const isRead =
    (inside !== null && readArmour(parts, inside, source)) ||
    readDers(parts, hex ? [hex] : bareDers(text), source);
  if (isRead) noteRepair(parts, source);
  return isRead;
}

function readDers(parts: Parts, ders: readonly Buffer[], source: MaterialSource): boolean {
  let isAnything = false;
  for (const der of ders) {
    if (!mayStill(parts, "blocks", 1, source)) return true;
    isAnything = readDer(parts, der, source) || isAnything;
  }
  return isAnything;
}

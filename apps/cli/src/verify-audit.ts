import { createHash, createPublicKey, verify } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  type AuditHead,
  type ChainFault,
  type ChainPlace,
  canonicalHead,
  chainStart,
  followChain,
  headFault,
  readExportLine,
} from "@sealpost/domain";

type ExportedHead = Omit<AuditHead, "keyId">;

/** A head as the console's page lets one copy it. */
interface NotedHead extends ChainPlace {
  readonly keyId: string;
}

/**
 * Verifies an exported audit log offline: its hashes, its head's signature, and that a head noted earlier is in it.
 * Resolves to the exit code: 0 intact, 1 not, 2 the file or the head given cannot be read.
 */
export async function verifyAudit(
  file: string,
  noted: string | null,
  say: (line: string) => void,
): Promise<number> {
  const earlier = noted === null ? null : readNoted(noted);
  if (noted !== null && earlier === null) {
    say(
      "That is no head. It looks like 1234.<64 hex digits>.<16 hex digits>; copy it whole from the audit log.",
    );
    return 2;
  }
  const read = await readExport(file, earlier).catch(() => null);
  if (read === null) {
    say(`${file} cannot be read.`);
    return 2;
  }
  if ("problem" in read) {
    say(read.problem);
    return read.isForeign ? 2 : 1;
  }
  const { head, reached } = read;
  say(
    `Intact up to entry ${reached.sequence}, signed ${head.signedAt.toISOString()} by key ${keyIdOf(head)}.`,
  );
  say(`Head: ${reached.sequence}.${reached.hash}.${keyIdOf(head)}`);
  say(
    earlier
      ? `It goes on from the head you noted at entry ${earlier.sequence}: nothing up to there was changed or cut off.`
      : "Whether this is the history you knew can be told only by a head noted elsewhere: --head HEAD.",
  );
  return 0;
}

const sentences: Readonly<Record<ChainFault["problem"], (at: number) => string>> = {
  changed: (at) => `Entry ${at} is not what was sealed: it, or the one before it, was changed.`,
  missing: (at) => `Entry ${at} is missing.`,
  misplaced: (at) => `Entry ${at} stands where it does not belong.`,
  forged: (at) => `Entry ${at} was sealed with another key.`,
  unsigned: () => "The head at the end was not signed by the key it names.",
  "cut-off": (at) => `The log ends too early: entry ${at} and what follows were cut off.`,
  "another-history": (at) =>
    `Entry ${at} is another one than when the head was noted: history was rewritten.`,
  "another-key": () => "The log is signed by another console's key than the head that was noted.",
};

type Failed = { readonly problem: string; readonly isForeign: boolean };

async function readExport(
  file: string,
  earlier: NotedHead | null,
): Promise<{ readonly head: ExportedHead; readonly reached: ChainPlace } | Failed> {
  let reached: ChainPlace = { sequence: 0, hash: chainStart };
  let head: ExportedHead | null = null;
  let number = 0;
  for await (const text of linesOf(file)) {
    number += 1;
    const read = readExportLine(text);
    if (number === 1 && read?.line !== "opening") {
      return { problem: `${file} is no audit log that Sealpost has exported.`, isForeign: true };
    }
    if (number > 1 && (read === null || read.line === "opening" || head !== null)) {
      return {
        problem: `Line ${number} is no line of an exported audit log, or stands behind its end.`,
        isForeign: false,
      };
    }
    if (read?.line === "head") head = read.head;
    if (read?.line !== "entry") continue;
    const step = followChain(reached, [read.chained], { sha256, mac: null });
    if (step.fault) return failed(step.fault);
    reached = step.reached;
    if (earlier?.sequence === reached.sequence && earlier.hash !== reached.hash) {
      return failed({ problem: "another-history", sequence: reached.sequence });
    }
  }
  if (head === null) return failed({ problem: "cut-off", sequence: reached.sequence + 1 });
  const fault =
    headFault(reached, { ...head, keyId: keyIdOf(head) }, isSigned) ??
    (earlier && earlier.keyId !== keyIdOf(head)
      ? ({ problem: "another-key", sequence: 0 } as const)
      : null) ??
    (earlier && earlier.sequence > reached.sequence
      ? ({ problem: "cut-off", sequence: reached.sequence + 1 } as const)
      : null);
  return fault ? failed(fault) : { head, reached };
}

/** By line feeds alone: `readline` also breaks at U+2028 and U+2029, which may stand in what somebody wrote. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let begun = "";
  for await (const text of createReadStream(file, "utf8")) {
    const lines = `${begun}${text}`.split("\n");
    begun = lines.pop() ?? "";
    yield* lines;
  }
  if (begun !== "") yield begun;
}

function failed({ problem, sequence }: ChainFault): Failed {
  return { problem: sentences[problem](sequence), isForeign: false };
}

function readNoted(text: string): NotedHead | null {
  const [, sequence, hash, keyId] = /^(\d{1,15})\.([0-9a-f]{64})\.([0-9a-f]{16})$/.exec(text.trim()) ?? [];
  return sequence && hash && keyId ? { sequence: Number(sequence), hash, keyId } : null;
}

function isSigned(head: AuditHead): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(head.publicKey, "base64"), format: "der", type: "spki" });
    return verify(null, Buffer.from(canonicalHead(head)), key, Buffer.from(head.signature, "base64"));
  } catch {
    return false;
  }
}

function keyIdOf({ publicKey }: ExportedHead): string {
  return sha256(publicKey).slice(0, 16);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

import { readFile } from "node:fs/promises";
import { operatorSocket } from "./env.ts";
import { askConsole } from "./operator.ts";

/**
 * Fills the running console's library of intermediates from PEM bundles, such as the one Mozilla's CCADB publishes.
 * Resolves to the exit code: 0 done, 1 a file cannot be read or taken, 2 no console to ask.
 */
export async function addIntermediates(
  files: readonly string[],
  say: (line: string) => void,
  socketPath = operatorSocket(),
): Promise<number> {
  for (const file of files) {
    const pem = await readFile(file, "utf8").catch(() => null);
    if (pem === null) {
      say(`${file} cannot be read.`);
      return 1;
    }
    const answer = await askConsole(socketPath, "/intermediates", { pem }, say);
    if (answer === null) return 2;
    if (answer.status !== 200) {
      say(`${file} was not taken; it may have at most 32 MB.`);
      return 1;
    }
    const { added, known, leftOut } = answer.body;
    say(
      `${file}: ${added} added, ${known} known already, ${leftOut} left out (roots, servers' certificates, unreadable ones).`,
    );
  }
  return 0;
}

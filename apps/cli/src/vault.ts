import { chmod, cp, mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { operatorSocket } from "./env.ts";
import { askConsole, type OperatorAnswer } from "./operator.ts";

type Say = (line: string) => void;

/** Puts every vault item under a new master key. Exit code: 0 done, 1 not, 2 no console to ask. */
export async function rotateVault(say: Say, socketPath = operatorSocket()): Promise<number> {
  const answer = await askConsole(socketPath, "/vault/rotate", {}, say);
  if (answer === null) return 2;
  if (answer.status !== 200) {
    say(
      refusalOf(answer) ??
        "The master key was not changed to the end. Nothing is lost: look at the console's log, mend what it names, and run this again.",
    );
    return 1;
  }
  say(`${answer.body.moved} items lie under a new master key, in ${answer.body.keyFile}.`);
  say(
    "Keep a copy of that file elsewhere now, and the copy from before for as long as you keep backups from before.",
  );
  return 0;
}

/** Why nothing was begun; null: something went wrong on the way. */
function refusalOf({ body: { code, sentence } }: OperatorAnswer): string | null {
  if (code === "vault-busy")
    return "The master key is being changed already, or a backup is being made. Run this again when that has ended.";
  return code === "key-file" ? String(sentence) : null;
}

/** Opens every vault item. Exit code: 0 all in order, 1 not, 2 no console to ask. */
export async function checkVault(say: Say, socketPath = operatorSocket()): Promise<number> {
  const answer = await askConsole(socketPath, "/vault/check", {}, say);
  if (answer === null) return 2;
  const { opened, broken, orphans } = answer.body;
  const bad = Array.isArray(broken) ? broken : [];
  say(`${opened} items open, ${bad.length} do not, ${orphans} are named by nothing.`);
  for (const { ref, kind } of bad) say(`  ${kind} ${ref} is missing or damaged. Restore it from a backup.`);
  return answer.status === 200 && bad.length === 0 && orphans === 0 ? 0 : 1;
}

/** Copies everything but the master key. Exit code: 0 done, 1 not, 2 no console to ask. */
export async function backup(directory: string, say: Say, socketPath = operatorSocket()): Promise<number> {
  const target = resolve(directory);
  const answer = await askConsole(socketPath, "/backup", { directory: target }, say);
  if (answer === null) return 2;
  if (answer.status !== 200) {
    say(
      answer.body.code === "not-empty"
        ? `${target} is not empty. Name a new directory.`
        : (refusalOf(answer) ??
            `${target} was not written to the end. Look at the console's log, and remove what is there.`),
    );
    return 1;
  }
  say(`Copied to ${target}.`);
  say(`The master key is not in it, on purpose: without a copy of ${answer.body.keyFile} it opens nothing.`);
  return 0;
}

/**
 * Puts a backup where the settings name the data, which must be empty; the console must not run. Exit code: 0 done,
 * 1 the place is taken, 2 there is no whole backup.
 */
export async function restore(directory: string, say: Say, socketPath = operatorSocket()): Promise<number> {
  const source = resolve(directory);
  const target = dirname(socketPath);
  const contents = await readFile(join(source, "backup.json"), "utf8").catch(() => null);
  if (contents === null) {
    say(`${source} holds no whole backup: backup.json, which is written last, is not there.`);
    return 2;
  }
  await mkdir(target, { recursive: true, mode: 0o700 });
  if ((await readdir(target)).length > 0) {
    say(`${target} is not empty. Stop the console, move that directory away, and run this again.`);
    return 1;
  }
  await chmod(target, 0o700);
  for (const name of await readdir(source)) {
    if (name !== "backup.json") await cp(join(source, name), join(target, name), { recursive: true });
  }
  say(`Restored to ${target}.`);
  say(
    "Put the copy of the master key from the time of this backup where SEALPOST_MASTER_KEY_FILE names it, then start the console.",
  );
  say("Emails that were queued in the backup are not sent.");
  return 0;
}

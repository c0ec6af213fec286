const usage = `Usage: sealpost inspect FILES…           read and judge what a CA sent, offline (--help for more)
       sealpost intermediates FILES…     add CA certificates to the running console's library, from PEM bundles
       sealpost reset-password EMAIL     a one-time link from the running console
       sealpost make-administrator EMAIL recovers a console in which nobody can manage people: the role, and a link
       sealpost unlock EMAIL             lets somebody try codes again who typed too many wrong ones
       sealpost vault rotate             a new master key for everything the running console has sealed
       sealpost vault check              whether everything sealed opens
       sealpost backup DIR               a copy of everything but the master key, from the running console
       sealpost restore DIR              puts such a copy where the settings name the data; no console may run there
       sealpost audit verify FILE        whether an exported audit log is intact, offline; --head HEAD: and goes on from there
Commands that ask the running console find it by the same SEALPOST_ settings.`;

const say = (line: string) => console.log(line);

// Each loads what it needs: one that asks the console does not load the reader of certificates.
process.exitCode = await run(process.argv.slice(2));

async function run([command, ...rest]: readonly string[]): Promise<number> {
  const [first] = rest;
  if (command === "inspect") {
    const { runInspect } = await import("./run-inspect.ts");
    return await runInspect(rest, { out: say, err: console.error });
  }
  if (command === "intermediates" && first !== undefined) {
    const { addIntermediates } = await import("./add-intermediates.ts");
    return await addIntermediates(rest, say);
  }
  if (command === "reset-password" && first !== undefined) {
    const { resetPassword } = await import("./reset-password.ts");
    return await resetPassword(first, say);
  }
  if (command === "make-administrator" && first !== undefined) {
    const { makeAdministrator } = await import("./make-administrator.ts");
    return await makeAdministrator(first, say);
  }
  if (command === "unlock" && first !== undefined) {
    const { unlock } = await import("./unlock.ts");
    return await unlock(first, say);
  }
  if (command === "vault" || command === "backup" || command === "restore") {
    const { backup, checkVault, restore, rotateVault } = await import("./vault.ts");
    if (command === "vault" && first === "rotate") return await rotateVault(say);
    if (command === "vault" && first === "check") return await checkVault(say);
    if (command === "backup" && first !== undefined) return await backup(first, say);
    if (command === "restore" && first !== undefined) return await restore(first, say);
  }
  if (command === "audit" && first === "verify") {
    const noted = noteOf(rest.slice(1));
    if (noted) {
      const { verifyAudit } = await import("./verify-audit.ts");
      return await verifyAudit(noted.file, noted.head, say);
    }
  }
  const asksForHelp = command === "--help" || command === "-h";
  (asksForHelp ? say : console.error)(usage);
  return asksForHelp ? 0 : 2;
}

/** `FILE`, and `--head HEAD` before or behind it. */
function noteOf(words: readonly string[]): { readonly file: string; readonly head: string | null } | null {
  const at = words.indexOf("--head");
  const head = at < 0 ? null : (words[at + 1] ?? "");
  const [file, ...more] = at < 0 ? words : words.toSpliced(at, 2);
  return file !== undefined && more.length === 0 ? { file, head } : null;
}

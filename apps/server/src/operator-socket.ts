import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { IntermediateLibrary } from "@sealpost/domain";
import { z } from "zod";
import { logFault } from "./events.ts";
import { answer, readJson } from "./http.ts";
import type { Logger } from "./logger.ts";
import type { OneTimeLinks } from "./one-time-links.ts";
import type { People } from "./people.ts";
import { BackupRefused, type VaultDesk } from "./vault-desk.ts";

/** Linux takes 107 bytes for a socket's path, macOS 103. */
const longestPath = 103;

/** A bundle of every public intermediate has about 4 MB. */
const longestBundleBytes = 32 * 1024 * 1024;

interface OperatorParts {
  readonly people: People;
  readonly links: OneTimeLinks;
  readonly intermediates: IntermediateLibrary;
  readonly vaultDesk: VaultDesk;
  readonly keyFile: string;
  readonly log: Logger;
}

type Command = (parts: OperatorParts, incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

const resetPassword: Command = async ({ people, links }, incoming, outgoing) => {
  const input = z.object({ email: z.string() }).safeParse(await readJson(incoming));
  const person = input.success ? await people.findByEmail(input.data.email) : null;
  if (!person) return answer(outgoing, 404, { code: "no-such-person" });
  const { url } = links.issue("reset", person.personId);
  answer(outgoing, 200, { link: url, name: person.name });
};

const addIntermediates: Command = async ({ intermediates }, incoming, outgoing) => {
  const input = z.object({ pem: z.string() }).safeParse(await readJson(incoming, longestBundleBytes));
  if (!input.success) return answer(outgoing, 413, { code: "too-large" });
  answer(outgoing, 200, await intermediates.add(Buffer.from(input.data.pem)));
};

const rotate: Command = async ({ vaultDesk, keyFile }, _, outgoing) => {
  const moved = await vaultDesk.rotate();
  if (moved === null) return answer(outgoing, 409, { code: "conflict" });
  answer(outgoing, 200, { moved, keyFile });
};

const check: Command = async ({ vaultDesk }, _, outgoing) => answer(outgoing, 200, await vaultDesk.check());

const backup: Command = async ({ vaultDesk, keyFile }, incoming, outgoing) => {
  const input = z.object({ directory: z.string().startsWith("/") }).safeParse(await readJson(incoming));
  if (!input.success) return answer(outgoing, 400, { code: "invalid-input" });
  try {
    await vaultDesk.backup(input.data.directory);
    answer(outgoing, 200, { keyFile });
  } catch (error) {
    if (!(error instanceof BackupRefused)) throw error;
    answer(outgoing, 409, { code: "conflict" });
  }
};

const commands: Readonly<Record<string, Command>> = {
  "/reset-password": resetPassword,
  "/intermediates": addIntermediates,
  "/vault/rotate": rotate,
  "/vault/check": check,
  "/backup": backup,
};

/**
 * Commands of the person at the machine (`sealpost reset-password …`), over a socket only their user can open: one
 * process owns the database, so commands come to it.
 */
export async function openOperatorSocket(
  dataDirectory: string,
  parts: OperatorParts,
): Promise<AsyncDisposable> {
  const path = join(dataDirectory, "operator.sock");
  if (Buffer.byteLength(path) > longestPath) return { async [Symbol.asyncDispose]() {} };
  await rm(path, { force: true });
  const server = createServer((incoming, outgoing) => {
    const command = incoming.method === "POST" ? commands[incoming.url ?? ""] : undefined;
    if (!command) return answer(outgoing, 404, { code: "not-found" });
    void command(parts, incoming, outgoing).catch((error: unknown) => {
      logFault(parts.log, "operator", error);
      if (!outgoing.headersSent) answer(outgoing, 500, { code: "internal" });
    });
  });
  server.listen(path);
  await once(server, "listening");
  await chmod(path, 0o600);
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await rm(path, { force: true });
    },
  };
}

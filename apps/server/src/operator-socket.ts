import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import {
  type Ctx,
  makeAdministrator,
  noteResetLink,
  operatorActor,
  type PersonRecord,
  type Ports,
  RefusalError,
  unlockPerson,
} from "@sealpost/domain";
import { VaultOpenError } from "@sealpost/vault";
import { z } from "zod";
import { logFault } from "./events.ts";
import { answer, readJson } from "./http.ts";
import type { Logger } from "./logger.ts";
import type { OneTimeLinks } from "./one-time-links.ts";
import { BackupRefused, VaultBusy, type VaultDesk } from "./vault-desk.ts";

/** Linux takes 107 bytes for a socket's path, macOS 103. */
const longestPath = 103;

/** A bundle of every public intermediate has about 4 MB. */
const longestBundleBytes = 32 * 1024 * 1024;

interface OperatorParts {
  readonly ports: Ports;
  readonly links: OneTimeLinks;
  readonly vaultDesk: VaultDesk;
  readonly keyFile: string;
  readonly isReadOnly: boolean;
  readonly log: Logger;
}

type Command = (parts: OperatorParts, incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** Does something about the person with this address; whether they then need a link to sign in. */
function aboutPerson(act: (ctx: Ctx, email: string) => Promise<PersonRecord>, needsLink: boolean): Command {
  return async ({ ports, links }, incoming, outgoing) => {
    const input = z.object({ email: z.string() }).safeParse(await readJson(incoming));
    try {
      const email = input.success ? input.data.email : "";
      const { personId, name } = await act({ ...ports, actor: operatorActor }, email);
      answer(outgoing, 200, { name, ...(needsLink ? { link: links.issue("reset", personId).url } : {}) });
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      answer(outgoing, 404, { code: "no-such-person" });
    }
  };
}

const addIntermediates: Command = async ({ ports }, incoming, outgoing) => {
  const input = z.object({ pem: z.string() }).safeParse(await readJson(incoming, longestBundleBytes));
  if (!input.success) return answer(outgoing, 413, { code: "too-large" });
  answer(outgoing, 200, await ports.intermediates.add(Buffer.from(input.data.pem)));
};

const rotate: Command = async ({ vaultDesk, keyFile }, _, outgoing) =>
  answer(outgoing, 200, { moved: await vaultDesk.rotate(), keyFile });

const check: Command = async ({ vaultDesk }, _, outgoing) => answer(outgoing, 200, await vaultDesk.check());

const backup: Command = async ({ vaultDesk, keyFile }, incoming, outgoing) => {
  const input = z.object({ directory: z.string().startsWith("/") }).safeParse(await readJson(incoming));
  if (!input.success) return answer(outgoing, 400, { code: "invalid-input" });
  await vaultDesk.backup(input.data.directory);
  answer(outgoing, 200, { keyFile });
};

/** What a command says no with; null: a fault. */
function refusedWith(error: unknown): { readonly code: string; readonly sentence?: string } | null {
  if (error instanceof VaultBusy) return { code: "vault-busy" };
  if (error instanceof BackupRefused) return { code: "not-empty" };
  if (error instanceof VaultOpenError) return { code: "key-file", sentence: error.message };
  return null;
}

const commands: Readonly<Record<string, Command>> = {
  "/reset-password": aboutPerson(noteResetLink, true),
  "/make-administrator": aboutPerson(makeAdministrator, true),
  "/unlock": aboutPerson(unlockPerson, false),
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
    if (parts.isReadOnly) return answer(outgoing, 503, { code: "vault-locked" });
    const command = incoming.method === "POST" ? commands[incoming.url ?? ""] : undefined;
    if (!command) return answer(outgoing, 404, { code: "not-found" });
    void command(parts, incoming, outgoing).catch((error: unknown) => {
      const refused = refusedWith(error);
      if (refused) return answer(outgoing, 409, refused);
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

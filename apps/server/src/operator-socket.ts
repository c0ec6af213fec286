import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { z } from "zod";
import { answer, readJson } from "./http.ts";
import type { OneTimeLinks } from "./one-time-links.ts";
import type { People } from "./people.ts";

/** Linux takes 107 bytes for a socket's path, macOS 103. */
const longestPath = 103;

/**
 * Commands of the person at the machine (`sealpost reset-password …`), over a socket only their user can open: one
 * process owns the database, so commands come to it.
 */
export async function openOperatorSocket(
  dataDirectory: string,
  parts: { readonly people: People; readonly links: OneTimeLinks; readonly publicOrigin: string },
): Promise<AsyncDisposable> {
  const path = join(dataDirectory, "operator.sock");
  if (Buffer.byteLength(path) > longestPath) return { async [Symbol.asyncDispose]() {} };
  await rm(path, { force: true });
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      if (incoming.method !== "POST" || incoming.url !== "/reset-password")
        return answer(outgoing, 404, { code: "not-found" });
      const input = z.object({ email: z.string() }).safeParse(await readJson(incoming));
      const person = input.success ? await parts.people.findByEmail(input.data.email) : null;
      if (!person) return answer(outgoing, 404, { code: "no-such-person" });
      const token = parts.links.issue({ purpose: "reset", personId: person.personId });
      answer(outgoing, 200, { link: `${parts.publicOrigin}/reset#token=${token}`, name: person.name });
    })();
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

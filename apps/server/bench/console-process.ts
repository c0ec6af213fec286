import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** A console in a process of its own over the data in this place, as people run it, with an administrator signed in. */
export interface ConsoleProcess {
  readonly url: string;
  readonly cookie: string;
  pid(): number;
  /** Kills it as a power cut would, and starts it again over the same data. */
  crash(): Promise<void>;
  end(): Promise<void>;
}

/** Asked as fast as it can answer. */
const withoutLimits = {
  SEALPOST_REQUESTS_PER_PERSON: "100000000",
  SEALPOST_REQUESTS_PER_ADDRESS: "100000000",
};

export async function startConsoleProcess(
  place: string,
  pages: "on" | "off",
  extra: Readonly<Record<string, string>> = withoutLimits,
): Promise<ConsoleProcess> {
  mkdirSync(join(place, "data"), { recursive: true });
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = {
    PORT: String(port),
    NODE_ENV: "production",
    SEALPOST_DATA_DIR: join(place, "data"),
    SEALPOST_MASTER_KEY_FILE: join(place, "keys", "master.key"),
    SEALPOST_SANDBOX: "off",
    SEALPOST_PRIVATE_CAS: "on",
    ...extra,
  };
  const start = async () => {
    const child = fork(join(import.meta.dirname, "console-server.ts"), [pages], { env });
    const [message] = await once(child, "message");
    return { child, setupLink: String(message.setupLink) };
  };
  let running = await start();
  const cookie = await enter(url, running.setupLink);
  return {
    url,
    cookie,
    pid: () => running.child.pid ?? 0,
    async crash() {
      await kill(running.child);
      running = await start();
    },
    end: async () => await kill(running.child),
  };
}

async function enter(url: string, setupLink: string): Promise<string> {
  const answer = await fetch(`${url}/api/setup`, {
    method: "POST",
    headers: { origin: url, "content-type": "application/json" },
    body: JSON.stringify({
      token: setupLink.split("#token=")[1],
      name: "Ana",
      email: "ana@example.test",
      password: "correct horse battery",
    }),
  });
  if (answer.status !== 204) throw new Error(`no administrator was made: ${answer.status}`);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
}

export async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

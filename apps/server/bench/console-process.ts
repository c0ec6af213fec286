import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
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

/** How the systemd unit starts it, and `npm start` too. */
const unit = readFileSync(join(import.meta.dirname, "../../../deploy/sealpost.service"), "utf8");
const program = [
  ...(unit.match(/(?<=^ExecStart=.*)--\S+/gm) ?? []),
  join(import.meta.dirname, "../dist/main.js"),
];
const sparing = Object.fromEntries(
  [...unit.matchAll(/(MALLOC_\w+)=(\d+)/g)].map(([, name, value]) => [name, value]),
);

/** Wants the console to be built. */
export async function startConsoleProcess(
  place: string,
  extra: Readonly<Record<string, string>> = withoutLimits,
): Promise<ConsoleProcess> {
  mkdirSync(join(place, "data"), { recursive: true });
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = {
    PORT: String(port),
    NODE_ENV: "production",
    ...sparing,
    SEALPOST_DATA_DIR: join(place, "data"),
    SEALPOST_MASTER_KEY_FILE: join(place, "keys", "master.key"),
    SEALPOST_SANDBOX: "off",
    SEALPOST_PRIVATE_CAS: "on",
    SEALPOST_LOG_LEVEL: "silent",
    ...extra,
  };
  const start = async () => {
    const child = spawn(process.execPath, program, { env, stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    for await (const text of child.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
      said += text;
      if (said.includes("Sealpost is ready")) break;
    }
    child.stdout.resume();
    return { child, setupLink: /http\S+\/setup#token=\S+/.exec(said)?.[0] ?? "" };
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

const administrator = { email: "ana@example.test", password: "correct horse battery" };

async function enter(url: string, setupLink: string): Promise<string> {
  const token = setupLink.split("#token=")[1];
  return await cookieFrom(`${url}/api/setup`, { token, name: "Ana", ...administrator });
}

/** The administrator's cookie after a new sign-in, for what wants a recent one. */
export async function signInAgain(url: string): Promise<string> {
  return await cookieFrom(`${url}/api/auth/sign-in/email`, administrator);
}

async function cookieFrom(address: string, body: Readonly<Record<string, unknown>>): Promise<string> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { origin: new URL(address).origin, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`nobody was let in: ${answer.status}`);
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

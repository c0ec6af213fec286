import { Agent, request } from "node:http";

export interface Load {
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly bytes: number;
}

/** Asks for one address again and again over so many connections. Throws for any answer but 200. */
export async function load(about: {
  readonly url: string;
  readonly cookie?: string;
  readonly connections: number;
  readonly forMs: number;
}): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: about.connections });
  const times: number[] = [];
  let bytes = 0;
  const endsAt = performance.now() + about.forMs;
  const work = async () => {
    while (performance.now() < endsAt) {
      const startedAt = performance.now();
      bytes = await ask(agent, about.url, about.cookie);
      times.push(performance.now() - startedAt);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: about.connections }, work));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { perSecond: times.length / seconds, medianMs: at(0.5), p99Ms: at(0.99), bytes };
}

function ask(agent: Agent, url: string, cookie: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { agent, headers: cookie === undefined ? {} : { cookie } }, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on("end", () =>
        answer.statusCode === 200 ? resolve(bytes) : reject(new Error(`answered ${answer.statusCode}`)),
      );
      answer.on("error", reject);
    });
    asking.on("error", reject).end();
  });
}

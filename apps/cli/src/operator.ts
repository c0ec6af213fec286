import { request } from "node:http";

export interface OperatorAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Hands a command to the running console. Resolves to null when no console listens there. */
export async function askConsole(
  socketPath: string,
  path: string,
  body: unknown,
): Promise<OperatorAnswer | null> {
  return await post(socketPath, path, body).catch(() => null);
}

export function noConsole(socketPath: string): string {
  return `No running console answers at ${socketPath}. Start it first, with the same SEALPOST_DATA_DIR and SEALPOST_SANDBOX.`;
}

function post(socketPath: string, path: string, body: unknown): Promise<OperatorAnswer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { socketPath, path, method: "POST", headers: { "content-type": "application/json" } },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) }));
        answer.on("error", reject);
      },
    );
    asking.on("error", reject);
    asking.end(JSON.stringify(body));
  });
}

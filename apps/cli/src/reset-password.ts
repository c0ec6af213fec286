import { request } from "node:http";
import { operatorSocket } from "./env.ts";

/**
 * Asks the running console for a one-time link with which this person sets a new password.
 * Resolves to the exit code: 0 done, 1 no such person, 2 no console to ask.
 */
export async function resetPassword(
  email: string,
  say: (line: string) => void,
  socketPath = operatorSocket(),
): Promise<number> {
  const answer = await post(socketPath, "/reset-password", { email }).catch(() => null);
  if (answer === null) {
    say(
      `No running console answers at ${socketPath}. Start it first, with the same SEALPOST_DATA_DIR and SEALPOST_SANDBOX.`,
    );
    return 2;
  }
  if (answer.status !== 200) {
    say(`Nobody signs in as ${email} here. Check the address.`);
    return 1;
  }
  say(
    `This link sets a new password for ${answer.body.name}, once, within 60 minutes:\n  ${answer.body.link}`,
  );
  return 0;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

function post(socketPath: string, path: string, body: unknown): Promise<Answer> {
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

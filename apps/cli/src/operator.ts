import { request } from "node:http";

export interface OperatorAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Hands a command to the running console. Resolves to null, and says why, when there is none that carries it out. */
export async function askConsole(
  socketPath: string,
  path: string,
  body: unknown,
  say: (line: string) => void,
): Promise<OperatorAnswer | null> {
  const answer = await post(socketPath, path, body).catch(() => null);
  if (answer === null) {
    say(
      `No running console answers at ${socketPath}. Start it first, with the same SEALPOST_DATA_DIR and SEALPOST_SANDBOX.`,
    );
    return null;
  }
  if (answer.body.code === "vault-locked") {
    say(
      "This console only reads: its master key is missing, or another one. Bring the right one, and start it again.",
    );
    return null;
  }
  return answer;
}

/**
 * Has the running console do something about a person, and says what it answered.
 * Resolves to the exit code: 0 done, 1 no such person, 2 no console to ask.
 */
export async function askAboutPerson(
  command: { readonly path: string; readonly email: string; readonly socketPath: string },
  say: (line: string) => void,
  sentence: (body: OperatorAnswer["body"]) => string,
): Promise<number> {
  const { path, email, socketPath } = command;
  const answer = await askConsole(socketPath, path, { email }, say);
  if (answer === null) return 2;
  if (answer.status !== 200) {
    say(`Nobody signs in as ${email} here. Check the address.`);
    return 1;
  }
  say(sentence(answer.body));
  return 0;
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

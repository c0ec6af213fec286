import { operatorSocket } from "./env.ts";
import { askAboutPerson } from "./operator.ts";

/**
 * Has the running console end the pause after many wrong codes.
 * Resolves to the exit code: 0 done, 1 no such person, 2 no console to ask.
 */
export async function unlock(
  email: string,
  say: (line: string) => void,
  socketPath = operatorSocket(),
): Promise<number> {
  return await askAboutPerson(
    { path: "/unlock", email, socketPath },
    say,
    ({ name }) => `${name} may try codes again.`,
  );
}

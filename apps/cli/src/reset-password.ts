import { operatorSocket } from "./env.ts";
import { askConsole, noConsole } from "./operator.ts";

/**
 * Asks the running console for a one-time link with which this person sets a new password.
 * Resolves to the exit code: 0 done, 1 no such person, 2 no console to ask.
 */
export async function resetPassword(
  email: string,
  say: (line: string) => void,
  socketPath = operatorSocket(),
): Promise<number> {
  const answer = await askConsole(socketPath, "/reset-password", { email });
  if (answer === null) {
    say(noConsole(socketPath));
    return 2;
  }
  if (answer.status !== 200) {
    say(`Nobody signs in as ${email} here. Check the address.`);
    return 1;
  }
  say(`This link sets a new password for ${answer.body.name}, once, within 24 hours:\n  ${answer.body.link}`);
  return 0;
}

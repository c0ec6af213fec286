import { operatorSocket } from "./env.ts";
import { askAboutPerson } from "./operator.ts";

/**
 * Asks the running console for a one-time link with which this person sets a new password.
 * Resolves to the exit code: 0 done, 1 no such person, 2 no console to ask.
 */
export async function resetPassword(
  email: string,
  say: (line: string) => void,
  socketPath = operatorSocket(),
): Promise<number> {
  return await askAboutPerson(
    { path: "/reset-password", email, socketPath },
    say,
    ({ name, link }) => `This link sets a new password for ${name}, once, within 24 hours:\n  ${link}`,
  );
}

import { operatorSocket } from "./env.ts";
import { askAboutPerson } from "./operator.ts";

/**
 * Has the running console make somebody an administrator, with a link to sign in anew.
 * Resolves to the exit code: 0 done, 1 no such person, 2 no console to ask.
 */
export async function makeAdministrator(
  email: string,
  say: (line: string) => void,
  socketPath = operatorSocket(),
): Promise<number> {
  return await askAboutPerson(
    { path: "/make-administrator", email, socketPath },
    say,
    ({ name, link }) =>
      `${name} is an administrator now. Password, second factor and passkeys are removed, every session has ended.
This link sets a new password, once, within 24 hours:
  ${link}`,
  );
}

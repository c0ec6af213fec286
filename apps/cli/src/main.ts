#!/usr/bin/env node
import { addIntermediates } from "./add-intermediates.ts";
import { resetPassword } from "./reset-password.ts";
import { runInspect } from "./run-inspect.ts";

const usage = `Usage: sealpost inspect FILES…           read and judge what a CA sent, offline (--help for more)
       sealpost intermediates FILES…     add CA certificates to the running console's library, from PEM bundles
       sealpost reset-password EMAIL     a one-time link from the running console
The last two find the console by the same SEALPOST_ settings.`;

const [command, ...rest] = process.argv.slice(2);
if (command === "inspect") {
  process.exitCode = await runInspect(rest, { out: console.log, err: console.error });
} else if (command === "intermediates" && rest.length > 0) {
  process.exitCode = await addIntermediates(rest, (line) => console.log(line));
} else if (command === "reset-password" && rest[0]) {
  process.exitCode = await resetPassword(rest[0], (line) => console.log(line));
} else {
  console.error(usage);
  process.exitCode = 2;
}

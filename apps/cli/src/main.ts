#!/usr/bin/env node
import { resetPassword } from "./reset-password.ts";

const usage = "Usage: sealpost reset-password EMAIL   (with the SEALPOST_ settings of the running console)";

const [command, argument] = process.argv.slice(2);
if (command === "reset-password" && argument) {
  process.exitCode = await resetPassword(argument, (line) => console.log(line));
} else {
  console.error(usage);
  process.exitCode = 2;
}

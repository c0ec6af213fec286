import { join, resolve } from "node:path";

/** Where the running console listens for its operator: the same two settings decide as on the server. */
export function operatorSocket(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = resolve(env.SEALPOST_DATA_DIR || "data");
  return join(env.SEALPOST_SANDBOX === "off" ? named : join(named, "sandbox"), "operator.sock");
}

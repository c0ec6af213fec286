import type { IncomingMessage } from "node:http";
import { readBody } from "../../listener.ts";
import { missingParameter, type Parameter } from "./error.ts";

/** What was asked. Names of parameters and commands are read without regard to case, as the service does. */
export interface NamecheapCall {
  /** In small letters, without `namecheap.`; empty when missing. */
  readonly command: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** From the address and, with POST, from the form; the form wins. */
export async function readCall(incoming: IncomingMessage, url: URL): Promise<NamecheapCall> {
  const form = incoming.method === "POST" ? (await readBody(incoming)).toString("utf8") : "";
  const all = [...url.searchParams, ...new URLSearchParams(form)];
  const parameters = new Map(all.map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const command = (parameters.get("command") ?? "").toLowerCase().replace(/^namecheap\./, "");
  return { command, parameters };
}

/** Throws the service's own error for what is missing. */
export function needed({ parameters }: NamecheapCall, name: Parameter): string {
  const value = parameters.get(name) ?? "";
  if (value === "") throw missingParameter(name);
  return value;
}

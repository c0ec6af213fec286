import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { readBody } from "../../listener.ts";
import type { Answer } from "../../play-fault.ts";
import type { DialectWorld } from "../dialect.ts";
import { expiredToken, SignInError, wrongToken } from "./error.ts";

export const tenantId = "5f0c7d52-8a3e-4c1b-9d47-2b6e1f3a9c08";
export const clientId = "c41a6be0-97d3-4f2e-8b15-6d0e5a7f3121";
const lifeS = 3599;

/** Tokens handed out, and until when each holds. Gone after a restart, as the caller has to expect. */
export type Tokens = Map<string, number>;

/** "Client credentials grant" as Microsoft's sign-in answers it; its AADSTS numbers are the documented ones. */
export async function giveToken(
  { secrets, now }: DialectWorld,
  tokens: Tokens,
  tenant: string,
  incoming: IncomingMessage,
): Promise<Answer> {
  const form = new URLSearchParams((await readBody(incoming)).toString("utf8"));
  if (tenant !== tenantId)
    throw new SignInError(400, "invalid_request", `AADSTS90002: Tenant '${tenant}' not found.`);
  if (form.get("grant_type") !== "client_credentials")
    throw new SignInError(400, "unsupported_grant_type", "AADSTS70003: The grant type is not supported.");
  if (!form.get("scope")?.endsWith("/.default"))
    throw new SignInError(400, "invalid_scope", "AADSTS70011: The scope is not valid.");
  if (form.get("client_id") !== clientId)
    throw new SignInError(400, "unauthorized_client", "AADSTS700016: The application was not found.");
  if (form.get("client_secret") !== secrets.clientSecret)
    throw new SignInError(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
  const token = randomBytes(48).toString("base64url");
  tokens.set(token, now().getTime() + lifeS * 1000);
  return {
    status: 200,
    body: { token_type: "Bearer", expires_in: lifeS, ext_expires_in: lifeS, access_token: token },
  };
}

/** Throws for a token that is none, or no longer. */
export function admit({ now }: DialectWorld, tokens: Tokens, incoming: IncomingMessage): void {
  const [scheme = "", token = ""] = (incoming.headers.authorization ?? "").split(" ");
  const until = scheme.toLowerCase() === "bearer" ? tokens.get(token) : undefined;
  if (until === undefined) throw wrongToken();
  if (until <= now().getTime()) throw expiredToken();
}

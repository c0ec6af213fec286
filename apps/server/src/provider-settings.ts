import { resolve } from "node:path";
import { type GroupRoles, type Role, roles } from "@sealpost/domain";

/** The identity provider at which people may sign in (OpenID Connect). */
export interface ProviderSettings {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecretFile: string;
  /** What stands on the button. */
  readonly name: string;
  /** Asked for beside `openid profile email`. */
  readonly scopes: readonly string[];
  /** The claim that carries the groups. */
  readonly groupsClaim: string;
  readonly groupRoles: GroupRoles;
  /** Whether every address it names is verified, also where it does not say so. */
  readonly hasVerifiedEmails: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Fault = (sentence: string) => void;

const loopbackHosts = ["127.0.0.1", "localhost", "[::1]"];

/** https, or http on loopback: what is fetched from an identity provider, and where browsers are sent. */
export function isSafeAddress(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && loopbackHosts.includes(url.hostname));
}

/** Reads the SEALPOST_OIDC_ settings. Null: none of them is set, and everybody signs in here. */
export function readProviderSettings(
  env: Environment,
  hasVerifiedEmails: boolean,
  fault: Fault,
): ProviderSettings | null {
  const set = Object.keys(env).filter((name) => name.startsWith("SEALPOST_OIDC_") && env[name]);
  if (set.length === 0) return null;
  const issuer = readIssuer(env.SEALPOST_OIDC_ISSUER, fault);
  const clientId = env.SEALPOST_OIDC_CLIENT_ID ?? "";
  if (clientId === "")
    fault("SEALPOST_OIDC_CLIENT_ID must be set to what the identity provider calls this console.");
  const secretFile = env.SEALPOST_OIDC_CLIENT_SECRET_FILE ?? "";
  if (secretFile === "")
    fault(
      "SEALPOST_OIDC_CLIENT_SECRET_FILE must name the file that holds the client secret and nothing else.",
    );
  return {
    issuer,
    clientId,
    clientSecretFile: resolve(secretFile),
    name: env.SEALPOST_OIDC_NAME?.trim() || issuer.host,
    scopes: (env.SEALPOST_OIDC_SCOPES ?? "").split(/[\s,]+/).filter((scope) => scope !== ""),
    groupsClaim: env.SEALPOST_OIDC_GROUPS_CLAIM || "groups",
    groupRoles: readGroupRoles(env.SEALPOST_OIDC_GROUPS, fault),
    hasVerifiedEmails,
  };
}

function readIssuer(text: string | undefined, fault: Fault): URL {
  const url = text && URL.canParse(text) ? new URL(text) : null;
  if (url && isSafeAddress(url) && !url.search && !url.hash && !url.username) return url;
  fault(
    `SEALPOST_OIDC_ISSUER must be the https address by which the identity provider calls itself, or http on loopback, not "${text ?? ""}".`,
  );
  return new URL("https://localhost/");
}

function readGroupRoles(text: string | undefined, fault: Fault): GroupRoles {
  const parts = (text ?? "").split(",").filter((part) => part.trim() !== "");
  if (parts.length === 0) return null;
  const found = new Map<string, Role>();
  for (const part of parts) {
    // Names of groups may have an equals sign.
    const end = part.lastIndexOf("=");
    const group = part.slice(0, Math.max(0, end)).trim();
    const role = roles.find((known) => known === part.slice(end + 1).trim());
    if (group === "" || !role || found.has(group))
      fault(
        `SEALPOST_OIDC_GROUPS must be groups, each once, with their roles (${roles.join(", ")}), such as pki-admins=administrator,pki-ops=operator; "${part.trim()}" is not.`,
      );
    else found.set(group, role);
  }
  return found;
}

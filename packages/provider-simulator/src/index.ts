import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import Provider, { type Configuration } from "oidc-provider";

/** Somebody whom the provider knows; what it says of them. */
export interface ProviderPerson {
  readonly sub: string;
  readonly name?: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly groups?: readonly string[];
}

export interface ProviderOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** Null: any that is free. */
  readonly port?: number;
}

/**
 * An identity provider on loopback, by a certified implementation of OpenID Connect. Its sign-in page asks for a name
 * and for no password: who is in `people` is believed.
 */
export async function startProvider({ clientId, clientSecret, redirectUri, port = 0 }: ProviderOptions) {
  const people = new Map<string, ProviderPerson>();
  let handle: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> = async () => {};
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.writeHead(500).end());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://localhost:${addressOf(server.address()).port}`;
  const provider = new Provider(issuer, {
    ...settings,
    jwks: { keys: [await signingKey()] },
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    async findAccount(_, id) {
      const person = people.get(id);
      return person && { accountId: id, claims: async () => ({ ...person }) };
    },
  });
  const answer = provider.callback();
  handle = async (incoming, outgoing) => {
    if (incoming.url?.startsWith("/interaction/")) await interact(provider, incoming, outgoing);
    else answer(incoming, outgoing);
  };
  return {
    issuer,
    people,
    /** Lets it vanish, as when it is down. */
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export type RunningProvider = Awaited<ReturnType<typeof startProvider>>;

const settings: Configuration = {
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"], groups: ["groups"] },
  scopes: ["openid", "profile", "email", "groups"],
  cookies: { keys: [randomBytes(32).toString("hex")] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  ttl: { AccessToken: 600, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  // Whoever signs in has agreed.
  async loadExistingGrant({ oidc }) {
    const { client, session, provider, params } = oidc;
    if (!client || !session?.accountId) return undefined;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(String(params?.scope ?? "openid"));
    await grant.save();
    return grant;
  },
};

async function signingKey() {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: "signing", alg: "RS256", use: "sig" };
}

/** The sign-in page: a name, or no. */
async function interact(
  provider: Provider,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (incoming.method !== "POST") {
    outgoing.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    outgoing.end(page);
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const form = new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
  const accountId = form.get("login");
  const result = accountId
    ? { login: { accountId } }
    : { error: "access_denied", error_description: "<b>The person said no</b>" };
  await provider.interactionFinished(incoming, outgoing, result, { mergeWithLastSubmission: false });
}

const page = `<!doctype html><html lang="en"><title>Company sign-in</title><h1>Company sign-in</h1>
<form method="post"><label>Login <input name="login"></label><button>Go on</button></form>
<form method="post"><button>Cancel</button></form></html>`;

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("the provider does not listen");
  return address;
}

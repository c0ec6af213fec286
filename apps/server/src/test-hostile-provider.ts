import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";

type Claims = Readonly<Record<string, unknown>>;

/** What this provider does that a correct one never does. */
export interface Twist {
  readonly discovery?: Claims;
  readonly claims?: (honest: Claims) => Claims;
  readonly header?: Claims;
  readonly userinfo?: Claims;
  /** Signs with a key that it does not publish. */
  readonly hasForeignKey?: boolean;
  /** Answers to the exchange of a code in place of tokens. */
  readonly tokenAnswer?: { readonly status: number; readonly body: string; readonly type?: string };
  /** Never answers. */
  readonly isSilent?: boolean;
}

/**
 * An identity provider without any honesty of its own: what it says is what a test twists it to. Nobody signs in at
 * it; the test makes the answer that a browser would carry back.
 */
export async function startHostileProvider(clientId: string) {
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const asked = new Map<string, { readonly nonce: string; readonly challenge: string }>();
  const seen: string[] = [];
  let twist: Twist = {};
  const server = createServer((incoming, outgoing) => {
    const answer = async () => {
      const { pathname } = new URL(incoming.url ?? "/", issuer);
      seen.push(pathname);
      if (twist.isSilent) return;
      const { status, body, type = "application/json" } = await answerTo(pathname, incoming);
      outgoing.writeHead(status, { "content-type": type }).end(body);
    };
    answer().catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const issuer = `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;

  async function answerTo(pathname: string, incoming: IncomingMessage) {
    if (pathname === "/.well-known/openid-configuration") return json(discovery());
    if (pathname === "/jwks")
      return json({
        keys: [{ ...own.publicKey.export({ format: "jwk" }), kid: "own", alg: "RS256", use: "sig" }],
      });
    if (pathname === "/userinfo") return json(twist.userinfo ?? { sub: "ana" });
    if (pathname !== "/token") return json({ error: "unknown" }, 404);
    if (twist.tokenAnswer) return twist.tokenAnswer;
    const form = new URLSearchParams(await textOf(incoming));
    const code = asked.get(form.get("code") ?? "");
    const proven = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (!code || code.challenge !== proven) return json({ error: "invalid_grant" }, 400);
    const now = Math.floor(Date.now() / 1000);
    const honest = {
      iss: issuer,
      sub: "ana",
      aud: clientId,
      iat: now,
      exp: now + 60,
      auth_time: now,
      nonce: code.nonce,
      name: "Ana",
      email: "ana@corp.example",
      email_verified: true,
      groups: ["pki-admins"],
    };
    const claims = twist.claims?.(honest) ?? honest;
    const key = twist.hasForeignKey ? foreign.privateKey : own.privateKey;
    const idToken = jwt({ alg: "RS256", kid: "own", ...twist.header }, claims, key);
    return json({
      access_token: "access-token-of-a-hostile-provider",
      token_type: "Bearer",
      id_token: idToken,
    });
  }

  function discovery(): Claims {
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/userinfo`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      authorization_response_iss_parameter_supported: true,
      ...twist.discovery,
    };
  }

  return {
    issuer,
    /** Paths that were asked for. */
    seen,
    twist(how: Twist) {
      twist = how;
    },
    /** The address to which a browser would come back, with some of its parts changed or, where null, left out. */
    answerTo(authorizationUrl: string, changes: Readonly<Record<string, string | null>> = {}): string {
      const { searchParams } = new URL(authorizationUrl);
      const code = randomBytes(16).toString("hex");
      asked.set(code, {
        nonce: searchParams.get("nonce") ?? "",
        challenge: searchParams.get("code_challenge") ?? "",
      });
      const back = new URL(searchParams.get("redirect_uri") ?? "");
      const parts = { code, state: searchParams.get("state"), iss: issuer, ...changes };
      for (const [name, value] of Object.entries(parts))
        if (value !== null) back.searchParams.set(name, value);
      return back.href;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function jwt(header: Claims, claims: Claims, key: KeyObject): string {
  const text = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${text}.${header.alg === "none" ? "" : sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}

function json(body: unknown, status = 200) {
  return { status, body: JSON.stringify(body), type: "application/json" };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

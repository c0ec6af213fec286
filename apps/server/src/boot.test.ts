import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lockDataDirectory } from "@sealpost/db";
import { openVault } from "@sealpost/vault";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig, SettingsError } from "./env.ts";
import { freePort } from "./test-console.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sealpost-boot-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Starts the server as a process of its own; it must end by itself. */
async function boot(env: Readonly<Record<string, string>>): Promise<{ code: number; said: string }> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const { PATH = "" } = process.env;
  const ground = {
    PATH,
    HOME: directory,
    PORT: String(await freePort()),
    SEALPOST_SANDBOX: "off",
    SEALPOST_DATA_DIR: join(directory, "data"),
    SEALPOST_MASTER_KEY_FILE: join(directory, "keys/master.key"),
  };
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main], {
    env: { ...ground, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = await once(child, "exit");
  return { code, said };
}

const sentencesOf = (env: Readonly<Record<string, string>>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return error instanceof SettingsError ? error.sentences : [String(error)];
  }
};

const provider = {
  SEALPOST_OIDC_ISSUER: "https://login.test/realm",
  SEALPOST_OIDC_CLIENT_ID: "sealpost",
  SEALPOST_OIDC_CLIENT_SECRET_FILE: "/run/client-secret",
};

describe("starting on bad ground", () => {
  it("needs no settings at all", () => {
    expect(sentencesOf({ HOME: directory })).toEqual([]);
    expect(readConfig({ HOME: directory }).provider).toBeNull();
  });

  it("takes an identity provider by three settings, and groups by the last equals sign", () => {
    const groups = "cn=pki=key-custodian, ops = operator";
    expect(readConfig({ HOME: directory, ...provider, SEALPOST_OIDC_GROUPS: groups }).provider).toMatchObject(
      {
        name: "login.test",
        scopes: [],
        groupsClaim: "groups",
        groupRoles: new Map([
          ["cn=pki", "key-custodian"],
          ["ops", "operator"],
        ]),
        hasVerifiedEmails: false,
      },
    );
  });

  it("says that the client secret is missing, and not what stands in its file", async () => {
    const file = join(directory, "client-secret");
    const env = { ...provider, SEALPOST_OIDC_CLIENT_SECRET_FILE: file };
    plainly(
      await boot(env),
      `SEALPOST_OIDC_CLIENT_SECRET_FILE ${file} cannot be read, or holds no client secret.`,
    );
  });

  it("keeps the key of the sandbox apart from the real one, so that a new key in one locks nobody out of the other", () => {
    const keyFile = (sandbox: string) =>
      readConfig({ HOME: directory, SEALPOST_SANDBOX: sandbox }).masterKeyFile;
    expect(keyFile("on")).not.toBe(keyFile("off"));
  });

  it.each([
    [{ PORT: "port" }, "PORT must be a number"],
    [{ SEALPOST_SANDBOX: "maybe" }, "SEALPOST_SANDBOX must be on or off"],
    [
      { SEALPOST_HOST: "0.0.0.0", SEALPOST_PUBLIC_URL: "https://x.test" },
      "The sandbox runs only on loopback",
    ],
    [{ SEALPOST_HOST: "0.0.0.0", SEALPOST_SANDBOX: "off" }, "SEALPOST_PUBLIC_URL must be set"],
    [{ SEALPOST_PUBLIC_URL: "http://x.test" }, "must start with https://"],
    [{ SEALPOST_PUBLIC_URL: "x.test/path" }, "must be an address such as"],
    [{ SEALPOST_LOG_LEVEL: "loud" }, "SEALPOST_LOG_LEVEL must be one of"],
    [
      { SEALPOST_DATA_DIR: "/srv/d", SEALPOST_MASTER_KEY_FILE: "/srv/d/key" },
      "must lie outside SEALPOST_DATA_DIR",
    ],
    [
      { ...provider, SEALPOST_OIDC_ISSUER: "http://login.test" },
      "SEALPOST_OIDC_ISSUER must be the https address",
    ],
    [{ ...provider, SEALPOST_OIDC_ISSUER: "" }, "SEALPOST_OIDC_ISSUER must be"],
    [{ ...provider, SEALPOST_OIDC_CLIENT_ID: "" }, "SEALPOST_OIDC_CLIENT_ID must be set"],
    [
      { ...provider, SEALPOST_OIDC_CLIENT_SECRET_FILE: "" },
      "SEALPOST_OIDC_CLIENT_SECRET_FILE must name the file",
    ],
    [
      { ...provider, SEALPOST_OIDC_GROUPS: "pki=boss" },
      "with their roles (viewer, operator, importer, key-custodian, administrator)",
    ],
    [{ ...provider, SEALPOST_OIDC_GROUPS: "pki=viewer,pki=operator" }, "must be groups, each once"],
    [
      { ...provider, SEALPOST_OIDC_VERIFIED_EMAILS: "yes" },
      "SEALPOST_OIDC_VERIFIED_EMAILS must be on or off",
    ],
  ])("says in one sentence what is wrong with %j", (env, sentence) => {
    const said = sentencesOf(env);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(sentence);
  });

  it("names every fault at once", () => {
    expect(sentencesOf({ PORT: "x", SEALPOST_SANDBOX: "x", SEALPOST_LOG_LEVEL: "x" })).toHaveLength(3);
  });

  const plainly = ({ code, said }: { code: number; said: string }, sentence: string) => {
    expect(said).toContain(sentence);
    expect(said.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
  };

  it("says that the port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    plainly(
      await boot({ PORT: String(typeof address === "object" ? address?.port : 0) }),
      "The port is taken.",
    );
    server.close();
  });

  it("says that another Sealpost works in the data directory", async () => {
    mkdirSync(join(directory, "data"));
    const lock = lockDataDirectory(join(directory, "data"));
    plainly(await boot({}), "Another Sealpost already works in");
    lock.release();
  });

  it("says that the data directory cannot be made", async () => {
    writeFileSync(join(directory, "file"), "");
    plainly(await boot({ SEALPOST_DATA_DIR: join(directory, "file", "data") }), "cannot be written");
  });

  it("says that the master key can be read by others", async () => {
    await openVault({ directory: join(directory, "data", "vault"), masterKeys: [Buffer.alloc(32, 1)] });
    const file = join(directory, "key");
    writeFileSync(file, Buffer.alloc(32, 1).toString("base64"));
    chmodSync(file, 0o644);
    plainly(await boot({ SEALPOST_MASTER_KEY_FILE: file }), "can be read by others");
  });
});

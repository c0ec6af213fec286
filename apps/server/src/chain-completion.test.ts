import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addIntermediates } from "@sealpost/cli/add-intermediates";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIssuerFetch } from "./fetch-issuer.ts";
import { isPublicAddress } from "./pinned-address.ts";
import { createReadPool } from "./read-pool.ts";
import { apiOf, enter, startTestConsole } from "./test-console.ts";

const directory = mkdtempSync(join(tmpdir(), "sealpost-chain-"));
const path = (name: string) => join(directory, name);
const bytes = (name: string) => readFileSync(path(name));
const openssl = (...args: string[]) =>
  execFileSync("openssl", args, { cwd: directory, stdio: ["ignore", "pipe", "ignore"] });

/** Root, two intermediates and a leaf; leaf and lower intermediate say where their issuers can be fetched. */
function makeChain(origin: string): void {
  const ca = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";
  const aia = (name: string) => `authorityInfoAccess=caIssuers;URI:${origin}/${name}\n`;
  const leaf =
    "subjectAltName=DNS:shop.example.test\nextendedKeyUsage=serverAuth\nkeyUsage=critical,digitalSignature\n";
  make("root", null, ca);
  make("upper", "root", ca);
  make("lower", "upper", `${ca}${aia("upper.der")}`);
  make("leaf", "lower", `${leaf}${aia("Lower.p7c")}`);
  openssl("x509", "-in", "upper.crt", "-outform", "DER", "-out", "upper.der");
  openssl("crl2pkcs7", "-nocrl", "-certfile", "lower.crt", "-outform", "DER", "-out", "lower.p7c");
}

function make(name: string, issuer: string | null, extensions: string): void {
  writeFileSync(path(`${name}.ext`), extensions);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`];
  openssl("req", "-new", ...key, "-subj", `/CN=Chain ${name}`, "-out", `${name}.csr`);
  const signer = issuer
    ? ["-CA", `${issuer}.crt`, "-CAkey", `${issuer}.key`, "-CAcreateserial"]
    : ["-signkey", `${name}.key`];
  const rest = ["-days", "90", "-extfile", `${name}.ext`, "-out", `${name}.crt`];
  openssl("x509", "-req", "-in", `${name}.csr`, ...signer, ...rest);
}

let answerWith: RequestListener;
const asked: string[] = [];
const ca = createServer((request, response) => {
  asked.push(request.url ?? "");
  answerWith(request, response);
});
let origin = "";

beforeAll(async () => {
  ca.listen(0, "127.0.0.1");
  await once(ca, "listening");
  const address = ca.address();
  origin = `http://ca.example.test:${typeof address === "object" ? address?.port : 0}`;
  makeChain(origin);
});
afterAll(() => {
  ca.closeAllConnections();
  ca.close();
  rmSync(directory, { recursive: true, force: true });
});

const serveBoth: RequestListener = (request, response) =>
  response.end(request.url === "/Lower.p7c" ? bytes("lower.p7c") : bytes("upper.der"));
const onLoopback = { isAllowed: () => true, resolve: async () => ["127.0.0.1"] };

async function readLeaf(answering: RequestListener, options: Parameters<typeof createIssuerFetch>[0]) {
  answerWith = answering;
  asked.length = 0;
  const anchorsPem = [bytes("root.crt").toString()];
  await using pool = createReadPool({ anchorsPem, library: null, fetchIssuer: createIssuerFetch(options) });
  const inputs = [
    { name: "leaf.crt", bytes: bytes("leaf.crt") },
    { name: "leaf.key", bytes: bytes("leaf.key") },
  ];
  return await pool.read(inputs, { passphrase: null, now: new Date() });
}

describe("a missing intermediate, fetched from where its certificate says", () => {
  it("is added hop by hop, DER or PKCS#7, and the whole chain proved", async () => {
    const { facts } = await readLeaf(serveBoth, onLoopback);
    expect(asked).toEqual(["/Lower.p7c", "/upper.der"]);
    expect(facts).toMatchObject({ chainState: "complete", missingIssuer: null });
    expect(facts.chain.map(({ origin, mark }) => [origin, mark])).toEqual([
      ["given", "kept"],
      ["aia", "added"],
      ["aia", "added"],
    ]);
    expect(facts.handshake).not.toBeNull();
  });

  it("is never asked for at an address that is not public, and the name's every address counts", async () => {
    const { facts } = await readLeaf(serveBoth, { resolve: async () => ["127.0.0.1"] });
    expect(facts.missingIssuer).toBe("Chain lower");
    await readLeaf(serveBoth, { resolve: async () => ["93.184.215.14", "127.0.0.1"] });
    expect(asked).toEqual([]);
    for (const address of [
      "127.0.0.1",
      "10.1.2.3",
      "172.16.0.1",
      "192.168.1.1",
      "169.254.169.254",
      "100.64.0.1",
      "0.0.0.0",
      "224.0.0.1",
      "255.255.255.255",
      "::1",
      "::",
      "fe80::1",
      "fd00::1",
      "::ffff:10.0.0.1",
      "64:ff9b::a00:1",
      "2002:a00:1::",
      "localhost",
    ])
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
    expect(isPublicAddress("93.184.215.14")).toBe(true);
    expect(isPublicAddress("2606:2800:21f:cb07:6820:80da:af6b:8b2c")).toBe(true);
  });

  it("is left missing when the answer is another certificate, a page, too long, an error or a redirect", async () => {
    const answers: readonly RequestListener[] = [
      (_, response) => response.end(bytes("upper.der")),
      (_, response) => response.end("<html>hello</html>"),
      (_, response) => response.end(Buffer.concat([bytes("lower.p7c"), Buffer.alloc(70_000)])),
      (_, response) => response.writeHead(500).end(bytes("lower.p7c")),
      (_, response) => response.writeHead(302, { location: `${origin}/upper.der` }).end(),
      (request) => request.socket.destroy(),
    ];
    for (const answering of answers) {
      const { facts } = await readLeaf(answering, onLoopback);
      expect(facts).toMatchObject({ missingIssuer: "Chain lower", chainState: "incomplete" });
      expect(asked).toEqual(["/Lower.p7c"]);
    }
  });

  it("gives up on a server that never ends its answer", async () => {
    const { facts } = await readLeaf((_, response) => void response.write("0"), onLoopback);
    expect(facts.missingIssuer).toBe("Chain lower");
  });
});

describe("the library of intermediates", () => {
  it("completes a chain from what an operator has added, and from what an import has taught, also after a restart", async () => {
    await using world = await startTestConsole();
    const api = apiOf(world, await enter(world));
    const preview = async (...names: string[]) => {
      const form = new FormData();
      for (const name of names) form.append("file", new File([bytes(name)], name));
      return (await api.certificates.preview.mutate(form)).facts;
    };
    expect((await preview("leaf.crt")).missingIssuer).toBe("Chain lower");
    const socket = join(world.directory, "data", "sandbox", "operator.sock");
    writeFileSync(path("bundle.pem"), ["root", "lower", "leaf"].map((name) => bytes(`${name}.crt`)).join(""));
    const lines: string[] = [];
    expect(await addIntermediates([path("bundle.pem")], (line) => lines.push(line), socket)).toBe(0);
    expect(lines.join()).toContain("1 added, 0 known already, 2 left out");
    expect((await preview("leaf.crt")).missingIssuer).toBe("Chain upper");
    await world.restart();
    const facts = await preview("leaf.crt", "upper.crt");
    expect(facts.chain.map((entry) => [entry.origin, entry.mark]).slice(0, 2)).toEqual([
      ["given", "kept"],
      ["library", "added"],
    ]);
    await world.simulator.control.placeOrder({ commonName: "taught.example.test" });
    const [taught] = await world.simulator.control.orders();
    const form = new FormData();
    form.append(
      "text",
      `${taught?.certificatePem}${world.simulator.intermediateCertificatePem}${taught?.privateKeyPem}`,
    );
    await api.certificates.import.mutate(form);
    const again = new FormData();
    again.append("text", taught?.certificatePem ?? "");
    const known = (await api.certificates.preview.mutate(again)).facts;
    expect(known).toMatchObject({ chainState: "complete", chain: [{}, { origin: "library" }] });
  });
});

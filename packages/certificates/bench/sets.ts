import { createHash, createPublicKey, generateKeyPair, type KeyObject, randomBytes, sign } from "node:crypto";
import { promisify } from "node:util";

/** What one import holds: the texts as people drop them. */
export interface MaterialSet {
  readonly kind: "rsa" | "ec";
  readonly name: string;
  /** The certificate, then two intermediates. */
  readonly certificatesPem: string;
  readonly privateKeyPem: string;
}

export interface MaterialSets {
  readonly rootsPem: readonly string[];
  readonly sets: readonly MaterialSet[];
}

interface Party {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly pem: string;
}

const generate = promisify(generateKeyPair);

/** As many different sets, half RSA and half EC, each with its own key, under so many pairs of intermediates in all. */
export async function makeSets(count: number, pairs: number): Promise<MaterialSets> {
  const kinds = await Promise.all(
    (["rsa", "ec"] as const).map((kind) => makeKind(kind, count / 2, pairs / 2)),
  );
  return {
    rootsPem: kinds.map(({ root }) => root.pem),
    sets: kinds.flatMap(({ sets }) => sets),
  };
}

async function makeKind(kind: MaterialSet["kind"], count: number, pairCount: number) {
  const root = await party(kind, `Bench ${kind} root`, null);
  const pairs = await Promise.all(
    Array.from({ length: pairCount }, async (_, index) => {
      const upper = await party(kind, `Bench ${kind} policy CA ${index}`, root);
      return { upper, lower: await party(kind, `Bench ${kind} issuing CA ${index}`, upper) };
    }),
  );
  const sets = await Promise.all(
    Array.from({ length: count }, async (_, index): Promise<MaterialSet> => {
      const name = `host-${index}.${kind}.example.test`;
      const { upper, lower } = pairs[index % pairCount] ?? { upper: root, lower: root };
      const leaf = await party(kind, name, lower, true);
      const privateKeyPem = leaf.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
      return { kind, name, certificatesPem: leaf.pem + lower.pem + upper.pem, privateKeyPem };
    }),
  );
  return { root, sets };
}

async function party(
  kind: MaterialSet["kind"],
  name: string,
  issuer: Party | null,
  isLeaf = false,
): Promise<Party> {
  const { privateKey } =
    kind === "rsa"
      ? await generate("rsa", { modulusLength: 2048 })
      : await generate("ec", { namedCurve: "P-256" });
  const signer = issuer ?? { name, privateKey };
  return { name, privateKey, pem: certificate({ kind, name, privateKey, signer, isLeaf }) };
}

interface Wanted {
  readonly kind: MaterialSet["kind"];
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly signer: Pick<Party, "name" | "privateKey">;
  readonly isLeaf: boolean;
}

/** RFC 5280 section 4.1, valid from today for 90 days (a CA's ten years). */
function certificate({ kind, name, privateKey, signer, isLeaf }: Wanted): string {
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const algorithm =
    kind === "rsa" ? der(0x30, oid("2a864886f70d01010b"), der(0x05)) : der(0x30, oid("2a8648ce3d040302"));
  const [from, to] = [Date.now() - 3_600_000, Date.now() + (isLeaf ? 90 : 3650) * 86_400_000];
  const tbs = der(
    0x30,
    der(0xa0, der(2, Buffer.from([2]))),
    der(2, Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    algorithm,
    nameOf(signer.name),
    der(0x30, time(from), time(to)),
    nameOf(name),
    spki,
    der(0xa3, der(0x30, ...extensions(name, spki, signer.privateKey, isLeaf))),
  );
  const signature = sign("sha256", tbs, signer.privateKey);
  const whole = der(0x30, tbs, algorithm, der(3, Buffer.from([0]), signature));
  const lines = whole.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function extensions(name: string, spki: Buffer, issuerKey: KeyObject, isLeaf: boolean): readonly Buffer[] {
  const issuerSpki = createPublicKey(issuerKey).export({ type: "spki", format: "der" });
  const yes = der(1, Buffer.from([0xff]));
  const extension = (id: string, value: Buffer, isCritical = false) =>
    der(0x30, oid(id), ...(isCritical ? [yes] : []), der(4, value));
  const identifiers = [
    extension("551d0e", der(4, keyId(spki))),
    extension("551d23", der(0x30, der(0x80, keyId(issuerSpki)))),
  ];
  if (!isLeaf)
    return [
      ...identifiers,
      extension("551d13", der(0x30, yes), true),
      extension("551d0f", der(3, Buffer.from([1, 0x06])), true),
    ];
  return [
    ...identifiers,
    extension("551d11", der(0x30, der(0x82, Buffer.from(name)), der(0x82, Buffer.from(`www.${name}`)))),
    extension("551d0f", der(3, Buffer.from([7, 0x80])), true),
    extension("551d25", der(0x30, oid("2b06010505070301"))),
  ];
}

function keyId(spki: Buffer): Buffer {
  return createHash("sha1").update(spki).digest();
}

function nameOf(commonName: string): Buffer {
  return der(0x30, der(0x31, der(0x30, oid("550403"), der(0x0c, Buffer.from(commonName)))));
}

function time(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  return der(0x17, Buffer.from(text.replace(/[-:T]/g, "").slice(2)));
}

function oid(hex: string): Buffer {
  return der(6, Buffer.from(hex, "hex"));
}

/** One DER element (X.690 section 8.1). */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

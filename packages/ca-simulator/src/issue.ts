// The X.509 library wants this before it is loaded.
import "reflect-metadata";
import { createPrivateKey, createPublicKey, generateKeyPair, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(crypto);

const makeKeyPair = promisify(generateKeyPair);

export const keyTypes = ["rsa-2048", "rsa-3072", "ec-p256", "ec-p384"] as const;
export type KeyType = (typeof keyTypes)[number];

const signing = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const subjectAltName = "2.5.29.17";
const yearMs = 365 * 24 * 60 * 60 * 1000;

/** A CA with a throw-away root and one intermediate under it. Keys are PKCS#8 PEM, so that a restart finds the same CA. */
export interface Authority {
  readonly rootPem: string;
  readonly intermediatePem: string;
  readonly intermediateKeyPem: string;
}

export async function makeAuthority(now: Date): Promise<Authority> {
  const root = await crypto.subtle.generateKey(signing, true, ["sign", "verify"]);
  const intermediate = await crypto.subtle.generateKey(signing, true, ["sign", "verify"]);
  const notBefore = new Date(now.getTime() - 6 * yearMs);
  const notAfter = new Date(now.getTime() + 15 * yearMs);
  const rootName = "CN=Sandbox Root - trust nowhere else,O=Sealpost Sandbox";
  const rootCertificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: rootName,
    notBefore,
    notAfter,
    signingAlgorithm: signing,
    keys: root,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(root.publicKey),
    ],
  });
  const intermediateCertificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: "CN=Sandbox TLS CA 1,O=Sealpost Sandbox",
    issuer: rootName,
    notBefore,
    notAfter: new Date(notAfter.getTime() - yearMs),
    signingAlgorithm: signing,
    publicKey: intermediate.publicKey,
    signingKey: root.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      await x509.SubjectKeyIdentifierExtension.create(intermediate.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(root.publicKey),
    ],
  });
  const exported = await crypto.subtle.exportKey("pkcs8", intermediate.privateKey);
  return {
    rootPem: `${rootCertificate.toString("pem")}\n`,
    intermediatePem: `${intermediateCertificate.toString("pem")}\n`,
    intermediateKeyPem: `${x509.PemConverter.encode(exported, "PRIVATE KEY")}\n`,
  };
}

export interface KeyAndRequest {
  readonly privateKeyPem: string;
  readonly csrPem: string;
}

/** A key and the request made with it, as the customer of a CA would. */
export async function makeRequest(options: {
  readonly keyType: KeyType;
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly organization: string | null;
}): Promise<KeyAndRequest> {
  const { keyType, commonName, dnsNames, organization } = options;
  const { privateKey } =
    keyType === "rsa-2048" || keyType === "rsa-3072"
      ? await makeKeyPair("rsa", { modulusLength: keyType === "rsa-2048" ? 2048 : 3072 })
      : await makeKeyPair("ec", { namedCurve: keyType === "ec-p256" ? "P-256" : "P-384" });
  const privateKeyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const csrPem = await requestFor(privateKeyPem, { commonName, dnsNames, organization });
  return { privateKeyPem, csrPem };
}

async function requestFor(
  privateKeyPem: string,
  about: {
    readonly commonName: string;
    readonly dnsNames: readonly string[];
    readonly organization: string | null;
  },
): Promise<string> {
  const keys = await importKeys(privateKeyPem);
  const name = [{ CN: [about.commonName] }, ...(about.organization ? [{ O: [about.organization] }] : [])];
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name,
    keys,
    signingAlgorithm: signatureFor(keys),
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        about.dnsNames.map((value) => ({ type: "dns" as const, value })),
      ),
    ],
  });
  return `${request.toString("pem")}\n`;
}

async function importKeys(privateKeyPem: string): Promise<ImportedKeys> {
  const key = createPrivateKey(privateKeyPem);
  const details = key.asymmetricKeyDetails;
  const algorithm =
    key.asymmetricKeyType === "rsa"
      ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
      : { name: "ECDSA", namedCurve: details?.namedCurve === "secp384r1" ? "P-384" : "P-256" };
  const pkcs8 = key.export({ type: "pkcs8", format: "der" });
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  return {
    privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]),
    publicKey: await crypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]),
  };
}

type ImportedKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
type ImportedKeys = { readonly privateKey: ImportedKey; readonly publicKey: ImportedKey };

function signatureFor({ privateKey }: ImportedKeys) {
  return privateKey.algorithm.name === "ECDSA"
    ? { name: "ECDSA", hash: "SHA-256" }
    : { name: "RSASSA-PKCS1-v1_5" };
}

export interface Leaf {
  readonly pem: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

/** Issues the certificate for a request: with the names it asks for, RFC 5280 extensions, and nothing else of it. */
export async function issueLeaf(
  authority: Authority,
  csrPem: string,
  period: { readonly validFrom: Date; readonly validTo: Date },
): Promise<Leaf> {
  const request = new x509.Pkcs10CertificateRequest(csrPem);
  const issuer = new x509.X509Certificate(authority.intermediatePem);
  const { privateKey } = await importKeys(authority.intermediateKeyPem);
  const publicKey = await request.publicKey.export();
  const names = request.getExtension(subjectAltName);
  const isRsa = publicKey.algorithm.name.startsWith("RSA");
  const usage = x509.KeyUsageFlags.digitalSignature | (isRsa ? x509.KeyUsageFlags.keyEncipherment : 0);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: request.subject,
    issuer: issuer.subject,
    notBefore: period.validFrom,
    notAfter: period.validTo,
    signingAlgorithm: signing,
    publicKey,
    signingKey: privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(usage, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      ...(names ? [new x509.Extension(subjectAltName, false, names.value)] : []),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(await issuer.publicKey.export()),
    ],
  });
  return {
    pem: `${certificate.toString("pem")}\n`,
    validFrom: certificate.notBefore,
    validTo: certificate.notAfter,
  };
}

/** The last one found good: many orders for one request are checked once. */
let goodRequest = "";

/** Whether this text is a request a CA would take: it parses and is signed by its own key. */
export async function isRequest(csrPem: string): Promise<boolean> {
  if (csrPem === goodRequest) return true;
  try {
    const isGood = await new x509.Pkcs10CertificateRequest(csrPem).verify();
    if (isGood) goodRequest = csrPem;
    return isGood;
  } catch {
    return false;
  }
}

/** 16 random bytes, positive and without leading zeros (RFC 5280 section 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}

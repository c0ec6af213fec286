const labels = [
  "CERTIFICATE",
  "X509 CERTIFICATE",
  "X.509 CERTIFICATE",
  "TRUSTED CERTIFICATE",
  "CERTIFICATE CHAIN",
  "ATTRIBUTE CERTIFICATE",
  "CERTIFICATE REQUEST",
  "NEW CERTIFICATE REQUEST",
  "X509 CRL",
  "PKCS7",
  "PKCS12",
  "PKCS #7 SIGNED DATA",
  "CMS",
  "PUBLIC KEY",
  "RSA PUBLIC KEY",
  "EC PUBLIC KEY",
  "PRIVATE KEY",
  "ANY PRIVATE KEY",
  "ENCRYPTED PRIVATE KEY",
  "RSA PRIVATE KEY",
  "EC PRIVATE KEY",
  "DSA PRIVATE KEY",
  "OPENSSH PRIVATE KEY",
  "SSH2 ENCRYPTED PRIVATE KEY",
  "SSH2 PUBLIC KEY",
  "EC PARAMETERS",
  "DH PARAMETERS",
  "X9.42 DH PARAMETERS",
  "DSA PARAMETERS",
  "PGP MESSAGE",
  "PGP PUBLIC KEY BLOCK",
  "PGP PRIVATE KEY BLOCK",
  "PGP SIGNED MESSAGE",
  "PGP SIGNATURE",
];
const known = new Map(labels.map((label) => [compact(label), label]));

/** The label as it should be written, whatever case and spaces it came with. Null for one that nobody uses. */
export function knownLabel(written: string): string | null {
  return known.get(compact(written)) ?? null;
}

function compact(label: string): string {
  return label.toUpperCase().replace(/[^A-Z0-9]/g, "");
}

/** What stands for one certificate, so that nothing may stand behind it. */
export function isCertificateLabel(label: string): boolean {
  return /^(?:X\.?509 )?CERTIFICATE$/.test(label);
}

export function isPrivateKeyLabel(label: string): boolean {
  return label.endsWith("PRIVATE KEY");
}

const foreignKeys: Readonly<Record<string, string>> = {
  "OPENSSH PRIVATE KEY": "OpenSSH key",
  "SSH2 ENCRYPTED PRIVATE KEY": "SSH key",
  "SSH2 PUBLIC KEY": "SSH key",
};

/** The name of a key's format that is none of TLS; null for others. */
export function foreignKeyFormat(label: string): string | null {
  return foreignKeys[label] ?? null;
}

const aroundMails = ["PGP SIGNED MESSAGE", "PGP SIGNATURE"];

/** What lies around a mail and says nothing of certificates. */
export function isPassedOver(label: string): boolean {
  return aroundMails.includes(label);
}

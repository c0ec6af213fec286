import { type DerElement, derAt, derChildren, derTag, sequenceOf } from "./der.ts";
import { comparableName, type GeneralName, generalName } from "./general-names.ts";

/** RFC 5280 section 4.2.1.10. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

/** Null when both lists are absent or empty, or a base does not follow its kind (an address needs its mask). */
export function readNameConstraints(value: DerElement): NameConstraints | null {
  const lists = sequenceOf(value);
  const basesOf = (tag: number) => lists.filter((list) => list.tag === tag).flatMap(derChildren);
  const subtrees = [...basesOf(0xa0), ...basesOf(0xa1)];
  if (subtrees.length === 0) return null;
  const bases = (tag: number) =>
    basesOf(tag).flatMap((subtree) => {
      const [base] = sequenceOf(subtree);
      return base ? [generalName(base)] : [];
    });
  const constraints = { permitted: bases(0xa0), excluded: bases(0xa1) };
  const all = [...constraints.permitted, ...constraints.excluded];
  return all.length === subtrees.length && all.every(isWellFormed) ? constraints : null;
}

function isWellFormed({ kind, text, bytes }: GeneralName): boolean {
  if (kind === "dns") return text === "" || isPlainName(text);
  if (kind === "ip") return (bytes.length === 8 || bytes.length === 32) && isContiguous(bytes);
  return true;
}

function isPlainName(text: string): boolean {
  return text.split(".").every((label) => /^(?!-)[a-z0-9_-]{1,63}$/.test(label));
}

function isContiguous(bytes: Buffer): boolean {
  const mask = [...bytes.subarray(bytes.length / 2)]
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  return /^1*0*$/.test(mask);
}

/** Names a certificate has, for constraints: its alternative names, its subject, and mail addresses inside that. */
export function constrainedNames(subject: Buffer, names: readonly GeneralName[]): readonly GeneralName[] {
  const own: GeneralName[] =
    (derAt(subject)?.content.length ?? 0) > 0 ? [{ kind: "directory", text: "", bytes: subject }] : [];
  return [...own, ...(names.some(({ kind }) => kind === "email") ? [] : subjectEmails(subject)), ...names];
}

const emailAddressOid = "2a864886f70d010901";

function subjectEmails(subject: Buffer): readonly GeneralName[] {
  return sequenceOf(derAt(subject))
    .flatMap((set) => derChildren(set))
    .flatMap((attribute) => {
      const [type, value] = sequenceOf(attribute);
      const isEmail = type?.tag === derTag.oid && type.content.toString("hex") === emailAddressOid;
      return isEmail && value
        ? [{ kind: "email" as const, text: value.content.toString("latin1"), bytes: value.content }]
        : [];
    });
}

/**
 * Whether all names stay within the constraints. A kind of name nobody here can compare fails as soon as a constraint
 * speaks of it (section 4.2.1.10: process or reject).
 */
export function satisfies({ permitted, excluded }: NameConstraints, names: readonly GeneralName[]): boolean {
  return names.every((name) => {
    const ofKind = (bases: readonly GeneralName[]) => bases.filter(({ kind }) => kind === name.kind);
    const allowed = ofKind(permitted);
    const forbidden = ofKind(excluded);
    if (name.kind === "other" || name.kind === "unknown") return allowed.length + forbidden.length === 0;
    if (allowed.length + forbidden.length > 0 && !isComparable(name)) return false;
    // Only the host of an address counts; it is looked for once, and compared with all bases.
    const own = name.kind === "uri" ? { ...name, text: hostOf(name.text) } : name;
    if (forbidden.some((base) => isWithin(own, base) || (own.kind === "dns" && isWildcardOver(own, base))))
      return false;
    return allowed.length === 0 || allowed.some((base) => isWithin(own, base));
  });
}

function isComparable({ kind, text, bytes }: GeneralName): boolean {
  if (kind === "dns") return isPlainName(text.replace(/^\*\./, ""));
  if (kind === "ip") return bytes.length === 4 || bytes.length === 16;
  if (kind === "email") return /^[^@\s]+@[^@\s]+$/.test(text);
  return true;
}

function isWithin(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === "dns")
    return base.text === "" || name.text === base.text || name.text.endsWith(`.${base.text}`);
  if (name.kind === "ip") return isInNetwork(name.bytes, base.bytes);
  if (name.kind === "email") return isMailWithin(name.text, base.text);
  if (name.kind === "uri") return isHostWithin(name.text, base.text);
  // A directory name inside a GeneralName is tagged explicitly; a subject stands as it is.
  return isDirectoryWithin(comparableName(name.bytes), comparableName(base.bytes));
}

/** `*.example.com` may stand for an excluded `foo.example.com`. */
function isWildcardOver({ text }: GeneralName, base: GeneralName): boolean {
  return (
    text.startsWith("*.") &&
    base.text.endsWith(text.slice(1)) &&
    !base.text.slice(0, -text.length + 1).includes(".")
  );
}

function isInNetwork(address: Buffer, network: Buffer): boolean {
  const size = address.length;
  if (network.length !== 2 * size) return false;
  return address.every((byte, index) => {
    const mask = network[size + index] ?? 0;
    return (byte & mask) === ((network[index] ?? 0) & mask);
  });
}

/** A mailbox, a host, or with a leading dot everything below one; the part before the `@` keeps its letter case. */
function isMailWithin(mail: string, base: string): boolean {
  const at = mail.lastIndexOf("@");
  const host = mail.slice(at + 1).toLowerCase();
  const baseAt = base.lastIndexOf("@");
  if (baseAt < 0) return isHostWithin(host, base.toLowerCase());
  return mail.slice(0, at) === base.slice(0, baseAt) && host === base.slice(baseAt + 1).toLowerCase();
}

function isHostWithin(host: string, base: string): boolean {
  return base.startsWith(".") ? host.endsWith(base) : host === base;
}

function hostOf(uri: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^:/?#]+)/.exec(uri)?.[1] ?? "";
}

function isDirectoryWithin(name: readonly string[], base: readonly string[]): boolean {
  return base.every((part, index) => name[index] === part);
}

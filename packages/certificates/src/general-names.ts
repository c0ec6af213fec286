import { type DerElement, derAt, derChildren, derTag, sequenceOf } from "./der.ts";

/** One name of RFC 5280 section 4.2.1.6, or the base of a name constraint. */
export interface GeneralName {
  readonly kind: "other" | "email" | "dns" | "directory" | "uri" | "ip" | "unknown";
  /** Text in lower case (a mail address as it stands); hex for addresses; empty for the rest. */
  readonly text: string;
  readonly bytes: Buffer;
}

const kinds: Readonly<Record<number, GeneralName["kind"]>> = {
  160: "other",
  129: "email",
  130: "dns",
  164: "directory",
  134: "uri",
  135: "ip",
};

/** Null when it is not a sequence of at least one name. */
export function readGeneralNames(value: DerElement): readonly GeneralName[] | null {
  const names = sequenceOf(value).map(generalName);
  return names.length > 0 ? names : null;
}

export function generalName({ tag, content }: DerElement): GeneralName {
  const kind = kinds[tag] ?? "unknown";
  if (kind === "ip") return { kind, text: content.toString("hex"), bytes: content };
  if (kind === "email") return { kind, text: content.toString("latin1"), bytes: content };
  const isText = kind === "dns" || kind === "uri";
  return { kind, text: isText ? content.toString("latin1").toLowerCase() : "", bytes: content };
}

const comparable = new WeakMap<Buffer, readonly string[]>();

/**
 * The attributes of a directory name, each as comparable text: letter case and doubled spaces do not count (section
 * 7.1). Each name is taken apart once: it may be long, and is compared with many.
 */
export function comparableName(bytes: Buffer): readonly string[] {
  const found = comparable.get(bytes) ?? attributesOf(bytes);
  comparable.set(bytes, found);
  return found;
}

function attributesOf(bytes: Buffer): readonly string[] {
  return sequenceOf(derAt(bytes)).map((set) =>
    derChildren(set)
      .map((attribute) => {
        const [type, value] = sequenceOf(attribute);
        return `${type?.content.toString("hex")}=${value ? comparableText(value) : ""}`;
      })
      .toSorted()
      .join("+"),
  );
}

const keys = new WeakMap<Buffer, string>();

/** A name as the key of a map: equal for names that are equal after `comparableName`. */
export function nameKey(bytes: Buffer): string {
  const key = keys.get(bytes) ?? comparableName(bytes).join(",");
  keys.set(bytes, key);
  return key;
}

function comparableText({ tag, content }: DerElement): string {
  const text = content.toString(tag === derTag.utf8String ? "utf8" : "latin1");
  return text.trim().replace(/\s+/g, " ").toLowerCase();
}

/** An address as people write it (RFC 5952 for the short form is left to the URL parser); null for any other length. */
export function addressText(bytes: Buffer): string | null {
  if (bytes.length === 4) return [...bytes].join(".");
  if (bytes.length !== 16) return null;
  const groups = bytes.toString("hex").match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

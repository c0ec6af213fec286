import type { AuthenticationResult, AuthenticationVerdict } from "@sealpost/domain";
import type { MailHeader } from "./mime-header.ts";

const mostAddresses = 20;

/** The addresses of a field, without names and comments: a name may look like an address and be somebody else's. */
export function addressesIn(field: string): readonly string[] {
  const bare = withoutComments(field.replace(/"(?:[^"\\]|\\.)*"/g, ""));
  const found = bare.split(/[,;]/).flatMap((one) => {
    const inBrackets = /<([^<>]*)>\s*$/.exec(one)?.[1];
    const address = (inBrackets ?? one.replace(/^[^:]*:/, "")).trim().toLowerCase();
    return /^[^\s@"<>(),;:\\[\]]{1,64}@[^\s@"<>(),;:\\[\]]{1,253}$/.test(address) ? [address] : [];
  });
  return found.slice(0, mostAddresses);
}

function withoutComments(text: string): string {
  let rest = text;
  for (let round = 0; round < 10; round += 1) {
    const next = rest.replace(/\([^()]*\)/g, " ");
    if (next === rest) return rest;
    rest = next;
  }
  return rest;
}

const mostResults = 10;

/**
 * What receiving servers say of the sender (RFC 8601), with where each of them stands. A delivery by LMTP, or within
 * one server, adds a Received field on top of the one by which the mail came in; no sender can write above that.
 */
export function authenticationResults(headers: readonly MailHeader[]): readonly AuthenticationResult[] {
  const arrival = headers.findIndex(({ key, value }) => key === "received" && !isInnerHop(value));
  const from = addressesIn(headers.find(({ key }) => key === "from")?.value ?? "")[0]?.split("@")[1] ?? "";
  return headers
    .flatMap(({ key, value }, index) => {
      if (key !== "authentication-results") return [];
      const result = resultOf(value.slice(0, 4096), from);
      return result ? [{ ...result, isAboveArrival: arrival > index }] : [];
    })
    .slice(0, mostResults);
}

/** RFC 5321 section 4.4: `with` is written by the receiving server itself; LMTP is not spoken between sites (RFC 2033). */
function isInnerHop(received: string): boolean {
  const bare = withoutComments(received);
  return /\bwith\s+(?:utf8)?lmtp/i.test(bare) || !/^\s*from\b/i.test(bare);
}

function resultOf(field: string, fromDomain: string): Omit<AuthenticationResult, "isAboveArrival"> | null {
  const [head = "", ...methods] = withoutComments(field.replace(/"((?:[^"\\]|\\.)*)"/g, "$1")).split(";");
  const authservId = /^\s*([^\s;=]{1,253})(?:\s+\d+)?\s*$/.exec(head)?.[1]?.toLowerCase();
  if (authservId === undefined) return null;
  return { authservId, dkim: dkimOf(methods, fromDomain), dmarc: verdictOf(methods, "dmarc") };
}

/** Of the words of RFC 8601 section 2.7 all but two say that nothing could be told. */
function verdictOf(methods: readonly string[], method: string): AuthenticationVerdict {
  const words = methods.flatMap(
    (said) => new RegExp(`^\\s*${method}(?:/\\d+)?\\s*=\\s*(\\w+)`, "i").exec(said)?.[1] ?? [],
  );
  const [first] = words.map((word) => word.toLowerCase());
  return first === "pass" || first === "fail" ? first : "none";
}

/** A signature counts for the sender when its domain is the sender's, or one above it (RFC 7489 section 3.1.1, relaxed). */
function dkimOf(methods: readonly string[], fromDomain: string): AuthenticationVerdict {
  const signatures = methods.filter((said) => /^\s*dkim(?:\/\d+)?\s*=/i.test(said));
  if (signatures.length === 0) return "none";
  const verdicts = signatures.map((said) => {
    const domain = /\bheader\.(?:d|i)\s*=\s*@?([\w.-]+)/i.exec(said)?.[1]?.toLowerCase() ?? "";
    const isOwn = domain.includes(".") && (fromDomain === domain || fromDomain.endsWith(`.${domain}`));
    return isOwn ? verdictOf([said], "dkim") : "none";
  });
  if (verdicts.includes("pass")) return "pass";
  return verdicts.includes("fail") ? "fail" : "none";
}

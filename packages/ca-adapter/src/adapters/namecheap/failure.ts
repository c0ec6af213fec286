import { CaError, type CaErrorKind } from "@sealpost/domain";
import type { CallNature } from "../../ask.ts";
import { readable } from "../../http.ts";
import type { WireFault } from "./wire.ts";

/** "Global error codes", and the error codes of the commands used here. */
const kinds = new Map<string, CaErrorKind>([
  // Something of the account form is missing or wrong.
  ["1010101", "unauthorized"],
  ["1010102", "unauthorized"],
  ["1010105", "unauthorized"],
  ["1011102", "unauthorized"],
  ["1011105", "unauthorized"],
  ["1016103", "unauthorized"],
  ["1019103", "unauthorized"],
  ["1030408", "unauthorized"],
  // The address is not on the account's list.
  ["1011150", "ip-not-allowed"],
  // Locked: the user, the address, after too many sign-ins or declined payments.
  ["1017101", "forbidden"],
  ["1017103", "forbidden"],
  ["1017105", "forbidden"],
  ["1017150", "forbidden"],
  ["1017410", "forbidden"],
  ["1017411", "forbidden"],
  ["2011294", "not-found"],
  // The order's state, its approver, its administrator do not allow this mail, or the service says that it failed.
  ["2011331", "state-conflict"],
  ["3011295", "state-conflict"],
  ["3011299", "state-conflict"],
  ["3022334", "state-conflict"],
]);

/**
 * What an answer with errors means: the last counts, as in the vendor's own module; all are shown. A mail is refused
 * only where none of them leaves its fate open.
 */
export function failureOf(
  faults: readonly [WireFault, ...WireFault[]],
  nature: CallNature,
  secrets: readonly string[],
): CaError {
  const all = faults.map((fault) => kindOf(fault, nature));
  const isOpen = all.includes("outcome-unknown");
  const last = all.at(-1) ?? kindOf(faults[0], nature);
  const words = faults.map((fault) => fault["#text"] || fault["@Number"]).join(" ");
  const message = readable(words, secrets);
  return new CaError(isOpen ? "outcome-unknown" : last, message === null ? {} : { caMessage: message });
}

/**
 * The first digit of an undocumented number tells who refused: 1 the entrance, 2 the check of the parameters, 4 a rule,
 * all of them before anything was done. A provider's error (3) and an unhandled one (5, and all that end like 5050900)
 * may have come after the mail had left.
 */
function kindOf(fault: WireFault, nature: CallNature): CaErrorKind {
  const number = fault["@Number"] ?? "";
  const known = kinds.get(number);
  if (known) return known;
  if (isOverLimit(fault)) return "rate-limited";
  const digit = /^[1-5](?=\d{6}$)/.exec(number)?.[0];
  if (digit === "3" || digit === "5" || /^\d050900$/.test(number))
    return nature === "changing" ? "outcome-unknown" : "unavailable";
  if (digit === "4") return "state-conflict";
  if (digit !== undefined) return "invalid-input";
  return nature === "changing" ? "outcome-unknown" : "unexpected-response";
}

/** Documented nowhere, so that number and words have to agree before a mail may be asked for again. */
function isOverLimit(fault: WireFault): boolean {
  return fault["@Number"] === "500000" && /too many requests/i.test(fault["#text"]);
}

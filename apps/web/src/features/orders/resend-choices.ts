import type { OrderDetailsView, RouterInputs } from "@sealpost/api/client";
import type { EmailKind, MailFormat } from "@sealpost/domain";
import { emailAddressPattern, mayChooseRecipients, sameAddress } from "@sealpost/domain/policy";

/** What a person has chosen in the dialog so far, where the CA leaves a choice. */
export interface ResendChoices {
  /** Addresses named by the CA that shall get no mail this time. */
  readonly leftOut: readonly string[];
  /** Addresses typed by the person, as typed. */
  readonly another: string;
  /** The typed addresses that the person has confirmed; another text is another confirmation. */
  readonly confirmed: string | null;
  readonly format: MailFormat | null;
  readonly message: string;
}

export const noChoices: ResendChoices = {
  leftOut: [],
  another: "",
  confirmed: null,
  format: null,
  message: "",
};

/** Most addresses one request may name, where the CA has no lower number. */
const mostEver = 20;

/** Why what was chosen cannot be sent, by the key of its sentence. */
export type ChoiceProblem =
  | { readonly key: "wrong"; readonly text: string }
  | { readonly key: "tooMany"; readonly most: number }
  | { readonly key: "nobody" | "unconfirmed" };

type Chosen = Pick<
  RouterInputs["orders"]["requestResend"],
  "confirmedRecipients" | "chosenRecipients" | "format" | "message"
>;

/** The part of the request that the choices make, and what still stands in the way of it; null: nothing. Pure. */
export function chosenRequest(
  order: Pick<OrderDetailsView, "recipients" | "account">,
  kind: EmailKind,
  choices: ResendChoices,
  most = mostEver,
): { readonly request: Chosen; readonly problem: ChoiceProblem | null } {
  const recipients = order.recipients[kind];
  const named: string[] = recipients === "not-loaded" ? [] : recipients.map(({ address }) => address);
  const { capabilities } = order.account;
  if (!mayChooseRecipients(kind, capabilities))
    return { request: { confirmedRecipients: named }, problem: null };
  const typed = typedAddresses(choices.another).filter(
    (one) => !named.some((other) => sameAddress(one, other)),
  );
  const kept = named.filter((address) => !choices.leftOut.includes(address));
  const request: Chosen = {
    confirmedRecipients: [...kept, ...typed],
    chosenRecipients: typed,
    ...(capabilities.includes("choose-format") ? { format: choices.format } : {}),
    ...(capabilities.includes("add-message") ? { message: choices.message.trim() || null } : {}),
  };
  return { request, problem: problemOf(request.confirmedRecipients, typed, most, choices) };
}

/** Typed addresses, in order, each once. */
export function typedAddresses(text: string): string[] {
  const all = text.split(/[\s,;]+/).filter((part) => part !== "");
  return all.filter((one, at) => all.findIndex((other) => sameAddress(one, other)) === at);
}

function problemOf(
  all: readonly string[],
  typed: readonly string[],
  most: number,
  { another, confirmed }: ResendChoices,
): ChoiceProblem | null {
  const wrong = typed.find((one) => !emailAddressPattern.test(one));
  if (wrong !== undefined) return { key: "wrong", text: wrong };
  if (all.length === 0) return { key: "nobody" };
  if (all.length > most) return { key: "tooMany", most };
  return typed.length > 0 && confirmed !== another ? { key: "unconfirmed" } : null;
}

/** Of a request, what the CA's support can look up. */
export interface SupportFacts {
  readonly confirmedRecipients: readonly string[];
  readonly status: string;
  readonly requestedAt: string;
  readonly settledAt: string | null;
  readonly caMessage: string | null;
  readonly evidence: {
    readonly kind: string;
    readonly at: string | null;
    readonly address: string | null;
    readonly code: string | null;
    readonly words: string | null;
    readonly caSentAt: string | null;
  };
}

/** The lines' words, in the person's language. */
export type SupportWords = (
  key:
    | "intro"
    | "order"
    | "name"
    | "requested"
    | "accepted"
    | "caSent"
    | "to"
    | "caSaid"
    | "bounced"
    | "unconfirmed"
    | "question",
) => string;

/**
 * What the CA's support wants to know of a mail that did not come: numbers, times in UTC, addresses, and what was said.
 * Nothing secret, since none of it is known here. Pure.
 */
export function supportText(
  order: { readonly caOrderId: string; readonly commonName: string },
  request: SupportFacts,
  words: SupportWords,
): string {
  const { evidence } = request;
  const line = (key: Parameters<SupportWords>[0], value: string | null) =>
    value ? [`${words(key)}: ${value}`] : [];
  const reason = [evidence.code, evidence.words].filter(Boolean).join(" ");
  return [
    words("intro"),
    "",
    ...line("order", order.caOrderId),
    ...line("name", order.commonName),
    ...line("to", request.confirmedRecipients.join(", ")),
    ...line("requested", request.requestedAt),
    ...(request.status === "accepted" ? line("accepted", request.settledAt) : []),
    ...line("caSent", evidence.caSentAt),
    ...line("caSaid", request.caMessage),
    ...(evidence.kind === "bounced"
      ? line("bounced", [evidence.at, evidence.address, reason].filter(Boolean).join(" · "))
      : []),
    ...(evidence.kind === "unconfirmed" ? line("unconfirmed", evidence.at) : []),
    "",
    words("question"),
  ].join("\n");
}

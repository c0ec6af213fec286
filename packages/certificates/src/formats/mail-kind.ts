import type { MailHeader } from "./mime-header.ts";

export type AutomaticKind = "bounce" | "auto-reply";

const bounceSubject =
  /^\s*(?:undeliver|unzustellbar|delivery status notification|delivery failure|mail delivery (?:failed|subsystem)|returned mail|failure notice|non remis|no se puede entregar|impossibile recapitare)/i;
const replySubject =
  /^\s*(?:out of (?:the )?office|automatic reply|auto(?:matic)?[ -]?(?:reply|response)|auto:|abwesen|automatische antwort|r[ée]ponse automatique|absence du bureau|respuesta autom[áa]tica|fuera de la oficina|risposta automatica|automatisch antwoord)/i;

/** Whether a program sent a mail in answer to another: that it did not arrive (RFC 3464), or that nobody is in (RFC 3834). */
export function automaticKind(headers: readonly MailHeader[], subject: string): AutomaticKind | null {
  const has = (key: string, value: RegExp) =>
    headers.some((header) => header.key === key && value.test(header.value));
  const isBounce =
    has("content-type", /^multipart\/report\b.*\breport-type\s?=\s?"?delivery-status/is) ||
    has("from", /\b(?:mailer-daemon|postmaster)\b/i) ||
    has("x-failed-recipients", /./) ||
    bounceSubject.test(subject);
  if (isBounce) return "bounce";
  const isReply =
    has("auto-submitted", /^\s*auto-replied/i) ||
    has("content-type", /^multipart\/report\b.*\breport-type\s?=\s?"?disposition-notification/is) ||
    has("x-autoreply", /./) ||
    has("x-autorespond", /./) ||
    has("auto-reply", /./) ||
    has("x-auto-reply", /./) ||
    has("precedence", /^\s*auto_?reply/i) ||
    replySubject.test(subject);
  return isReply ? "auto-reply" : null;
}

/** Numbers in a subject that may be order numbers: after `#` or a word for order (`Order No. 12345`, `Auftragsnummer: 12345`). */
export function orderNumbers(subject: string): readonly string[] {
  const found = subject
    .slice(0, 1000)
    .matchAll(
      /(?:#|\b(?:order|auftrag|bestell|request|commande|pedido|ordine)\p{L}{0,12})[\s:#.-]{0,3}(?:(?:number|num|nr|no|id)\b)?[\s:#.-]{0,3}(\d{5,12})(?!\d)/giu,
    );
  return [...found].flatMap((match) => match[1] ?? []);
}

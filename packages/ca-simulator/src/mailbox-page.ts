import type { IncomingMessage, ServerResponse } from "node:http";
import PostalMime, { type Attachment, type Email } from "postal-mime";
import { type Handler, sendJson } from "./listener.ts";
import type { Mailbox, MailFacts, StoredMail } from "./mailbox.ts";
import { escapeHtml, type Language, languageOf, sendFile, sendPage } from "./page.ts";

const words = {
  en: {
    title: "Sandbox mailbox",
    intro: "Every mail the sandbox CA sends arrives here, whoever it is for.",
    empty: "No mail yet. Ask for one in the console: Orders, Send, Resend email.",
    noMatch: "No mail for this address or subject.",
    search: "Address or subject",
    find: "Search",
    clear: "Delete all mails",
    back: "All mails",
    from: "From",
    to: "To",
    date: "Date",
    subject: "Subject",
    attachments: "Attachments",
    save: "Download .eml",
    text: "Text",
    html: "HTML part, shown without scripts and without anything from elsewhere",
    gone: "This mail is no longer here.",
  },
  de: {
    title: "Sandbox-Postfach",
    intro:
      "Jede E-Mail der Sandbox-Zertifizierungsstelle kommt hier an, an wen auch immer sie gerichtet ist.",
    empty:
      "Noch keine E-Mail. Fordern Sie in der Konsole eine an: Bestellungen, Senden, E-Mail erneut senden.",
    noMatch: "Keine E-Mail für diese Adresse oder diesen Betreff.",
    search: "Adresse oder Betreff",
    find: "Suchen",
    clear: "Alle E-Mails löschen",
    back: "Alle E-Mails",
    from: "Von",
    to: "An",
    date: "Datum",
    subject: "Betreff",
    attachments: "Anhänge",
    save: ".eml herunterladen",
    text: "Text",
    html: "HTML-Teil, ohne Skripte und ohne Inhalte von anderswo",
    gone: "Diese E-Mail ist nicht mehr da.",
  },
} as const satisfies Record<Language, Record<string, string>>;

/** Shows new mails by themselves, unless somebody is typing or has searched. */
const follow = (count: number) => `
setInterval(async () => {
  const field = document.querySelector("input[type=search]");
  if (document.activeElement === field || field.value !== "") return;
  const answer = await fetch("/api/mails").catch(() => null);
  if (answer && answer.ok && (await answer.json()).length !== ${count}) location.reload();
}, 3000);`;

/** The mailbox in the browser, and as JSON under /api. */
export function mailboxPage(mailbox: Mailbox): Handler {
  return async (request, response, url) => await route(mailbox, request, response, url);
}

async function route(
  mailbox: Mailbox,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const [area = "", mailId = "", part = "", index = ""] = url.pathname.slice(1).split("/");
  if (request.method === "POST" && area === "clear") {
    if (request.headers.origin !== url.origin) return void response.writeHead(403).end();
    mailbox.clear();
    return void response.writeHead(303, { location: `/${url.search}` }).end();
  }
  if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405).end();
  if (area === "api") return routeJson(mailbox, response, url.pathname.split("/").slice(2));
  const language = languageOf(request, url);
  if (area === "") return list(mailbox, response, url, language);
  const mail = area === "mails" ? mailbox.find(mailId) : null;
  if (!mail) return gone(response, url, language);
  if (part === "raw")
    return sendFile(response, `${mail.subject.slice(0, 60)}.eml`, "message/rfc822", mail.raw);
  const parsed = await PostalMime.parse(mail.raw);
  if (part === "html") return html(response, parsed);
  if (part === "attachments") return attachment(response, parsed.attachments[Number(index)]);
  show(response, { mail, parsed, url, language });
}

function routeJson(
  mailbox: Mailbox,
  response: ServerResponse,
  [area, mailId, part]: readonly string[],
): void {
  if (area === "mails" && !mailId) return sendJson(response, 200, mailbox.facts());
  const mail = area === "mails" && mailId ? mailbox.find(mailId) : null;
  if (!mail) return sendJson(response, 404, { error: "no such mail" });
  if (part === "raw") return sendFile(response, `${mail.mailId}.eml`, "message/rfc822", mail.raw);
  const { raw: _, ...facts } = mail;
  sendJson(response, 200, facts);
}

function list(mailbox: Mailbox, response: ServerResponse, url: URL, language: Language): void {
  const say = words[language];
  const search = (url.searchParams.get("q") ?? "").trim();
  const wanted = search.toLowerCase();
  const all = mailbox.facts();
  const found = all.filter((mail) => `${mail.to.join(" ")} ${mail.subject}`.toLowerCase().includes(wanted));
  const rows = found.toReversed().map((mail) => {
    const link = `/mails/${mail.mailId}?lang=${language}`;
    return `<tr><td>${escapeHtml(mail.to.join(", "))}</td><td class="name"><a href="${link}">${escapeHtml(mail.subject || "–")}</a></td><td class="meta fixed">${date(mail, language)}</td></tr>`;
  });
  const head = [say.to, say.subject, say.date].map((word) => `<th scope="col">${word}</th>`).join("");
  const sheet =
    rows.length === 0
      ? `<p>${search === "" ? say.empty : say.noMatch}</p>`
      : `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
  const body = `<h1>${say.title}</h1><p>${say.intro}</p>
<form method="get"><input type="hidden" name="lang" value="${language}"><input type="search" name="q" value="${escapeHtml(search)}" aria-label="${say.search}" placeholder="${say.search}"><button>${say.find}</button></form>
<div class="sheet">${sheet}</div>
${all.length === 0 ? "" : `<form method="post" action="/clear?lang=${language}"><button>${say.clear}</button></form>`}`;
  sendPage(response, 200, { language, url, title: say.title, body, script: follow(all.length) });
}

interface Shown {
  readonly mail: StoredMail;
  readonly parsed: Email;
  readonly url: URL;
  readonly language: Language;
}

function show(response: ServerResponse, { mail, parsed, url, language }: Shown): void {
  const say = words[language];
  const base = `/mails/${mail.mailId}`;
  const files = parsed.attachments
    .map((file, index) => {
      const name = escapeHtml(file.filename ?? `${index + 1}`);
      return `<li><a href="${base}/attachments/${index}">${name}</a></li>`;
    })
    .join("");
  const facts = [
    [say.from, escapeHtml(mail.from)],
    [say.to, escapeHtml(mail.to.join(", "))],
    [say.date, date(mail, language)],
    ...(files === "" ? [] : [[say.attachments, `<ul>${files}</ul>`]]),
  ].map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`);
  const body = `<p><a href="/?lang=${language}">${say.back}</a></p><h1>${escapeHtml(mail.subject)}</h1>
<div class="sheet"><dl>${facts.join("")}</dl></div>
<form method="get" action="${base}/raw"><button>${say.save}</button></form>
<h2>${say.text}</h2><div class="sheet"><pre>${escapeHtml(parsed.text ?? "")}</pre></div>
${parsed.html ? `<h2>${say.html}</h2><div class="sheet"><iframe sandbox title="${say.html}" src="${base}/html"></iframe></div>` : ""}`;
  sendPage(response, 200, { language, url, title: mail.subject, body });
}

/** The HTML as it came, in a frame where nothing runs and nothing is fetched. */
function html(response: ServerResponse, parsed: Email): void {
  response
    .writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    })
    .end(parsed.html ?? "");
}

function attachment(response: ServerResponse, file: Attachment | undefined): void {
  if (!file) return void response.writeHead(404).end();
  const bytes = typeof file.content === "string" ? Buffer.from(file.content) : new Uint8Array(file.content);
  sendFile(response, file.filename ?? "attachment", "application/octet-stream", bytes);
}

function gone(response: ServerResponse, url: URL, language: Language): void {
  const say = words[language];
  const body = `<h1>${say.gone}</h1><p><a href="/?lang=${language}">${say.back}</a></p>`;
  sendPage(response, 404, { language, url, title: say.title, body });
}

function date(mail: MailFacts, language: Language): string {
  const locale = language === "de" ? "de-DE" : "en-GB";
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }).format(
    new Date(mail.sentAt),
  );
}

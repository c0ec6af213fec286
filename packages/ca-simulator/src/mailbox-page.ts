import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import PostalMime, { type Attachment, type Email } from "postal-mime";
import { sendJson } from "./listener.ts";
import type { Mailbox, StoredMail } from "./mailbox.ts";
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
    attachments: "Attachments",
    save: "Save as .eml",
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
    attachments: "Anhänge",
    save: "Als .eml speichern",
    text: "Text",
    html: "HTML-Teil, ohne Skripte und ohne Inhalte von anderswo",
    gone: "Diese E-Mail ist nicht mehr da.",
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The mailbox in the browser, and as JSON under /api. */
export function mailboxPage(mailbox: Mailbox, ownUrl: () => string): RequestListener {
  return (request, response) => {
    void route(mailbox, request, response, ownUrl()).catch(() => response.destroy());
  };
}

async function route(
  mailbox: Mailbox,
  request: IncomingMessage,
  response: ServerResponse,
  ownUrl: string,
): Promise<void> {
  const url = new URL(request.url ?? "/", ownUrl);
  const [area = "", mailId = "", part = "", index = ""] = url.pathname.slice(1).split("/");
  if (request.method === "POST" && area === "clear") {
    if (request.headers.origin !== new URL(ownUrl).origin) return void response.writeHead(403).end();
    mailbox.clear();
    return void response.writeHead(303, { location: `/${url.search}` }).end();
  }
  if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405).end();
  if (area === "api") return routeJson(mailbox, response, url.pathname.split("/").slice(3));
  const language = languageOf(request, url);
  if (area === "") return list(mailbox, response, url, language);
  const mail = area === "mails" ? mailbox.find(mailId) : null;
  if (!mail) return sendPage(response, 404, { language, title: words[language].title, body: gone(language) });
  if (part === "raw")
    return sendFile(response, `${mail.subject.slice(0, 60)}.eml`, "message/rfc822", mail.raw);
  const parsed = await PostalMime.parse(mail.raw);
  if (part === "html") return html(response, parsed);
  if (part === "attachments") return attachment(response, parsed.attachments[Number(index)]);
  show(response, mail, parsed, language);
}

function routeJson(mailbox: Mailbox, response: ServerResponse, [mailId, part]: readonly string[]): void {
  const facts = ({ raw: _, ...mail }: StoredMail) => mail;
  if (!mailId) return sendJson(response, 200, mailbox.mails.map(facts));
  const mail = mailbox.find(mailId);
  if (!mail) return sendJson(response, 404, { error: "no such mail" });
  if (part === "raw") return sendFile(response, `${mail.mailId}.eml`, "message/rfc822", mail.raw);
  sendJson(response, 200, facts(mail));
}

function list(mailbox: Mailbox, response: ServerResponse, url: URL, language: Language): void {
  const say = words[language];
  const search = (url.searchParams.get("q") ?? "").trim();
  const wanted = search.toLowerCase();
  const found = mailbox.mails.filter((mail) =>
    `${mail.to.join(" ")} ${mail.subject}`.toLowerCase().includes(wanted),
  );
  const rows = found
    .toReversed()
    .map((mail) => {
      const link = `/mails/${mail.mailId}?lang=${language}`;
      return `<li><span>${escapeHtml(mail.to.join(", "))}</span><a href="${link}">${escapeHtml(mail.subject)}</a><span class="meta">${date(mail, language)}</span></li>`;
    })
    .join("");
  const none = `<p style="padding:16px;margin:0">${search === "" ? say.empty : say.noMatch}</p>`;
  const hidden = `<input type="hidden" name="lang" value="${language}">`;
  const body = `<h1>${say.title}</h1><p>${say.intro}</p>
<form method="get">${hidden}<input type="search" name="q" value="${escapeHtml(search)}" aria-label="${say.search}" placeholder="${say.search}"><button>${say.find}</button></form>
<div class="sheet">${rows === "" ? none : `<ul class="rows">${rows}</ul>`}</div>
<form method="post" action="/clear?lang=${language}"><button>${say.clear}</button></form>`;
  sendPage(response, 200, { language, title: say.title, body, ...(search === "" ? { refreshS: 5 } : {}) });
}

function show(response: ServerResponse, mail: StoredMail, parsed: Email, language: Language): void {
  const say = words[language];
  const base = `/mails/${mail.mailId}`;
  const files = parsed.attachments
    .map(
      (file, index) =>
        `<li><a href="${base}/attachments/${index}">${escapeHtml(file.filename ?? `${index}`)}</a></li>`,
    )
    .join("");
  const body = `<p><a href="/?lang=${language}">${say.back}</a></p><h1>${escapeHtml(mail.subject)}</h1>
<div class="sheet"><dl><dt>${say.from}</dt><dd>${escapeHtml(mail.from)}</dd><dt>${say.to}</dt><dd>${escapeHtml(mail.to.join(", "))}</dd><dt>${say.date}</dt><dd>${date(mail, language)}</dd>${files === "" ? "" : `<dt>${say.attachments}</dt><dd><ul>${files}</ul></dd>`}</dl></div>
<p style="margin-top:12px"><a class="button" href="${base}/raw">${say.save}</a></p>
<h2>${say.text}</h2><div class="sheet"><pre>${escapeHtml(parsed.text ?? "")}</pre></div>
${parsed.html ? `<h2>${say.html}</h2><div class="sheet"><iframe sandbox title="${say.html}" src="${base}/html"></iframe></div>` : ""}`;
  sendPage(response, 200, { language, title: mail.subject, body });
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
    })
    .end(parsed.html ?? "");
}

function attachment(response: ServerResponse, file: Attachment | undefined): void {
  if (!file) return void response.writeHead(404).end();
  const bytes = typeof file.content === "string" ? Buffer.from(file.content) : new Uint8Array(file.content);
  sendFile(response, file.filename ?? "attachment", "application/octet-stream", bytes);
}

function gone(language: Language): string {
  return `<h1>${words[language].gone}</h1><p><a href="/?lang=${language}">${words[language].back}</a></p>`;
}

function date(mail: StoredMail, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(
    new Date(mail.receivedAt),
  );
}

import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

export type Language = "en" | "de";

/** `?lang=` decides, then the browser's wish, else English. */
export function languageOf(request: IncomingMessage, url: URL): Language {
  const asked = url.searchParams.get("lang") ?? request.headers["accept-language"] ?? "en";
  return asked.toLowerCase().startsWith("de") ? "de" : "en";
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

// The colours are the console's, so that the sandbox looks like one house with it. The airmail edge marks it as sandbox.
const styles = `
:root{color-scheme:light dark;--canvas:#f8f5f8;--surface:#fff;--line:#e4e0e4;--control:#918991;--ink:#211821;--ink3:#675e68;--wax:#892151;--focus:#0a66d6;--air1:#821f4d;--air2:#26578b}
@media(prefers-color-scheme:dark){:root{--canvas:#140f14;--surface:#1b161b;--line:#302a30;--control:#7a717a;--ink:#efebef;--ink3:#a39ca3;--wax:#f4a1c1;--focus:#6db6ff;--air1:#ad336a;--air2:#94c2f3}}
*{box-sizing:border-box}body{margin:0;background:var(--canvas);color:var(--ink);font:13px/20px system-ui,sans-serif}
.edge{height:4px;background:repeating-linear-gradient(115deg,var(--air1) 0 12px,transparent 12px 20px,var(--air2) 20px 32px,transparent 32px 40px)}
.ribbon{display:flex;flex-wrap:wrap;gap:4px 16px;justify-content:space-between;background:var(--surface);border-bottom:1px solid var(--line);padding:6px 16px;font-size:12px}
main{max-width:1040px;margin:0 auto;padding:20px 16px 48px}h1{font-size:20px;line-height:28px;font-weight:600;margin:0 0 4px;overflow-wrap:anywhere}h2{font-size:13px;margin:16px 0 0}
p{margin:0 0 12px;max-width:70ch;color:var(--ink3)}a{color:var(--wax)}:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
.sheet{background:var(--surface);border:1px solid var(--line);border-radius:10px;overflow:hidden;margin-top:12px}.sheet>p{padding:16px;margin:0}
table{width:100%;border-collapse:collapse}th,td{padding:8px 16px;text-align:start;vertical-align:top;overflow-wrap:anywhere}th{font-size:12px;line-height:16px;font-weight:500;color:var(--ink3)}
tbody tr{border-top:1px solid var(--line)}.meta{color:var(--ink3);font-size:12px}.fixed{white-space:nowrap;font-variant-numeric:tabular-nums}.name{font-weight:500}
form{display:flex;gap:8px;margin:12px 0 0;flex-wrap:wrap}input{flex:1 1 220px;min-width:0;padding:5px 10px;border:1px solid var(--control);border-radius:6px;background:var(--surface);color:inherit;font:inherit}
button,.button{display:inline-block;padding:5px 12px;border:1px solid var(--control);border-radius:6px;background:var(--surface);color:inherit;font:inherit;font-weight:500;text-decoration:none;cursor:pointer}
pre{margin:0;padding:16px;white-space:pre-wrap;overflow-wrap:anywhere;font:12px/18px ui-monospace,monospace}dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:4px 16px;margin:0;padding:12px 16px}dt{color:var(--ink3)}dd{margin:0;overflow-wrap:anywhere}
ul{list-style:none;margin:0;padding:0}iframe{display:block;width:100%;height:240px;border:0;background:#fff}
@media(max-width:640px){thead{position:absolute;clip-path:inset(50%)}tr,td{display:block}tbody tr{padding:8px 16px}td{padding:0}}
`;

const ribbon = {
  en: "Sandbox. Nothing here is real: CA, mails and certificates are made on this machine.",
  de: "Sandbox. Nichts hier ist echt: Zertifizierungsstelle, E-Mails und Zertifikate entstehen auf diesem Rechner.",
} as const satisfies Record<Language, string>;

const languageNames = { en: "English", de: "Deutsch" } as const satisfies Record<Language, string>;

export interface Page {
  readonly language: Language;
  /** Where the page stands, for the links to the other language. */
  readonly url: URL;
  readonly title: string;
  /** HTML; whatever came from outside is escaped in it. */
  readonly body: string;
  /** Our own script; every other one is forbidden. */
  readonly script?: string;
}

/** A page on which nothing runs but our own script, whatever a mail holds. */
export function sendPage(response: ServerResponse, status: number, page: Page): void {
  const { language, title, body, script } = page;
  const nonce = script === undefined ? null : randomBytes(16).toString("base64");
  const may = nonce === null ? "" : `script-src 'nonce-${nonce}'; connect-src 'self'; `;
  const languages = (["en", "de"] as const).map((one) =>
    one === language
      ? `<b lang="${one}" aria-current="true">${languageNames[one]}</b>`
      : `<a lang="${one}" hreflang="${one}" href="${escapeHtml(inLanguage(page.url, one))}">${languageNames[one]}</a>`,
  );
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; ${may}style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      "x-content-type-options": "nosniff",
      // With no-referrer a browser would hide the origin of our own form, too (Fetch, "append a request Origin header").
      "referrer-policy": "same-origin",
      "cache-control": "no-store",
    })
    .end(
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${styles}</style></head><body><div class="edge"></div><div class="ribbon"><span>${ribbon[language]}</span><span>${languages.join(" · ")}</span></div><main>${body}</main>${nonce === null ? "" : `<script nonce="${nonce}">${script}</script>`}</body></html>`,
    );
}

function inLanguage(url: URL, language: Language): string {
  const query = new URLSearchParams(url.searchParams);
  query.set("lang", language);
  return `${url.pathname}?${query}`;
}

/** A file to save, with a name that needs no quoting. */
export function sendFile(
  response: ServerResponse,
  name: string,
  type: string,
  bytes: Uint8Array | string,
): void {
  response
    .writeHead(200, {
      "content-type": type,
      "content-disposition": `attachment; filename="${name.replace(/[^\w.@-]/g, "_")}"`,
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    })
    .end(bytes);
}

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

const styles = `
:root{color-scheme:light dark;--canvas:#f8f5f8;--surface:#fff;--line:#e4e0e4;--ink:#211821;--ink3:#675e68;--wax:#892151;--focus:#0a66d6}
@media(prefers-color-scheme:dark){:root{--canvas:#140f14;--surface:#1b161b;--line:#302a30;--ink:#efebef;--ink3:#a39ca3;--wax:#f4a1c1;--focus:#6db6ff}}
*{box-sizing:border-box}body{margin:0;background:var(--canvas);color:var(--ink);font:13px/20px system-ui,sans-serif}
.edge{height:4px;background:repeating-linear-gradient(115deg,#821f4d 0 12px,transparent 12px 20px,#26578b 20px 32px,transparent 32px 40px)}
.ribbon{background:var(--surface);border-bottom:1px solid var(--line);padding:6px 16px;font-size:12px}
main{max-width:1040px;margin:0 auto;padding:20px 16px 48px}h1{font-size:20px;line-height:28px;margin:0 0 4px}
p{margin:0 0 12px;max-width:70ch;color:var(--ink3)}a{color:var(--wax)}a:focus-visible,button:focus-visible,input:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
.sheet{background:var(--surface);border:1px solid var(--line);border-radius:10px;overflow:hidden;margin-top:12px}
.rows>li{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,2fr) auto;gap:4px 16px;padding:8px 16px;border-top:1px solid var(--line)}
.rows>li:first-child{border-top:0}ul{list-style:none;margin:0;padding:0}.meta{color:var(--ink3);font-size:12px}
.rows>li>*{min-width:0;overflow-wrap:anywhere}
form{display:flex;gap:8px;margin:12px 0 0;flex-wrap:wrap}input{flex:1 1 220px;min-width:0;padding:5px 10px;border:1px solid #918991;border-radius:6px;background:var(--surface);color:inherit;font:inherit}
button,.button{display:inline-block;padding:5px 12px;border:1px solid var(--line);border-radius:6px;background:var(--surface);color:inherit;font:inherit;font-weight:500;text-decoration:none;cursor:pointer}
pre{margin:0;padding:16px;white-space:pre-wrap;overflow-wrap:anywhere;font:12px/18px ui-monospace,monospace}dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:4px 16px;margin:0;padding:12px 16px}dt{color:var(--ink3)}dd{margin:0;overflow-wrap:anywhere}
iframe{width:100%;height:240px;border:0;background:#fff}h2{font-size:13px;margin:16px 0 0}
@media(max-width:640px){.rows>li{grid-template-columns:1fr}}
`;

const ribbon = {
  en: "Sandbox. Nothing here is real: CA, mails and certificates are made on this machine.",
  de: "Sandbox. Nichts hier ist echt: Zertifizierungsstelle, E-Mails und Zertifikate entstehen auf diesem Rechner.",
} as const satisfies Record<Language, string>;

export interface Page {
  readonly language: Language;
  readonly title: string;
  readonly body: string;
  /** Seconds after which the page asks again; for lists that grow. */
  readonly refreshS?: number;
}

/** A page without any script: nothing in a mail can run here, whatever it holds. */
export function sendPage(
  response: ServerResponse,
  status: number,
  { language, title, body, refreshS }: Page,
): void {
  const refresh = refreshS === undefined ? "" : `<meta http-equiv="refresh" content="${refreshS}">`;
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    })
    .end(
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${refresh}<title>${escapeHtml(title)}</title><style>${styles}</style></head><body><div class="edge"></div><div class="ribbon">${ribbon[language]}</div><main>${body}</main></body></html>`,
    );
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

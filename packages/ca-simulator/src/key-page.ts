import type { RequestListener, ServerResponse } from "node:http";
import type { CertificateDesk } from "./certificate-desk.ts";
import { fileStem } from "./mails.ts";
import type { BookOrder } from "./order-book.ts";
import { escapeHtml, type Language, languageOf, sendFile, sendPage } from "./page.ts";

const words = {
  en: {
    title: "Sandbox keys",
    intro:
      "A private key is made together with the request (CSR), by whoever orders. A CA never has it. The sandbox ordered in your place, so its keys are here.",
    search: "Name or order number",
    find: "Search",
    key: "Private key",
    request: "Request (CSR)",
    order: "Order",
    noMatch: "No order with this name or number.",
  },
  de: {
    title: "Sandbox-Schlüssel",
    intro:
      "Ein privater Schlüssel entsteht zusammen mit der Zertifikatssignieranforderung (CSR), bei dem, der bestellt. Eine Zertifizierungsstelle hat ihn nie. Die Sandbox hat an Ihrer Stelle bestellt, darum liegen ihre Schlüssel hier.",
    search: "Name oder Bestellnummer",
    find: "Suchen",
    key: "Privater Schlüssel",
    request: "Anforderung (CSR)",
    order: "Bestellung",
    noMatch: "Keine Bestellung mit diesem Namen oder dieser Nummer.",
  },
} as const satisfies Record<Language, Record<string, string>>;

/** Where the sandbox's customer keeps the keys made with the orders. */
export function keyPage(desk: CertificateDesk, ownUrl: () => string): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? "/", ownUrl());
    if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405).end();
    const [, id, file] = /^\/orders\/(\d+)\/(key|csr)$/.exec(url.pathname) ?? [];
    if (id) return sendPart(response, desk.find(Number(id)), file === "key" ? "key" : "csr");
    list(response, desk, url, languageOf(request, url));
  };
}

function sendPart(response: ServerResponse, order: BookOrder | null, part: "key" | "csr"): void {
  const pem = part === "key" ? order?.privateKeyPem : order?.csrPem;
  if (!order || !pem) return void response.writeHead(404).end();
  sendFile(response, `${fileStem(order.commonName)}.${part}`, "application/x-pem-file", pem);
}

function list(response: ServerResponse, desk: CertificateDesk, url: URL, language: Language): void {
  const say = words[language];
  const search = (url.searchParams.get("q") ?? "").trim();
  const wanted = search.toLowerCase();
  const rows = desk.orders
    .filter(
      (order) => order.privateKeyPem && `${order.commonName} ${order.id}`.toLowerCase().includes(wanted),
    )
    .sort((a, b) => b.id - a.id)
    .map((order) => {
      const about = `${say.order} ${order.id} · ${order.keyType}`;
      const label = (what: string) =>
        `aria-label="${escapeHtml(`${what}, ${order.commonName}, ${order.id}`)}"`;
      return `<li><span>${escapeHtml(order.commonName)}</span><span class="meta">${about}</span><span><a ${label(say.key)} href="/orders/${order.id}/key">${say.key}</a> · <a ${label(say.request)} href="/orders/${order.id}/csr">${say.request}</a></span></li>`;
    })
    .join("");
  const body = `<h1>${say.title}</h1><p>${say.intro}</p>
<form method="get"><input type="hidden" name="lang" value="${language}"><input type="search" name="q" value="${escapeHtml(search)}" aria-label="${say.search}" placeholder="${say.search}"><button>${say.find}</button></form>
<div class="sheet">${rows === "" ? `<p style="padding:16px;margin:0">${say.noMatch}</p>` : `<ul class="rows">${rows}</ul>`}</div>`;
  sendPage(response, 200, { language, title: say.title, body });
}

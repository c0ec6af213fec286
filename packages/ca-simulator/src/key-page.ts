import type { ServerResponse } from "node:http";
import type { CertificateDesk } from "./certificate-desk.ts";
import type { KeyType } from "./issue.ts";
import type { Handler } from "./listener.ts";
import { fileStem } from "./mime.ts";
import type { BookOrder } from "./order-book.ts";
import { escapeHtml, type Language, languageOf, sendFile, sendPage } from "./page.ts";

const words = {
  en: {
    title: "Sandbox keys",
    intro:
      "A private key is made together with the request (CSR), by whoever orders. A CA never has it. The sandbox ordered in your place, so its keys are here.",
    search: "Name or order number",
    find: "Search",
    order: "Order",
    names: "Names",
    keyType: "Key type",
    key: "Download private key",
    elsewhere: "made elsewhere",
    request: "Download CSR",
    files: "Files",
    noMatch: "No order with this name or number.",
  },
  de: {
    title: "Sandbox-Schlüssel",
    intro:
      "Ein privater Schlüssel entsteht zusammen mit der Zertifikatssignieranforderung (CSR), bei dem, der bestellt. Eine Zertifizierungsstelle hat ihn nie. Die Sandbox hat an Ihrer Stelle bestellt, darum liegen ihre Schlüssel hier.",
    search: "Name oder Bestellnummer",
    find: "Suchen",
    order: "Bestellung",
    names: "Namen",
    keyType: "Schlüsseltyp",
    key: "Privaten Schlüssel herunterladen",
    elsewhere: "anderswo entstanden",
    request: "CSR herunterladen",
    files: "Dateien",
    noMatch: "Keine Bestellung mit diesem Namen oder dieser Nummer.",
  },
} as const satisfies Record<Language, Record<string, string>>;

const keyTypeNames = {
  "rsa-2048": "RSA 2048",
  "rsa-3072": "RSA 3072",
  "ec-p256": "EC P-256",
  "ec-p384": "EC P-384",
} as const satisfies Record<KeyType, string>;

/** Where the sandbox's customer keeps the keys made with the orders. */
export function keyPage(desk: CertificateDesk): Handler {
  return (request, response, url) => {
    if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405).end();
    const [, id, file] = /^\/orders\/(\d+)\/(key|csr)$/.exec(url.pathname) ?? [];
    if (id) return sendPart(response, desk.find(Number(id)), file === "key" ? "key" : "csr");
    if (url.pathname !== "/") return void response.writeHead(404).end();
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
    .filter((order) => [order.id, ...namesOf(order)].join(" ").toLowerCase().includes(wanted))
    .sort((a, b) => b.id - a.id)
    .map((order) => row(order, language));
  const head = [say.order, say.names, say.keyType, say.files].map((word) => `<th scope="col">${word}</th>`);
  const sheet =
    rows.length === 0
      ? `<p>${say.noMatch}</p>`
      : `<table><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
  const body = `<h1>${say.title}</h1><p>${say.intro}</p>
<form method="get"><input type="hidden" name="lang" value="${language}"><input type="search" name="q" value="${escapeHtml(search)}" aria-label="${say.search}" placeholder="${say.search}"><button>${say.find}</button></form>
<div class="sheet">${sheet}</div>`;
  sendPage(response, 200, { language, url, title: say.title, body });
}

function row(order: BookOrder, language: Language): string {
  const say = words[language];
  const [commonName = "", ...others] = namesOf(order);
  const file = (part: "key" | "csr", what: string) =>
    `<a aria-label="${escapeHtml(`${what}, ${commonName}, ${order.id}`)}" href="/orders/${order.id}/${part}">${what}</a>`;
  const key = order.privateKeyPem ? file("key", say.key) : say.elsewhere;
  const names = `<span class="name">${escapeHtml(commonName)}</span> <span class="meta">${escapeHtml(others.join(" "))}</span>`;
  const keyType = order.keyType ? keyTypeNames[order.keyType] : "–";
  return `<tr><td class="fixed">${order.id}</td><td>${names}</td><td class="fixed">${keyType}</td><td class="fixed">${key}<br>${file("csr", say.request)}</td></tr>`;
}

function namesOf({ commonName, dnsNames }: BookOrder): string[] {
  return [...new Set([commonName, ...dnsNames])];
}

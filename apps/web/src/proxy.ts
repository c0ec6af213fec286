import { NextRequest } from "next/server";
import createMiddleware from "next-intl/middleware";
import { isDevelopment } from "./env";
import { routing } from "./i18n/routing";

const localized = createMiddleware(routing);

/**
 * Each page gets a nonce of its own; nothing but our scripts runs, nothing is fetched from elsewhere. The other headers
 * that keep a page safe are set on every answer by the server in front.
 */
export default function proxy(request: NextRequest) {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  // For the way back after signing in.
  headers.set("x-sealpost-path", `${request.nextUrl.pathname}${request.nextUrl.search}`);
  const response = localized(new NextRequest(request, { headers }));
  response.headers.set("content-security-policy", policy);
  return response;
}

function contentSecurityPolicy(nonce: string): string {
  const development = isDevelopment() ? " 'unsafe-eval'" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    // Positions of menus and widths of bars are set as style attributes; style elements need the nonce.
    isDevelopment()
      ? "style-src 'self' 'unsafe-inline'"
      : `style-src 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export const config = { matcher: ["/((?!api/|_next/|messages/[^/]+/[^/]+$|favicon\\.svg$|icon\\.svg$).*)"] };

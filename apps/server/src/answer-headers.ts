/**
 * What every answer of the public port carries, whoever made it: pages, API, downloads, refusals. Pages bring a content
 * policy of their own with a nonce; for all else nothing may run, load, or frame. With https the browser is told to
 * come by https only, for this name and those below it (RFC 6797).
 */
export function answerHeaders(publicUrl: URL): Readonly<Record<string, string>> {
  return {
    "content-security-policy":
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    ...(publicUrl.protocol === "https:"
      ? { "strict-transport-security": "max-age=31536000; includeSubDomains" }
      : {}),
  };
}

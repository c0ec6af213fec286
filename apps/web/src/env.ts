/** Where this process reaches the server, on loopback. Set by the server, which starts the pages. */
export function serverUrl(): string {
  return process.env.SEALPOST_SERVER_URL ?? "http://127.0.0.1:3000";
}

/** By which the server knows requests of this process. Set by the server, which starts the pages. */
export function pagesToken(): string {
  return process.env.SEALPOST_PAGES_TOKEN ?? "";
}

export function isDevelopment(): boolean {
  return process.env.NODE_ENV === "development";
}

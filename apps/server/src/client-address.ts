import type { IncomingMessage } from "node:http";

/**
 * Who is asking: the socket's address, or, when that is a trusted proxy, the last address in X-Forwarded-For that is
 * not one. What a client writes into that header itself stands further left and is never looked at.
 */
export function clientAddress(incoming: IncomingMessage, trustedProxies: readonly string[]): string {
  const socketAddress = plain(incoming.socket.remoteAddress ?? "unknown");
  if (!trustedProxies.includes(socketAddress)) return socketAddress;
  const forwarded = [incoming.headers["x-forwarded-for"] ?? []].flat().join(",").split(",").map(plain);
  return (
    forwarded.reverse().find((address) => address !== "" && !trustedProxies.includes(address)) ??
    socketAddress
  );
}

/** IPv4 as IPv4, also where the socket speaks IPv6 (RFC 4291 section 2.5.5.2). */
function plain(address: string): string {
  return address.trim().replace(/^::ffff:(?=\d+\.)/, "");
}

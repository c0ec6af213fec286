import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { clientAddress } from "./client-address.ts";

const asking = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as IncomingMessage;

describe("who is asking", () => {
  it("is the socket's address, whatever a stranger writes into the header", () => {
    expect(clientAddress(asking("203.0.113.9", "10.0.0.1"), ["127.0.0.1"])).toBe("203.0.113.9");
    expect(clientAddress(asking("::ffff:203.0.113.9"), [])).toBe("203.0.113.9");
  });

  it("is the last address a trusted proxy did not have itself; what the client wrote stands further left", () => {
    expect(clientAddress(asking("127.0.0.1", "1.2.3.4, 203.0.113.9"), ["127.0.0.1"])).toBe("203.0.113.9");
    expect(
      clientAddress(asking("127.0.0.1", "1.2.3.4, 203.0.113.9, 10.0.0.2"), ["127.0.0.1", "10.0.0.2"]),
    ).toBe("203.0.113.9");
  });
});

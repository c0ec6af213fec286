import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { startSimulated } from "../../conformance/simulated.test-world.ts";
import { caConformance } from "../../conformance/suite.ts";
import { openCertificateAuthority } from "../../index.ts";

const all = { cursor: null, changedSince: null };

caConformance({
  adapter: "ibm-classic",
  start: () => startSimulated("ibm-classic"),
  unsupported: {
    "choose-recipient": "The service mails to the order's own address only.",
    "choose-format": "The service has one form of mail.",
    "add-message": "The service takes no words of ours.",
    "incremental-list": "The service cannot be asked for changes.",
    "mail-history": "The service keeps no list of mails.",
    download: "The service never has the certificate.",
  },
});

describe("ibm-classic, beyond the common promises", () => {
  it("takes names and the key's hash from the CSR, and keeps the CSR out of what it hands on", async () => {
    await using world = await startSimulated("ibm-classic");
    const { caOrderId } = await world.placeOrder({ commonName: "shop.example.test", state: "issued" });
    const order = await world.authority.getOrder(caOrderId, new AbortController().signal);
    expect(order.csrSpkiSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(order.dnsNames).toEqual(["shop.example.test"]);
    expect(JSON.stringify(order)).not.toContain("CERTIFICATE REQUEST");
  });

  it("shows no credential that the service repeats, whatever the length of the user's name", async () => {
    const server = createServer((request, response) => {
      response.writeHead(500).end(JSON.stringify({ error: request.headers.authorization }));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/rest/v3.1/`;
    for (const username of ["a", "ab", "abc"]) {
      const credential = { apiKey: "0123456789abcdef" };
      const authority = openCertificateAuthority({
        adapter: "ibm-classic",
        baseUrl,
        settings: { username },
        credential,
      });
      await expect(authority.probe(new AbortController().signal)).rejects.toMatchObject({
        caMessage: "Basic [redacted]",
      });
    }
    server.closeAllConnections();
    server.close();
  });

  it("reads an empty list, a list of one without its brackets, and dates with an offset", async () => {
    for (const [body, count] of [
      ["[]", 0],
      ["{}", 0],
      [
        '{"id":7,"commonName":"a.example.test","status":{"name":"Complete"},"effectiveDate":"2026-11-01T00:00:00-06:00","expirationDate":"2027-05-01T00:00:00-06:00"}',
        1,
      ],
    ] as const) {
      const server = createServer((request, response) =>
        response.end(request.url?.includes("SoftLayer_Account") ? '{"id":5}' : body),
      ).listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      const baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/rest/v3.1/`;
      const authority = openCertificateAuthority({
        adapter: "ibm-classic",
        baseUrl,
        settings: { username: "u" },
        credential: { apiKey: "k" },
      });
      const { orders, next } = await authority.listOrders(all, new AbortController().signal);
      expect(next).toBeNull();
      expect(orders).toHaveLength(count);
      if (count === 1) expect(orders[0]?.issuances[0]?.validFrom).toEqual(new Date("2026-11-01T06:00:00Z"));
      server.closeAllConnections();
      server.close();
    }
  });
});

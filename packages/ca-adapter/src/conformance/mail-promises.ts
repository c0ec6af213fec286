import { createHash, X509Certificate } from "node:crypto";
import { type Capability, emailAddressSchema, type MailFormat, mailFormats } from "@sealpost/domain";
import { expect, it } from "vitest";
import { caCatalog } from "../registry.ts";
import { type ConformanceOptions, never, type OpenWorld, requestFor } from "./world.ts";

const kinds = ["fulfillment", "approver"] as const;

/** How each form looks in the mail's source. */
const looks = {
  attachment: { hasFile: true, hasText: false, hasLink: false },
  plaintext: { hasFile: false, hasText: true, hasLink: false },
  link: { hasFile: false, hasText: false, hasLink: true },
} as const satisfies Record<MailFormat, object>;

/** What an adapter promises of mails and downloads. */
export function promiseMails(
  open: OpenWorld,
  { adapter, unsupported, refusedMail }: ConformanceOptions,
): void {
  const manifest = caCatalog.find(({ id }) => id === adapter);
  const can = (capability: Capability) => !(capability in unsupported);
  it.each(kinds.filter((kind) => !(`resend-${kind}` in unsupported)))(
    "resolves a resend of the %s mail only after the CA has sent exactly one",
    async (kind) => {
      const world = await open();
      const state = kind === "fulfillment" ? "issued" : "pending";
      const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state });
      const request = await requestFor(world, caOrderId, kind);
      await world.authority.resendEmail(request, never);
      expect((await world.mails()).map((mail) => mail.to)).toEqual([request.recipients]);
    },
  );

  it("hands on the CA's own words when it refuses, and no mail leaves", async () => {
    const world = await open();
    const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "pending" });
    const request = { ...(await requestFor(world, caOrderId)), mailId: refusedMail?.mailId ?? null };
    await expect(world.authority.resendEmail(request, never)).rejects.toMatchObject({
      kind: "state-conflict",
      caMessage: expect.stringMatching(/\w/),
    });
    expect(await world.mails()).toEqual([]);
  });

  it("mails the certificate, or only where to fetch it, as people are told beforehand", async () => {
    const world = await open();
    const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
    await world.authority.resendEmail(await requestFor(world, caOrderId), never);
    const raw = (await world.mails())[0]?.raw ?? "";
    const holdsIt =
      /^Content-Disposition: attachment/m.test(raw) || raw.includes("-----BEGIN CERTIFICATE-----");
    expect(holdsIt ? "certificate" : "link").toBe(manifest?.fulfillmentMail);
  });

  if (can("mail-history"))
    it("tells what was mailed for an order, newest first, and nothing of what the mails say", async () => {
      const world = await open();
      const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
      const history = async () => (await world.authority.mailHistory?.(caOrderId, never)) ?? [];
      const before = await history();
      const request = await requestFor(world, caOrderId);
      await world.authority.resendEmail(request, never);
      const after = await history();
      expect(after).toHaveLength(before.length + 1);
      expect(["fulfillment", null]).toContain(after[0]?.kind);
      const to = after[0]?.recipients ?? [];
      expect([[], request.recipients]).toContainEqual([...to]);
      const times = after.map(({ sentAt }) => sentAt?.getTime() ?? 0);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      for (const mail of after)
        expect(Object.keys(mail).sort()).toEqual(["kind", "mailId", "recipients", "sentAt", "subject"]);
    });

  if (can("choose-recipient"))
    it("mails exactly those who were chosen, once each", async () => {
      const world = await open();
      const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
      const chosen = ["else@example.test", "other@xn--bcher-kva.example"].slice(0, manifest?.mostRecipients);
      const recipients = chosen.map((address) => emailAddressSchema.parse(address));
      await world.authority.resendEmail({ ...(await requestFor(world, caOrderId)), recipients }, never);
      expect((await world.mails()).flatMap((mail) => mail.to).sort()).toEqual(chosen);
    });

  it.each(can("choose-format") ? mailFormats : [])("mails in the form %s when asked to", async (format) => {
    const world = await open();
    const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
    await world.authority.resendEmail({ ...(await requestFor(world, caOrderId)), format }, never);
    const raw = (await world.mails())[0]?.raw ?? "";
    const hasFile = /^Content-Disposition: attachment/m.test(raw);
    const hasText = raw.includes("-----BEGIN CERTIFICATE-----");
    expect({ hasFile, hasText, hasLink: /^https:\/\//m.test(raw) }).toEqual(looks[format]);
  });

  if (can("add-message"))
    it("puts the words that were asked for into the mail", async () => {
      const world = await open();
      const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
      const message = "Für den Lastverteiler: please install by Friday.";
      await world.authority.resendEmail({ ...(await requestFor(world, caOrderId)), message }, never);
      expect((await world.mails())[0]?.raw).toContain(message);
    });

  const extras = [
    ["choose-format", { format: "plaintext" }],
    ["add-message", { message: "Hello" }],
  ] as const;
  it.each(extras.filter(([capability]) => capability in unsupported))(
    "refuses what %s would do as invalid-input, and asks the CA nothing",
    async (_, extra) => {
      const world = await open();
      const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
      const request = { ...(await requestFor(world, caOrderId)), ...extra };
      const before = (await world.calls()).length;
      await expect(world.authority.resendEmail(request, never)).rejects.toMatchObject({
        kind: "invalid-input",
      });
      expect(await world.calls()).toHaveLength(before);
    },
  );

  if (can("download"))
    it("hands out the certificate made for the order's own key, and the intermediate that signed it", async () => {
      const world = await open();
      await world.placeOrder({ commonName: "other.example.test", state: "issued" });
      const { caOrderId } = await world.placeOrder({ commonName: "a.example.test", state: "issued" });
      const { csrSpkiSha256, issuances } = await world.authority.getOrder(caOrderId, never);
      for (const caCertificateId of [null, issuances[0]?.caCertificateId ?? null]) {
        const inputs = (await world.authority.download?.({ caOrderId, caCertificateId }, never)) ?? [];
        const text = inputs.map(({ bytes }) => Buffer.from(bytes).toString("utf8")).join("\n");
        const pems = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
        const [leaf, intermediate] = pems.map((pem) => new X509Certificate(pem));
        const spki = leaf?.publicKey.export({ type: "spki", format: "der" }) ?? "";
        expect(createHash("sha256").update(spki).digest("hex")).toBe(csrSpkiSha256);
        expect(leaf?.subjectAltName).toContain("DNS:a.example.test");
        expect(intermediate && leaf?.verify(intermediate.publicKey)).toBe(true);
      }
    });
}

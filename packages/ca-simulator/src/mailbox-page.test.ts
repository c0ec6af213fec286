import { get } from "node:http";
import { createTransport } from "nodemailer";
import { describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "./index.ts";
import { resend, startForTest } from "./test-ca.ts";

async function receive(
  simulator: Simulator,
  mail: { to: string; subject: string; html: string },
): Promise<void> {
  const transport = createTransport({ host: "127.0.0.1", port: simulator.smtpPort, ignoreTLS: true });
  await transport.sendMail({ from: "anyone@elsewhere.test", text: "<b>plain</b>", ...mail });
  transport.close();
}

describe("the sandbox's pages", () => {
  it("show a hostile mail without running, fetching or believing any of it", async () => {
    const simulator = await startForTest();
    const evil = `<script>top.ran=1</script><img src=x onerror="top.ran=1">`;
    await receive(simulator, { to: "a@example.test", subject: evil, html: evil });
    const [mail] = await simulator.control.mails();
    const list = await fetch(simulator.mailboxUrl);
    const nonce = /script-src 'nonce-([^']+)'/.exec(list.headers.get("content-security-policy") ?? "")?.[1];
    expect(list.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
    const scripts = (await list.text()).match(/<(script|img)[^>]*>/g);
    expect(scripts).toEqual([`<script nonce="${nonce}">`]);
    const page = await fetch(`${simulator.mailboxUrl}mails/${mail?.mailId}`);
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src/);
    const text = await page.text();
    expect(text).not.toMatch(/<(script|img|b>plain)/);
    expect(text).toContain("<iframe sandbox title=");
    const html = await fetch(`${simulator.mailboxUrl}mails/${mail?.mailId}/html`);
    expect(html.headers.get("content-security-policy")).toMatch(/^default-src 'none'; [^;]*; sandbox;/);
  });

  it("hand out the bytes of a mail as they were sent, and each attachment", async () => {
    const simulator = await startForTest();
    const { id } = await simulator.control.placeOrder({ commonName: "a.example.test" });
    await resend(simulator, id);
    const [mail] = await simulator.control.mails();
    const base = `${simulator.mailboxUrl}mails/${mail?.mailId}`;
    const saved = await fetch(`${base}/raw`);
    expect(saved.headers.get("content-type")).toBe("message/rfc822");
    expect(saved.headers.get("content-disposition")).toMatch(/^attachment; filename="[\w.-]+\.eml"$/);
    const raw = Buffer.from(await simulator.control.rawMail(mail?.mailId ?? ""));
    expect(Buffer.from(await saved.arrayBuffer()).equals(raw)).toBe(true);
    const api = `${simulator.mailboxUrl}api/mails/${mail?.mailId}`;
    expect(await (await fetch(api)).json()).toEqual(mail);
    expect(Buffer.from(await (await fetch(`${api}/raw`)).arrayBuffer()).equals(raw)).toBe(true);
    const zip = await fetch(`${base}/attachments/0`);
    expect(zip.headers.get("content-disposition")).toContain("a_example_test.zip");
    expect(
      Buffer.from(await zip.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe("PK");
  });

  it("find mails by address, in English and German", async () => {
    const simulator = await startForTest();
    for (const to of ["one@example.test", "two@example.test"])
      await receive(simulator, { to, subject: "Hello", html: "" });
    const page = async (query: string, headers = {}) =>
      await (await fetch(`${simulator.mailboxUrl}${query}`, { headers })).text();
    expect(await page("?q=one@")).toContain("<td>one@example.test</td>");
    expect(await page("?q=one@")).not.toContain("two@example.test");
    const newestFirst = (await page("")).match(/<td>\w+@/g);
    expect(newestFirst).toEqual(["<td>two@", "<td>one@"]);
    expect(await page("", { "accept-language": "de-AT,en;q=0.5" })).toContain("Sandbox-Postfach");
    expect(await page("?lang=en", { "accept-language": "de" })).toContain("Sandbox mailbox");
    expect(await page("mails/none")).toContain("no longer here");
  });

  it("delete mails only for a form of their own", async () => {
    const simulator = await startForTest();
    await receive(simulator, { to: "a@example.test", subject: "Hello", html: "" });
    const clear = async (origin: string) => {
      const options = { method: "POST", redirect: "manual", headers: { origin } } as const;
      return (await fetch(`${simulator.mailboxUrl}clear`, options)).status;
    };
    expect(await clear("http://evil.test")).toBe(403);
    expect(await simulator.control.mails()).toHaveLength(1);
    expect(await clear(new URL(simulator.mailboxUrl).origin)).toBe(303);
    expect(await simulator.control.mails()).toHaveLength(0);
  });

  it("answer to their own name only, on every port, and to loopback only", async () => {
    const simulator = await startForTest();
    for (const url of [
      ...simulator.accounts.map(({ baseUrl }) => baseUrl),
      simulator.mailboxUrl,
      simulator.keysUrl,
      simulator.controlUrl,
    ]) {
      const { port } = new URL(url);
      for (const host of ["evil.test", `evil.test:${port}`, "127.0.0.1:1", "localhost"]) {
        const status = await new Promise((resolve) =>
          get(url, { headers: { host } }, (answer) => resolve(answer.resume().statusCode)),
        );
        expect(status).toBe(421);
      }
    }
    await expect(startSimulator({ host: "0.0.0.0" })).rejects.toThrow("loopback");
  });

  it("list every key with its names, and give key and request as files", async () => {
    const simulator = await startForTest();
    const order = await simulator.control.placeOrder({
      commonName: "*.example.test",
      dnsNames: ["*.example.test", "example.test", "cdn.example.test"],
    });
    const page = await (await fetch(`${simulator.keysUrl}?q=cdn.&lang=de`)).text();
    for (const word of [order.id, "*.example.test", "cdn.example.test", "EC P-256", "Sandbox-Schlüssel"])
      expect(page).toContain(String(word));
    const key = await fetch(`${simulator.keysUrl}orders/${order.id}/key`);
    expect(key.headers.get("content-disposition")).toBe('attachment; filename="STAR_example_test.key"');
    expect(await key.text()).toBe(order.privateKeyPem);
    expect(await (await fetch(`${simulator.keysUrl}orders/${order.id}/csr`)).text()).toBe(order.csrPem);
  });
});

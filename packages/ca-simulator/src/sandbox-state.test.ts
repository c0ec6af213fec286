import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectControl, startSimulator } from "./index.ts";
import { resend, startForTest } from "./test-ca.ts";

const run = promisify(execFile);

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "sealpost-sim-"));
  onTestFinished(async () => await rm(directory, { recursive: true }));
  return directory;
}

/** Takes a port, so that nobody else gets it. */
async function occupy(port: number): Promise<number> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

describe("a sandbox kept on disk", () => {
  it("is the same after a restart: orders, keys, mails, credential, trust and addresses", async () => {
    const dataDirectory = await newDirectory();
    const first = await startSimulator({ dataDirectory });
    const order = await first.control.placeOrder({ commonName: "a.example.test" });
    await resend(first, order.id);
    const [mail] = await first.control.mails();
    const raw = await first.control.rawMail(mail?.mailId ?? "");
    await first.close();
    const second = await startForTest({ dataDirectory, seed: "sandbox" });
    const kept = ["mailboxUrl", "keysUrl", "controlUrl", "controlToken", "smtpPort"] as const;
    for (const fact of [...kept, "accounts", "rootCertificatePem"] as const)
      expect(second[fact]).toEqual(first[fact]);
    expect(await second.control.orders()).toEqual([order]);
    expect(await second.control.mails()).toEqual([mail]);
    expect(Buffer.from(await second.control.rawMail(mail?.mailId ?? "")).equals(raw)).toBe(true);
    const next = await second.control.placeOrder({ commonName: "b.example.test" });
    expect(next.id).toBe(order.id + 1);
  });

  it("opens one kept by a version that knew a single CA, whose orders those then are", async () => {
    const dataDirectory = await newDirectory();
    const first = await startSimulator({ dataDirectory });
    const order = await first.control.placeOrder({ commonName: "a.example.test" });
    await first.close();
    const file = join(dataDirectory, "sandbox.json");
    const { secrets, orders, ...rest } = JSON.parse(await readFile(file, "utf8"));
    const added = ["ca", "validation", "organization", "vendorStatus", "earlier"];
    const older = orders.map((one: object) =>
      Object.fromEntries(Object.entries(one).filter(([name]) => !added.includes(name))),
    );
    await writeFile(file, JSON.stringify({ ...rest, credential: secrets["ibm-classic"], orders: older }));
    const second = await startForTest({ dataDirectory });
    expect(await second.control.orders()).toEqual([order]);
    expect(second.account("ibm-classic")).toEqual(first.account("ibm-classic"));
    expect((await resend(second, order.id)).status).toBe(200);
    await second.control.reissue(order.id);
    const { id } = await second.control.placeOrder({ ca: "digicert", commonName: "b.example.test" });
    const { baseUrl, credential } = second.account("digicert");
    const headers = { "x-dc-devkey": credential.apiKey ?? "" };
    const answer = await fetch(new URL("order/certificate", baseUrl), { headers });
    expect(await answer.json()).toMatchObject({ orders: [{ id }] });
  });

  it("moves to another port when its own is taken, but never from one it was given", async () => {
    const dataDirectory = await newDirectory();
    const first = await startSimulator({ dataDirectory });
    await first.close();
    await occupy(Number(new URL(first.account("ibm-classic").baseUrl).port));
    await occupy(first.smtpPort);
    const second = await startForTest({ dataDirectory });
    expect(second.account("ibm-classic").baseUrl).not.toBe(first.account("ibm-classic").baseUrl);
    expect(second.smtpPort).not.toBe(first.smtpPort);
    const { id } = await second.control.placeOrder({ commonName: "a.example.test" });
    expect((await resend(second, id)).status).toBe(200);
    await expect(startSimulator({ ports: { keys: await occupy(0) } })).rejects.toThrow("EADDRINUSE");
  });

  it("runs as a process that says where it listens, obeys its token, and leaves private files only", async () => {
    const dataDirectory = await newDirectory();
    const bin = fileURLToPath(new URL("bin.ts", import.meta.url));
    const child: ChildProcess = spawn(process.execPath, [bin, "--data-dir", dataDirectory, "--seed", "none"]);
    const [line] = await once(createInterface({ input: child.stdout ?? process.stdin }), "line");
    const said = JSON.parse(String(line));
    expect(said).toMatchObject({ ready: true, accounts: expect.any(Array) });
    const control = connectControl(said.controlUrl, said.controlToken);
    const approvesAt = new Date(0);
    const { id } = await control.placeOrder({
      commonName: "a.test",
      status: "Pending CA Approval",
      approvesAt,
    });
    await control.advance(id);
    await expect.poll(async () => (await control.mails()).length).toBe(1);
    const [mail] = await control.mails();
    expect(Buffer.from(await control.rawMail(mail?.mailId ?? "")).toString()).toContain("BEGIN CERTIFICATE");
    await expect(control.keyOf(1)).rejects.toThrow("no order 1");
    await expect(connectControl(said.controlUrl, "wrong").orders()).rejects.toThrow("no token");
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    const names = await readdir(dataDirectory, { recursive: true, withFileTypes: true });
    expect(names.length).toBeGreaterThan(3);
    for (const one of names) {
      const { mode } = await stat(join(one.parentPath, one.name));
      expect(mode & 0o777).toBe(one.isDirectory() ? 0o700 : 0o600);
    }
  });
});

describe("a seeded sandbox", () => {
  it("has every status, kind and age of order, each certificate sound, and mails dated as they were sent", async () => {
    const simulator = await startForTest({ seed: "sandbox" });
    const orders = await simulator.control.orders();
    expect(orders.length).toBeGreaterThanOrEqual(44);
    const every = (pick: (order: (typeof orders)[number]) => unknown) => new Set(orders.map(pick)).size;
    expect([every((o) => o.status), every((o) => o.keyType), every((o) => o.mailStyle)]).toEqual([4, 4, 2]);
    expect(
      new Set(orders.filter((o) => o.ca === "digicert").map((o) => o.vendorStatus ?? o.status)).size,
    ).toBe(7);
    const daysLeft = orders.flatMap((o) =>
      o.validTo ? [(Date.parse(o.validTo) - Date.now()) / 86_400_000] : [],
    );
    expect(daysLeft.filter((days) => days < 0).length).toBeGreaterThan(3);
    expect(daysLeft.filter((days) => days > 0 && days < 30).length).toBeGreaterThan(3);
    const inTime = orders.toSorted((a, b) => a.id - b.id).map((order) => order.createdAt);
    expect(inTime).toEqual(inTime.toSorted());

    const directory = await newDirectory();
    const write = async (name: string, pem: string) => {
      await writeFile(join(directory, name), pem);
      return join(directory, name);
    };
    const root = await write("root.pem", simulator.rootCertificatePem);
    const intermediate = await write("intermediate.pem", simulator.intermediateCertificatePem);
    const issued = orders.filter((order) => order.certificatePem !== null);
    const files = await Promise.all(issued.map((o) => write(`${o.id}.pem`, o.certificatePem ?? "")));
    // Without the time, since some have ended: that is what they are for.
    const checks = ["-x509_strict", "-no_check_time", "-CAfile", root, "-untrusted", intermediate];
    const { stdout } = await run("openssl", ["verify", ...checks, ...files]);
    expect(stdout.match(/: OK$/gm)).toHaveLength(issued.length);

    const mails = await simulator.control.mails();
    expect(mails.length).toBeGreaterThanOrEqual(6);
    expect(mails.map((mail) => mail.sentAt)).toEqual(mails.map((mail) => mail.sentAt).toSorted());
    expect(Date.parse(mails[0]?.sentAt ?? "")).toBeLessThan(Date.now() - 100 * 86_400_000);
    for (const { mailId } of mails)
      expect(Buffer.from(await simulator.control.rawMail(mailId)).toString()).not.toContain("PRIVATE KEY");
  });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@sealpost/db";
import {
  type ArrivedMail,
  type Mailbox,
  type MailboxEvent,
  type MailboxReader,
  mailboxIdSchema,
  neverWatched,
  positionAfter,
  type ReceiveMail,
  refuse,
} from "@sealpost/domain";
import { openMailbox } from "@sealpost/mailbox";
import { type MailServer, startMailServer, whyNoMailServer } from "@sealpost/mailbox/real-mail";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLogger } from "./logger.ts";
import { MailboxWatch, type RetryTimes } from "./mailbox-watch.ts";
import { pinnedAddress } from "./pinned-address.ts";
import { type Api, apiOf, enter, startTestConsole, type TestConsole } from "./test-console.ts";

const user = "admin@example.test";
const mail = (subject: string) => `From: ca@issuer.test\r\nSubject: ${subject}\r\n\r\nBody of ${subject}\r\n`;

describe("where a mailbox may be", () => {
  it("is never this machine or a private network, whatever the name says, unless the operator allows it", async () => {
    for (const host of ["127.0.0.1", "10.0.0.5", "::1", "169.254.169.254"]) {
      expect(await pinnedAddress(host)).toBe(null);
    }
    const resolve = async () => ["93.184.215.14", "192.168.1.2"];
    expect(await pinnedAddress("mail.example.test", { resolve })).toBe(null);
    expect(await pinnedAddress("127.0.0.1", { isAllowed: () => true })).toBe("127.0.0.1");
  });
});

describe.skipIf(whyNoMailServer() !== null)("mailboxes, against Dovecot", () => {
  let server: MailServer;
  let directory: string;
  beforeAll(async () => {
    server = await startMailServer();
    directory = await mkdtemp(join(tmpdir(), "sealpost-mailboxes-"));
    await writeFile(join(directory, "anchors.pem"), server.certificatePem);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  describe("in the console", () => {
    let world: TestConsole;
    let api: Api;
    beforeEach(async () => {
      const SEALPOST_ANCHORS_FILE = join(directory, "anchors.pem");
      world = await startTestConsole({ SEALPOST_PRIVATE_MAIL_SERVERS: "on", SEALPOST_ANCHORS_FILE });
      api = apiOf(world, await enter(world));
    });
    afterEach(() => world[Symbol.asyncDispose]());

    type Connect = Parameters<Api["mailboxes"]["connect"]["mutate"]>[0];
    const connect = (about: Partial<Connect> = {}) =>
      api.mailboxes.connect.mutate({
        label: "Certificates",
        host: server.host,
        port: server.ports.imaps,
        security: "tls",
        userName: user,
        password: "test-only",
        ...about,
      });
    const listed = () => expect.poll(async () => (await api.mailboxes.list.query())[0], { interval: 20 });

    it("follows a mailbox from the moment it is connected, and after a restart, and shows no password anywhere", async () => {
      const { mailboxId } = await connect();
      await listed().toMatchObject({ state: "connected", hasCredential: true, seenAt: expect.any(String) });
      await server.append(user, "INBOX", mail("first"));
      await listed().toMatchObject({ lastMailAt: expect.any(String), fault: null });
      const before = (await api.mailboxes.list.query())[0]?.lastMailAt ?? "";
      await world.restart();
      // INTERNALDATE counts whole seconds, so it may take a few mails until one shows.
      await expect
        .poll(
          async () => {
            await server.append(user, "INBOX", mail("another"));
            return (await api.mailboxes.list.query())[0]?.lastMailAt;
          },
          { interval: 200 },
        )
        .not.toBe(before);
      expect(await api.mailboxes.test.mutate({ mailboxId })).toMatchObject({ serverName: "Dovecot" });
      for (const place of [
        world.log(),
        JSON.stringify(await api.mailboxes.list.query()),
        String(await world.database()),
      ]) {
        expect(place).not.toContain("test-only");
        expect(place).not.toContain("Body of");
      }
    });

    it("says in plain words what is wrong, and goes on by itself when it is mended by an edit", async () => {
      const { mailboxId } = await connect({ password: "wrong" });
      await listed().toMatchObject({ fault: { kind: "unauthorized", serverMessage: expect.any(String) } });
      await expect(api.mailboxes.test.mutate({ mailboxId })).rejects.toMatchObject({
        data: { httpStatus: 502, refusal: { code: "mailbox-error", kind: "unauthorized" } },
      });
      await connect({ mailboxId, folders: ["INBOX", "Nowhere"] });
      await listed().toMatchObject({ fault: { kind: "folder-missing", folders: ["Nowhere"] } });
      await connect({ mailboxId, password: "", folders: ["INBOX"] });
      await listed().toMatchObject({ fault: null, seenAt: expect.any(String) });
    });

    it("does not call a mailbox read of which a folder is missing, and says since when that is so", async () => {
      const { mailboxId } = await connect({ folders: ["INBOX", "Late"] });
      const row = async () => (await api.mailboxes.list.query())[0];
      /** Resolves when a mail is met that came after the inbox had been read to its end. */
      const met = async () => {
        const before = (await row())?.lastMailAt;
        const arrives = async () => {
          await server.append(user, "INBOX", mail("while one is missing"));
          return (await row())?.lastMailAt;
        };
        await expect.poll(arrives, { interval: 200 }).not.toBe(before);
      };
      await listed().toMatchObject({ fault: { kind: "folder-missing", folders: ["Late"] } });
      await met();
      await met();
      const before = await row();
      expect(before).toMatchObject({ seenAt: null });
      await world.restart();
      await met();
      await met();
      expect(await row()).toMatchObject({ seenAt: null, fault: before?.fault });
      await connect({ mailboxId, folders: ["Late", "Never"] });
      await listed().toMatchObject({ seenAt: null, fault: { folders: ["Late", "Never"] } });
      await server.doveadm("mailbox", "create", "-u", user, "Late");
      await connect({ mailboxId, folders: ["INBOX", "Late"] });
      await listed().toMatchObject({ fault: null, seenAt: expect.any(String) });
    });

    it("wants the password again for another host or port, and keeps nobody's name twice", async () => {
      const { mailboxId } = await connect();
      await expect(connect({ mailboxId, password: "", port: server.ports.imap })).rejects.toMatchObject({
        data: { refusal: { code: "invalid-input", field: "password", problem: "type-again" } },
      });
      expect((await connect({ mailboxId, password: "", label: "Renamed" })).label).toBe("Renamed");
      await expect(connect({ label: "renamed" })).rejects.toMatchObject({
        data: { refusal: { code: "mailbox-label-taken" } },
      });
    });

    it("reads nothing while paused, and throws the password away when disconnected", async () => {
      const { mailboxId } = await connect();
      await listed().toMatchObject({ seenAt: expect.any(String) });
      expect(await api.mailboxes.setState.mutate({ mailboxId, state: "paused" })).toMatchObject({
        state: "paused",
      });
      const gone = await api.mailboxes.setState.mutate({ mailboxId, state: "disconnected" });
      expect(gone).toMatchObject({ state: "disconnected", hasCredential: false });
      await expect(api.mailboxes.setState.mutate({ mailboxId, state: "connected" })).rejects.toMatchObject({
        data: { refusal: { code: "invalid-input", field: "password" } },
      });
    });
  });

  const named = (one: ArrivedMail) =>
    /Subject: (.*)\r/.exec(Buffer.from(one.raw.reveal()).toString())?.[1] ?? "";

  /** A mailbox of a test's own, in a database of its own, and what follows it. */
  async function watchedMailbox(stack: AsyncDisposableStack, userName: string, folders: readonly string[]) {
    const { store, close } = openStore({ file: join(directory, `${userName}.db`), seal: null });
    stack.defer(close);
    const mailboxId = mailboxIdSchema.parse("mailbox");
    const mailbox: Mailbox = {
      ...{ mailboxId, label: "Watched", host: server.host, port: server.ports.imaps, security: "tls" },
      ...{ userName, credentialRef: null, folders, lookBackDays: 1 },
      ...{ state: "connected", connectedAt: new Date(), watch: neverWatched },
    };
    await server.setPassword(userName, "test-only");
    await store.commit({ writes: [{ write: "mailbox-saved", mailbox }], audit: [] });
    const openedAt: number[] = [];
    let afterwards: (event: MailboxEvent) => Promise<unknown> = async () => {};
    async function* told(events: AsyncIterable<MailboxEvent>): AsyncGenerator<MailboxEvent, void> {
      for await (const event of events) {
        yield event;
        await afterwards(event);
      }
    }
    const ports = {
      store,
      clock: { now: () => new Date() },
      openMailbox: async ({ host, port, security, userName }: Mailbox): Promise<MailboxReader> => {
        openedAt.push(performance.now());
        const reader = openMailbox({
          ...{ host, port, security, userName, password: "test-only" },
          addressOf: async () => host,
          anchorsPem: [server.certificatePem],
          times: { connectMs: 15_000, listenMs: 120_000, pollMs: 30_000, missingMs: 50 },
        });
        return { ...reader, follow: (request, signal) => told(reader.follow(request, signal)) };
      },
    };
    return {
      /** When the mailbox was opened, each time. */
      openedAt,
      /** What happens after each event that has been dealt with. */
      after(event: typeof afterwards) {
        afterwards = event;
      },
      store,
      row: async () => (await store.mailbox(mailboxId))?.watch,
      /** The mail has been dealt with. */
      async take(one: ArrivedMail) {
        const position = positionAfter(one);
        const write = {
          write: "mailbox-position",
          mailboxId,
          position,
          receivedAt: one.receivedAt,
        } as const;
        await store.commit({ writes: [write], audit: [] });
      },
      async start(receive: ReceiveMail, times: RetryTimes = { firstMs: 20, longestMs: 50 }) {
        const watch = new MailboxWatch(ports, receive, createLogger("silent"), times);
        await watch.start();
        return watch;
      },
    };
  }

  it("does not call a mailbox read of which one folder still is", async () => {
    await using stack = new AsyncDisposableStack();
    const reader = "several@example.test";
    const { row, take, start } = await watchedMailbox(stack, reader, ["INBOX", "Full"]);
    await server.doveadm("mailbox", "create", "-u", reader, "Full");
    const subjects = Array.from({ length: 12 }, (_, at) => `number ${at}`);
    // Each so long that it is read by itself: the inbox is at its end long before.
    for (const subject of subjects)
      await server.append(reader, "Full", `${mail(subject)}${"x".repeat(300_000)}\r\n`);
    const seen: string[] = [];
    const called: unknown[] = [];
    const watch = await start(async (_, one) => {
      seen.push(named(one));
      called.push((await row())?.seenAt);
      await take(one);
    });
    await expect.poll(() => seen, { interval: 20 }).toEqual(subjects);
    expect(called).toEqual(subjects.map(() => null));
    await expect.poll(async () => (await row())?.seenAt, { interval: 20 }).toEqual(expect.any(Date));
    await watch.stop();
  });

  it("takes up a folder that was missing while the others were followed", async () => {
    await using stack = new AsyncDisposableStack();
    const reader = "returning@example.test";
    const { row, take, start } = await watchedMailbox(stack, reader, ["INBOX", "Returning"]);
    const watch = await start((_, one) => take(one));
    const missing = { kind: "folder-missing", folders: ["Returning"] };
    await expect.poll(row, { interval: 20 }).toMatchObject({ fault: missing, seenAt: null });
    await server.doveadm("mailbox", "create", "-u", reader, "Returning");
    await expect.poll(row, { interval: 20 }).toMatchObject({ fault: null, seenAt: expect.any(Date) });
    await watch.stop();
  });

  it("comes ever more rarely to a server that ends each connection as soon as the mailbox is read, and says what is wrong", async () => {
    await using stack = new AsyncDisposableStack();
    const reader = "ended@example.test";
    const { row, take, start, openedAt, after } = await watchedMailbox(stack, reader, ["INBOX"]);
    after(async ({ event }) => event === "caught-up" && (await server.doveadm("kick", reader)));
    const watch = await start((_, one) => take(one), { firstMs: 50, longestMs: 60_000 });
    await expect.poll(() => openedAt.length, { interval: 20 }).toBe(6);
    expect((await row())?.fault).toMatchObject({ kind: "unavailable" });
    const waits = openedAt.map((at, index) => at - (openedAt[index - 1] ?? at)).slice(1);
    for (const [index, waited] of waits.entries()) expect(waited).toBeGreaterThanOrEqual(50 * 2 ** index);
    await watch.stop();
  });

  it("hands on each mail once: over a server that goes away, a restart, a moment too busy to read, a full disk, and a mail nobody can deal with", async () => {
    await using stack = new AsyncDisposableStack();
    const { row, take, start } = await watchedMailbox(stack, "watched@example.test", ["INBOX"]);
    const seen: string[] = [];
    const blamed: unknown[] = [];
    const receive: ReceiveMail = async (_, one) => {
      const subject = named(one);
      seen.push(subject);
      if (subject === "poison") throw new Error("cannot be dealt with");
      const isFirstTry = seen.filter((other) => other === subject).length === 1;
      if (subject === "busy" && isFirstTry) throw refuse({ code: "too-many-requests", retryAt: new Date() });
      if (subject === "full" && isFirstTry) throw Object.assign(new Error(), { code: "SQLITE_FULL" });
      if (subject === "full") blamed.push((await row())?.fault);
      await take(one);
    };
    const deliver = (subject: string) => server.append("watched@example.test", "INBOX", mail(subject));
    const until = (...subjects: string[]) => expect.poll(() => seen, { interval: 20 }).toEqual(subjects);
    await deliver("one");
    await deliver("poison");
    await deliver("busy");
    await deliver("full");
    await deliver("two");
    const before = ["one", "poison", "busy", "busy", "full", "full", "two"];
    const first = await start(receive);
    await until(...before);
    // Nothing was wrong with the mailbox.
    expect(blamed).toEqual([null]);
    await server.stopImap();
    await expect.poll(async () => (await row())?.fault?.kind).toBe("unavailable");
    await server.startImap();
    await deliver("three");
    await until(...before, "three");
    await expect.poll(async () => (await row())?.fault).toBe(null);
    await first.stop();
    await deliver("four");
    const second = await start(receive);
    await until(...before, "three", "four");
    await second.stop();
  });
});

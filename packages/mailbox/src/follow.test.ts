import { type FollowRequest, MailboxError, type MailboxEvent, type MailboxReader } from "@sealpost/domain";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type MailServer, startMailServer, whyNoMailServer } from "../real-mail/mail-server.ts";
import type { MailboxLogin } from "./connection.ts";
import { openMailbox } from "./open-mailbox.ts";

const never = new AbortController().signal;
const longAgo = new Date(0);
const quick = { connectMs: 5000, listenMs: 500, pollMs: 100, missingMs: 50 };

const mailWith = (subject: string, size = 0) =>
  `From: ca@issuer.test\r\nTo: admin@example.test\r\nSubject: ${subject}\r\n\r\n${"x".repeat(size)}\r\n`;

let server: MailServer;
/** A user of each test's own. */
let user: string;
const users = Array.from({ length: 20 }, (_, at) => `user${at}@example.test`);
const left = [...users];

const login = (about: Partial<MailboxLogin> = {}): MailboxLogin => ({
  host: server.host,
  port: server.ports.imaps,
  security: "tls",
  userName: user,
  password: "test-only",
  addressOf: async (host) => host,
  anchorsPem: [server.certificatePem],
  ...about,
});

/** Reads events until one satisfies; then leaves. */
async function until(
  reader: MailboxReader,
  about: Partial<FollowRequest>,
  isLast: (event: MailboxEvent, seen: readonly MailboxEvent[]) => boolean | Promise<boolean>,
): Promise<readonly MailboxEvent[]> {
  const request = { folders: ["INBOX"], positions: [], notBefore: longAgo, ...about };
  const seen: MailboxEvent[] = [];
  for await (const event of reader.follow(request, never)) {
    seen.push(event);
    if (await isLast(event, seen)) break;
  }
  return seen;
}

const isCaughtUp = (event: MailboxEvent) => event.event === "caught-up";
const mailsOf = (events: readonly MailboxEvent[]) =>
  events.flatMap((event) => (event.event === "mail" ? [event.mail] : []));
const subjects = (events: readonly MailboxEvent[]) =>
  mailsOf(events).map(({ raw }) => /Subject: (.*)\r/.exec(Buffer.from(raw.reveal()).toString())?.[1]);
const append = (...names: string[]) =>
  names.reduce(
    (before, name) => before.then(() => server.append(user, "INBOX", mailWith(name))),
    Promise.resolve(),
  );
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe.skipIf(whyNoMailServer() !== null)("following a mailbox, against Dovecot", () => {
  beforeAll(async () => {
    server = await startMailServer({ users });
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => {
    user = left.shift() ?? "nobody";
  });

  it.each(["tls", "starttls"] as const)(
    "signs in by %s and tells which folders there are",
    async (security) => {
      const port = security === "tls" ? server.ports.imaps : server.ports.imap;
      expect(await openMailbox(login({ security, port })).probe(never)).toEqual({
        serverName: "Dovecot",
        canIdle: true,
        folders: [
          { folder: "INBOX", use: "inbox" },
          { folder: "Junk", use: "junk" },
        ],
      });
    },
  );

  it("hands on old mails in their order, then a new one within three seconds, and changes no flag", async () => {
    await append("one", "two");
    let sentAt = 0;
    const events = await until(
      openMailbox(login({ times: { ...quick, listenMs: 60_000 } })),
      {},
      async (event, seen) => {
        if (event.event === "caught-up" && sentAt === 0) {
          await append("three");
          sentAt = performance.now();
        }
        return mailsOf(seen).length === 3;
      },
    );
    expect(performance.now() - sentAt).toBeLessThan(3000);
    expect(subjects(events)).toEqual(["one", "two", "three"]);
    expect(await server.doveadm("fetch", "-u", user, "flags", "all")).not.toContain("\\Seen");
  });

  it("goes on after the mails it has led to, and passes over those from before the time asked for", async () => {
    await append("one", "two");
    const reader = openMailbox(login());
    const [first] = mailsOf(await until(reader, {}, ({ event }) => event === "mail"));
    const { folder, uidValidity, uid } = first?.place ?? { folder: "", uidValidity: "", uid: 0 };
    const positions = [{ folder, uidValidity, lastUid: uid }];
    expect(subjects(await until(reader, { positions }, isCaughtUp))).toEqual(["two"]);
    const tomorrow = new Date(Date.now() + 2 * 24 * 60 * 60 * 1000);
    expect(await until(reader, { notBefore: tomorrow }, isCaughtUp)).toEqual([
      { event: "position", position: { folder, uidValidity, lastUid: 2 } },
      { event: "caught-up", folder },
    ]);
  });

  it("hands on each mail once, whole and in its order, while another program sets flags on those before and after it", async () => {
    // Each so long that it is read by itself.
    const sizes = [300_000, 300_001, 300_002, 300_003];
    for (const size of sizes) await server.append(user, "INBOX", mailWith(String(size), size));
    const flag = (flagged: string, uids: string) =>
      server.doveadm("flags", "add", "-u", user, flagged, "mailbox", "INBOX", "uid", uids);
    const events = await until(openMailbox(login()), {}, async (event) => {
      if (event.event === "mail" && event.mail.place.uid === 1) await flag("\\Seen", "3:4");
      if (event.event === "mail" && event.mail.place.uid === 2) await flag("\\Flagged", "1:2");
      return event.event === "caught-up";
    });
    expect(mailsOf(events).map(({ place }) => place.uid)).toEqual([1, 2, 3, 4]);
    expect(subjects(events)).toEqual(sizes.map(String));
    expect(mailsOf(events).map(({ isWhole, sizeBytes }) => isWhole && sizeBytes > 300_000)).toEqual(
      sizes.map(() => true),
    );
  });

  it("reads a folder again whose UIDVALIDITY has changed, and tells the same mail by its hash", async () => {
    await append("one");
    const reader = openMailbox(login());
    const [before] = mailsOf(await until(reader, {}, isCaughtUp));
    await server.doveadm("mailbox", "update", "-u", user, "--uid-validity", "4000000000", "INBOX");
    const place = before?.place ?? { folder: "", uidValidity: "", uid: 0 };
    const positions = [{ folder: "INBOX", uidValidity: place.uidValidity, lastUid: place.uid }];
    const [again] = mailsOf(await until(reader, { positions }, isCaughtUp));
    expect(again).toMatchObject({ place: { uidValidity: "4000000000" }, sha256: before?.sha256 });
    await expect(reader.fetch(place, never)).rejects.toMatchObject({ kind: "mail-gone" });
    const whole = await reader.fetch(again?.place ?? place, never);
    expect(Buffer.from(whole.reveal()).toString()).toContain("Subject: one");
  });

  it("follows several folders side by side, and goes on with the rest when one is deleted", async () => {
    await server.doveadm("mailbox", "create", "-u", user, "Orders");
    await server.append(user, "Orders", mailWith("in orders"));
    await append("in inbox");
    const folders = ["INBOX", "Orders", "Never there"];
    const reader = openMailbox(login({ times: { ...quick, pollMs: 0 } }));
    let isDeleted = false;
    const events = await until(reader, { folders }, async (event, seen) => {
      if (!isDeleted && seen.filter(isCaughtUp).length >= 2) {
        isDeleted = true;
        await server.doveadm("mailbox", "delete", "-u", user, "Orders");
      }
      if (event.event === "folder-missing" && event.folder === "Orders") await append("later");
      return subjects(seen).includes("later");
    });
    expect(subjects(events).toSorted()).toEqual(["in inbox", "in orders", "later"]);
    expect(events).toContainEqual({ event: "folder-missing", folder: "Never there" });
    await expect(until(reader, { folders: ["Never there"] }, () => false)).rejects.toMatchObject({
      kind: "folder-missing",
    });
  });

  it("looks again for a folder that is not there, and reads it once it is", async () => {
    const folders = ["INBOX", "Later there"];
    const reader = openMailbox(login({ times: quick }));
    const events = await until(reader, { folders }, async (event, seen) => {
      const isMissing = event.event === "folder-missing";
      if (isMissing && seen.filter(({ event }) => event === "folder-missing").length === 2) {
        await server.doveadm("mailbox", "create", "-u", user, "Later there");
        await server.append(user, "Later there", mailWith("in the new folder"));
      }
      return event.event === "caught-up" && event.folder === "Later there";
    });
    expect(subjects(events)).toEqual(["in the new folder"]);
  });

  it("goes on by itself when a connection is ended that has lasted, and throws when it has not", async () => {
    const ended = (pollMs: number) =>
      until(openMailbox(login({ times: { ...quick, pollMs } })), {}, async (event, seen) => {
        if (event.event === "caught-up") await server.doveadm("kick", user);
        return seen.filter(isCaughtUp).length === 3;
      });
    expect((await ended(0)).filter(isCaughtUp)).toHaveLength(3);
    await expect(ended(60_000)).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("reads only the header of a mail of 40 MB, and the mail after it", async () => {
    await server.append(user, "INBOX", mailWith("huge", 40 * 1024 * 1024));
    await append("small");
    const reader = openMailbox(login());
    const [huge, small] = mailsOf(await until(reader, {}, isCaughtUp));
    expect(huge).toMatchObject({ isWhole: false, place: { uid: 1 } });
    expect(huge?.sizeBytes).toBeGreaterThan(40 * 1024 * 1024);
    expect(huge?.raw.reveal().length).toBeLessThan(1000);
    expect(Buffer.from(huge?.raw.reveal() ?? []).toString()).toMatch(/^Subject: huge\r\n/m);
    expect(small).toMatchObject({ isWhole: true, place: { uid: 2 } });
    await expect(
      reader.fetch(huge?.place ?? { folder: "INBOX", uidValidity: "", uid: 1 }, never),
    ).rejects.toMatchObject({
      kind: "too-large",
    });
  });

  it("hands on whatever lies there, byte for byte: no header, bare line feeds, broken MIME, nothing at all", async () => {
    const bodies = [
      Buffer.from([0x80, 0xff, 0x00, 0x0a, 0x0a, 0xfe]),
      Buffer.from('Content-Type: multipart/mixed; boundary="a\r\n\r\n--a\r\n--a--\r\n=?utf-8?q?'),
      Buffer.from("Subject: =?unknown?b?####?=\n\n--\n"),
    ];
    for (const body of bodies) await server.append(user, "INBOX", body);
    const mails = mailsOf(await until(openMailbox(login()), {}, isCaughtUp));
    expect(mails.map(({ isWhole }) => isWhole)).toEqual([true, true, true]);
    expect(Buffer.from(mails[1]?.raw.reveal() ?? [])).toEqual(bodies[1]);
    expect(JSON.stringify(mails)).not.toContain("multipart");
  });

  it("asks again and again where the server cannot tell by itself", async () => {
    await using poor = await startMailServer({ withoutIdle: true });
    const about = {
      port: poor.ports.imaps,
      anchorsPem: [poor.certificatePem],
      userName: "admin@example.test",
    };
    const reader = openMailbox(login({ ...about, times: quick }));
    expect(await reader.probe(never)).toMatchObject({ canIdle: false });
    let isSent = false;
    const events = await until(reader, {}, async (event) => {
      if (event.event === "caught-up" && !isSent) {
        isSent = true;
        await poor.append("admin@example.test", "INBOX", mailWith("polled"));
      }
      return event.event === "mail";
    });
    expect(subjects(events)).toEqual(["polled"]);
  });

  it("says that the password is not accepted, in the server's words and without the password", async () => {
    await server.setPassword(user, "changed meanwhile");
    const error = await failure(openMailbox(login({ password: "my-old-secret" })).probe(never));
    expect(error).toMatchObject({
      kind: "unauthorized",
      serverMessage: expect.stringContaining("Authentication failed"),
    });
    expect(String(error) + JSON.stringify(error)).not.toContain("my-old-secret");
    expect(String(error instanceof MailboxError && error.cause)).not.toContain("my-old-secret");
  });

  it("says when the certificate is not trusted, names another host, or TLS is not what the port speaks", async () => {
    const tls = { kind: "tls" };
    await expect(openMailbox(login({ anchorsPem: [] })).probe(never)).rejects.toMatchObject(tls);
    const other = login({ host: "mail.elsewhere.test", addressOf: async () => server.host });
    await expect(openMailbox(other).probe(never)).rejects.toMatchObject(tls);
    await expect(openMailbox(login({ port: server.ports.imap })).probe(never)).rejects.toMatchObject(tls);
    const named = login({ host: "mx.sealpost.test", addressOf: async () => server.host });
    expect((await openMailbox(named).probe(never)).serverName).toBe("Dovecot");
  });

  it("ends when told to while it listens, and throws when the server goes away", async () => {
    const leave = new AbortController();
    const request = { folders: ["INBOX", "Junk"], positions: [], notBefore: longAgo };
    let caughtUp = 0;
    for await (const event of openMailbox(login()).follow(request, leave.signal)) {
      if (event.event === "caught-up") caughtUp += 1;
      if (caughtUp === 2) leave.abort();
    }
    const following = until(openMailbox(login()), {}, async (event) => {
      if (event.event === "caught-up") await server.stopImap();
      return false;
    });
    await expect(following).rejects.toMatchObject({ kind: "unavailable" });
    await expect(openMailbox(login()).probe(never)).rejects.toMatchObject({ kind: "unavailable" });
    await server.startImap();
    expect((await openMailbox(login()).probe(never)).canIdle).toBe(true);
  });
});

import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import {
  type ArrivedMail,
  type CancelSignal,
  CertificateMaterial,
  type FolderPosition,
  longestHeaderBytes,
  longestMailBytes,
  MailboxError,
  type MailboxEvent,
  mailHeaderOf,
  positionAfter,
} from "@sealpost/domain";
import type { FetchMessageObject, SearchObject } from "imapflow";
import { type Connection, connect, type MailboxLogin, usualTimes } from "./connection.ts";

/** How many mails' sizes are asked for at once. */
const mailsPerBatch = 100;
/** How many bytes of mails are asked for at once, unless one alone is longer. */
const bytesPerRun = 256 * 1024;

/**
 * Follows one folder over a connection of its own, from a position on. A connection that is lost some time after the
 * folder was read to its end is made again at once, since servers end those that are quiet; an earlier loss throws. So
 * no server is connected to more often than one is asked that has to be. A folder that is not there is looked for again.
 * Ends when the signal aborts.
 */
export async function* followFolder(
  login: MailboxLogin,
  folder: string,
  { from, notBefore }: { readonly from: FolderPosition | null; readonly notBefore: Date },
  signal: AbortSignal,
): AsyncGenerator<MailboxEvent, void> {
  const { pollMs, missingMs } = login.times ?? usualTimes;
  let position = from;
  for (;;) {
    let caughtUpAt: number | null = null;
    try {
      for await (const event of overOneConnection(login, folder, { from: position, notBefore }, signal)) {
        yield event;
        if (event.event === "position") position = event.position;
        if (event.event === "mail") position = positionAfter(event.mail);
        if (event.event === "caught-up") caughtUpAt ??= performance.now();
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof MailboxError)) throw error;
      if (error.kind === "folder-missing") {
        yield { event: "folder-missing", folder };
        await pause(missingMs, undefined, { signal }).catch(() => {});
        continue;
      }
      const hasLasted = caughtUpAt !== null && performance.now() - caughtUpAt >= pollMs;
      if (error.kind !== "unavailable" || !hasLasted) throw error;
    }
  }
}

/** Only ever ends by throwing. */
async function* overOneConnection(
  login: MailboxLogin,
  folder: string,
  { from, notBefore }: { readonly from: FolderPosition | null; readonly notBefore: Date },
  signal: CancelSignal,
): AsyncGenerator<MailboxEvent, void> {
  using connection = await connect(login, signal);
  const news = listenForNews(connection);
  let position = from;
  for (;;) {
    news.forget();
    const { uidValidity, uidNext } = await connection.examine(folder);
    let uids: readonly number[] = [];
    if (position?.uidValidity === String(uidValidity)) {
      if (uidNext > position.lastUid + 1) uids = await uidsAfter(connection, position.lastUid);
    } else {
      uids = await search(connection, { since: notBefore });
      position = { folder, uidValidity: String(uidValidity), lastUid: (uids[0] ?? uidNext) - 1 };
      yield { event: "position", position };
    }
    for await (const mail of readMails(connection, position, uids)) {
      yield { event: "mail", mail };
      position = positionAfter(mail);
    }
    yield { event: "caught-up", folder };
    await news.next();
  }
}

/** `*` is the last mail even where its number is lower (RFC 9051 section 9, seq-range). */
async function uidsAfter(connection: Connection, lastUid: number): Promise<readonly number[]> {
  return (await search(connection, { uid: `${lastUid + 1}:*` })).filter((uid) => uid > lastUid);
}

async function search(connection: Connection, query: SearchObject): Promise<readonly number[]> {
  const found = await connection.run((client) => client.search(query, { uid: true }));
  if (!found) throw new MailboxError("unexpected-response");
  return found.toSorted((a, b) => a - b);
}

async function* readMails(
  connection: Connection,
  { folder, uidValidity }: FolderPosition,
  uids: readonly number[],
): AsyncGenerator<ArrivedMail> {
  for (let at = 0; at < uids.length; at += mailsPerBatch) {
    const sizes = await rowsOf(connection, uids.slice(at, at + mailsPerBatch), { size: true });
    for (const run of runsOf(sizes)) {
      const startedAt = performance.now();
      for (const row of await readRun(connection, run)) {
        const mail = toMail(row, { folder, uidValidity, uid: row.uid });
        if (mail) yield mail;
      }
      // A large folder takes minutes: whoever else wants the processor has as long in between.
      await pause(performance.now() - startedAt);
    }
  }
}

interface Run {
  readonly uids: number[];
  readonly isWhole: boolean;
}

/** Mails that are read together. */
function runsOf(rows: readonly FetchMessageObject[]): readonly Run[] {
  const runs: Run[] = [];
  let bytes = 0;
  for (const { uid, size } of rows) {
    if (size === undefined) continue;
    const isWhole = size <= longestMailBytes;
    const last = runs.at(-1);
    bytes += size;
    if (last?.isWhole && isWhole && bytes <= bytesPerRun) last.uids.push(uid);
    else {
      runs.push({ uids: [uid], isWhole });
      bytes = size;
    }
  }
  return runs;
}

function readRun(connection: Connection, { uids, isWhole }: Run): Promise<readonly FetchMessageObject[]> {
  // In part, since what a server says of a mail's size need not be true: one byte more tells that it is not.
  const query = isWhole
    ? { source: { start: 0, maxLength: longestMailBytes + 1 } }
    : { bodyParts: [{ key: "HEADER", start: 0, maxLength: longestHeaderBytes }] };
  return rowsOf(connection, uids, { ...query, size: true, internalDate: true });
}

/**
 * What the server tells of these mails, in their order, and nothing of one that is gone. Between its answers it tells
 * unasked of any mail whose flags another program changes (RFC 9051 section 7.5.2), perhaps without its UID.
 */
async function rowsOf(
  connection: Connection,
  uids: readonly number[],
  query: Parameters<Connection["client"]["fetchAll"]>[1],
): Promise<readonly FetchMessageObject[]> {
  const rows = await connection.run((client) =>
    client.fetchAll(uids.join(","), { uid: true, ...query }, { uid: true }),
  );
  const told = new Map<number, FetchMessageObject>();
  for (const row of rows) if (uids.includes(row.uid)) told.set(row.uid, { ...told.get(row.uid), ...row });
  return uids.flatMap((uid) => told.get(uid) ?? []);
}

/** Null: the server has told nothing of what is in it. */
function toMail(row: FetchMessageObject, place: ArrivedMail["place"]): ArrivedMail | null {
  const { source, headers, internalDate, size = 0 } = row;
  const read = source || headers;
  if (!read) return null;
  const isWhole = read === source && read.length <= longestMailBytes;
  const bytes = isWhole ? read : Buffer.from(mailHeaderOf(read));
  return {
    place,
    receivedAt: internalDate === undefined ? new Date() : new Date(internalDate),
    sizeBytes: Math.max(size, read.length),
    raw: new CertificateMaterial(bytes),
    isWhole,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
}

/** Hears of new mail from the first moment on, so that none arrives unheard while others are read. */
function listenForNews({ client, times, run }: Connection) {
  const canIdle = client.capabilities.has("IDLE");
  let isHeard = false;
  let wake = () => {};
  client.on("exists", () => {
    isHeard = true;
    wake();
  });
  client.on("close", () => wake());
  return {
    forget: () => {
      isHeard = false;
    },
    /** Resolves when there may be new mail, or when it is time to ask. Throws when the connection is gone. */
    async next(): Promise<void> {
      if (isHeard) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      const timer = setTimeout(resolve, canIdle ? times.listenMs : times.pollMs);
      // Listening ends with the next command, or with the connection.
      if (canIdle) run(() => client.idle()).catch(resolve);
      await promise;
      clearTimeout(timer);
      if (!client.usable) throw new MailboxError("unavailable", wordsOfBye(client.byeReason));
    },
  };
}

function wordsOfBye(reason: string | undefined): { serverMessage?: string } {
  return reason ? { serverMessage: reason } : {};
}

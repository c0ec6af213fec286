import {
  type CancelSignal,
  CertificateMaterial,
  type FollowRequest,
  longestMailBytes,
  MailboxError,
  type MailboxEvent,
  type MailboxFolder,
  type MailboxProbe,
  type MailboxReader,
  type MailPlace,
} from "@sealpost/domain";
import type { ListResponse } from "imapflow";
import { connect, type MailboxLogin } from "./connection.ts";
import { followFolder } from "./follow-folder.ts";
import { merge } from "./merge.ts";

const mostFoldersShown = 500;

/** A mailbox behind an IMAP server (RFC 9051, RFC 3501); nothing is asked of it before a method is called. */
export function openMailbox(login: MailboxLogin): MailboxReader {
  return {
    probe: (signal) => probe(login, signal),
    follow: (request, signal) => follow(login, request, signal),
    fetch: (place, signal) => fetchMail(login, place, signal),
  };
}

async function probe(login: MailboxLogin, signal: CancelSignal): Promise<MailboxProbe> {
  using connection = await connect(login, signal);
  const { serverInfo, capabilities } = connection.client;
  const listed = await connection.run((client) => client.list());
  const folders = listed.filter(isOpenable).map(toFolder);
  const inbox = folders.filter(({ use }) => use === "inbox");
  await connection.run((client) => client.logout());
  return {
    serverName: typeof serverInfo?.name === "string" ? serverInfo.name.slice(0, 100) : null,
    folders: [...inbox, ...folders.filter(({ use }) => use !== "inbox")].slice(0, mostFoldersShown),
    canIdle: capabilities.has("IDLE"),
  };
}

function isOpenable({ flags }: ListResponse): boolean {
  return !flags.has("\\Noselect") && !flags.has("\\NonExistent");
}

const uses = new Map<string | undefined, MailboxFolder["use"]>([
  ["\\Inbox", "inbox"],
  ["\\Junk", "junk"],
  ["\\Archive", "archive"],
  ["\\All", "all"],
  ["\\Sent", "sent"],
  ["\\Drafts", "drafts"],
  ["\\Trash", "trash"],
]);

function toFolder({ path, specialUse }: ListResponse): MailboxFolder {
  return { folder: path, use: uses.get(specialUse) ?? null };
}

/** One connection for each folder: a server tells of new mail only in the one that is open (RFC 2177). */
async function* follow(
  login: MailboxLogin,
  { folders, positions, notBefore }: FollowRequest,
  signal: CancelSignal,
): AsyncGenerator<MailboxEvent, void> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  const sources = folders.map((folder) => {
    const from = positions.find((position) => position.folder === folder) ?? null;
    return followFolder(login, folder, { from, notBefore }, stop.signal);
  });
  const missing = new Set<string>();
  try {
    for await (const event of merge(sources)) {
      yield event;
      if (event.event === "caught-up") missing.delete(event.folder);
      if (event.event === "folder-missing") missing.add(event.folder);
      if (folders.every((folder) => missing.has(folder))) throw new MailboxError("folder-missing");
    }
  } finally {
    signal.removeEventListener("abort", abort);
    abort();
  }
}

async function fetchMail(
  login: MailboxLogin,
  { folder, uidValidity, uid }: MailPlace,
  signal: CancelSignal,
): Promise<CertificateMaterial> {
  using connection = await connect(login, signal);
  const opened = await connection.examine(folder).catch((error: unknown) => {
    const isGone = error instanceof MailboxError && error.kind === "folder-missing";
    throw isGone ? new MailboxError("mail-gone", { cause: error }) : error;
  });
  if (String(opened.uidValidity) !== uidValidity) throw new MailboxError("mail-gone");
  const query = { uid: true, source: { start: 0, maxLength: longestMailBytes + 1 } };
  const row = await connection.run((client) => client.fetchOne(String(uid), query, { uid: true }));
  const source = row ? row.source : null;
  if (!source) throw new MailboxError("mail-gone");
  if (source.length > longestMailBytes) throw new MailboxError("too-large");
  await connection.run((client) => client.logout());
  return new CertificateMaterial(source);
}

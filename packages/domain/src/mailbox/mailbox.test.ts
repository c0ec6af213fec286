import { describe, expect, it } from "vitest";
import { mailboxIdSchema } from "../values/ids.ts";
import { type Mailbox, type MailboxFault, mailWatchOf, neverWatched } from "./mailbox.ts";

const at = new Date("2026-11-27T12:00:00Z");

function mailbox(about: Partial<Mailbox> = {}, fault: Partial<MailboxFault> | null = null): Mailbox {
  const blank: MailboxFault = { kind: "unavailable", serverMessage: null, folders: [], at };
  return {
    ...{ mailboxId: mailboxIdSchema.parse("mailbox"), label: "SSL", host: "imap.example.test", port: 993 },
    ...{ security: "tls", userName: "admin", credentialRef: null, folders: ["INBOX", "Orders"] },
    ...{ lookBackDays: 14, state: "connected", connectedAt: at },
    watch: { ...neverWatched, fault: fault && { ...blank, ...fault } },
    ...about,
  };
}

describe("whether mailboxes are followed", () => {
  it("is so while at least one folder of a connected one is", () => {
    expect(mailWatchOf([mailbox()])).toBe("watching");
    const missing = (...folders: string[]) => mailbox({}, { kind: "folder-missing", folders });
    expect(mailWatchOf([missing("Orders")])).toBe("watching");
    expect(mailWatchOf([missing("INBOX", "Orders")])).toBe("failing");
    expect(mailWatchOf([missing("INBOX", "Orders"), mailbox()])).toBe("watching");
  });

  it("is not so while none can be read, nor where none is connected", () => {
    expect(mailWatchOf([mailbox({}, {}), mailbox({}, { kind: "unauthorized" })])).toBe("failing");
    expect(mailWatchOf([mailbox({ state: "paused" })])).toBe("none");
    expect(mailWatchOf([])).toBe("none");
  });
});

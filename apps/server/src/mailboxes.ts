import { type CertificateVault, MailboxError, type OpenMailbox } from "@sealpost/domain";
import { openMailbox } from "@sealpost/mailbox";
import { z } from "zod";
import { type AddressRules, pinnedAddress } from "./pinned-address.ts";

const passwordSchema = z.string();

/**
 * Opens a mailbox with the password from the vault. Its host is one a person has typed, so the connection goes to an
 * address that was checked; `anchorsPem` are roots trusted beside the built-in ones.
 */
export function mailboxesFrom(
  vault: CertificateVault,
  { anchorsPem, rules }: { readonly anchorsPem: readonly string[]; readonly rules: AddressRules },
): OpenMailbox {
  return async ({ mailboxId, host, port, security, userName, credentialRef }) => {
    if (credentialRef === null) throw new MailboxError("unauthorized");
    const material = await vault.open(credentialRef, { kind: "mailbox-credential", boundTo: mailboxId });
    const password = passwordSchema.parse(JSON.parse(Buffer.from(material.reveal()).toString("utf8")));
    const addressOf = async (name: string) => {
      const address = await pinnedAddress(name, rules).catch((cause: unknown) => {
        throw new MailboxError("unavailable", { cause });
      });
      if (address === null) throw new MailboxError("address-not-allowed");
      return address;
    };
    return openMailbox({ host, port, security, userName, password, addressOf, anchorsPem });
  };
}

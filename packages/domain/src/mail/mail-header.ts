/** A header longer than this is cut. */
export const longestHeaderBytes = 256 * 1024;

const [lineFeed, carriageReturn] = [10, 13];

/** A mail's bytes up to its first empty line and with it (RFC 5322 section 2.1), where it has one; no copy. */
export function mailHeaderOf(mail: Uint8Array): Uint8Array {
  let end = mail.indexOf(lineFeed);
  while (end !== -1 && end < longestHeaderBytes) {
    const next = mail[end + 1] === carriageReturn ? end + 2 : end + 1;
    if (mail[next] === lineFeed) return mail.subarray(0, next + 1);
    end = mail.indexOf(lineFeed, end + 1);
  }
  return mail.subarray(0, longestHeaderBytes);
}

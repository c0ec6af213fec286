/** Longest search the server takes, in characters. */
export const longestSearch = 200;

/** Whether a text is no search but something a CA sent, or a key: it may neither stand in the address nor be sent. */
export function isMaterial(text: string): boolean {
  return (
    text.length > longestSearch ||
    /-----\s*BEGIN|PRIVATE KEY|PuTTY-User-Key/i.test(text) ||
    // DER begins with a SEQUENCE, which Base64 writes as MI or MH.
    /^\s*M[A-Za-z0-9+/=\s]{80,}$/.test(text)
  );
}

/**
 * Whether this leads to a page of this console and nowhere else: a path with its search, of visible ASCII. A second slash
 * would begin a host; browsers read a backslash as a slash, and take out tabs and line ends before they read at all.
 */
export function isOwnPath(path: string): boolean {
  return /^\/(?!\/)[!-[\]-~]*$/.test(path);
}

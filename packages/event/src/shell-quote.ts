/**
 * A command line as a POSIX shell would need it typed: words joined by blanks, quoted only where
 * necessary. Source: POSIX.1-2017, Shell Command Language, 2.2 Quoting.
 */
export function shellQuote(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}

/** A name as ClickHouse reads it back, whatever characters it holds. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
}

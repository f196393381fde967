import { randomUUID } from 'node:crypto'

interface Column {
  readonly type: string
}

/**
 * Rows as JSON whose `long` values have every digit: those beyond 2^53 come from the store as text, and a JSON number
 * may have as many digits as it needs (RFC 8259, section 6).
 */
export function rowsJson(columns: readonly Column[], rows: readonly (readonly unknown[])[]): string {
  const whole = columns.map(({ type }) => type === 'long' || type === 'int')
  const value = (one: unknown, index: number): string =>
    whole[index] === true && typeof one === 'string' && /^-?\d+$/.test(one) ? one : JSON.stringify(one ?? null)
  return `[${rows.map((row) => `[${row.map(value).join(',')}]`).join(',')}]`
}

/** Text of JSON that stands where it is put, unchanged. */
export class JsonText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** JSON.stringify that leaves `JsonText` as it is. */
export function exactJson(value: unknown): string {
  const mark = randomUUID()
  const texts: string[] = []
  const shell = JSON.stringify(value, (_key, one: unknown) => {
    if (!(one instanceof JsonText)) return one
    texts.push(one.text)
    return `${mark}${texts.length - 1}`
  })
  return shell.replace(new RegExp(`"${mark}(\\d+)"`, 'g'), (_all, index: string) => texts[Number(index)] ?? 'null')
}

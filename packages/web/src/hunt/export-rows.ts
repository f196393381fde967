import type { QueryReply } from '@podwitness/api'
import { cellText } from '../text/cell-text.ts'

/** The rows as RFC 4180 CSV; a text that a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvOf({ columns, rows }: QueryReply): string {
  const lines = [columns.map(({ name }) => csvField(name)), ...rows.map((row) => row.map((value) => csvField(cellText(value))))]
  return lines.map((fields) => `${fields.join(',')}\r\n`).join('')
}

/** One object a line. */
export function ndjsonOf({ columns, rows }: QueryReply): string {
  return rows.map((row) => `${JSON.stringify(Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])))}\n`).join('')
}

/** Offers a text as a file. */
export function saveAs(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

function csvField(text: string): string {
  const tame = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame
}

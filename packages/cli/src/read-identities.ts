import type { Identity } from '@podwitness/api'
import { UsageError } from './usage-error.ts'

const COLUMNS = ['account', 'person', 'team', 'uid'] as const

/**
 * Reads identities: CSV (RFC 4180) whose first line names its columns, or one JSON object a line as
 * `identities list --json` writes them.
 *
 * @throws UsageError PW-SG-004 with the line that cannot be used.
 */
export function readIdentities(text: string, file: string): Identity[] {
  const body = text.replace(/^\ufeff/, '')
  const rows = body.trimStart().startsWith('{') ? jsonRows(body, file) : csvRows(body, file)
  return rows.map(({ line, fields }) => {
    const [account = '', person = '', team = '', uid = ''] = COLUMNS.map((name) => fields[name]?.trim() ?? '')
    if (account === '') throw unusable(file, line, 'it names no account')
    return { account, person, team, uid }
  })
}

interface Row {
  readonly line: number
  readonly fields: Readonly<Record<string, string>>
}

function jsonRows(text: string, file: string): Row[] {
  return text.split('\n').flatMap((one, index): Row[] => {
    if (one.trim() === '') return []
    try {
      const fields: unknown = JSON.parse(one)
      if (typeof fields === 'object' && fields !== null && COLUMNS.every((name) => isText(Reflect.get(fields, name))))
        return [{ line: index + 1, fields: fields as Record<string, string> }]
    } catch {
      // Said below.
    }
    throw unusable(file, index + 1, 'it is no JSON object with texts')
  })
}

function csvRows(text: string, file: string): Row[] {
  const [head, ...rest] = records(text)
  const names = head?.cells.map((name) => name.trim().toLowerCase()) ?? []
  if (!names.includes('account')) throw unusable(file, 1, `it has no column account; columns are ${COLUMNS.join(', ')}`)
  return rest
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map(({ line, cells }) => ({ line, fields: Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])) }))
}

/** Records with the line they begin on. A cell in quotes may hold commas, line ends and doubled quotes. */
function records(text: string): { line: number; cells: string[] }[] {
  const found: { line: number; cells: string[] }[] = []
  let line = 1
  let current = { line, cells: [] as string[] }
  for (const [whole, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    current.cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    line += whole.split('\n').length - 1
    if (end === ',') continue
    found.push(current)
    current = { line, cells: [] }
  }
  return found
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

function unusable(file: string, line: number, why: string): UsageError {
  return new UsageError('PW-SG-004', {
    what: `Line ${line} of ${file} cannot be used.`,
    why: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    do: 'Correct it and run the command again; nothing of the file was taken.',
  })
}

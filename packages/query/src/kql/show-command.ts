import { nearestName } from '../nearest-name.ts'
import { QueryError } from '../query-error.ts'
import { CompletedText } from './completed-text.ts'
import type { FoundSchema } from './plugins/wanted-schema.ts'
import type { KqlTables } from './tables/kql-table.ts'

/** A table that a command gives, as text cells under names. */
interface Shown {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}
type Show = (tables: KqlTables, name: string) => Shown | undefined

const columnsOf = (tables: KqlTables, wanted?: string): Shown => ({
  columns: ['DatabaseName', 'TableName', 'ColumnName', 'ColumnType'],
  rows: [...tables.values()]
    .filter(({ name }) => wanted === undefined || name === wanted)
    .flatMap(({ name, columns }) => columns.map((column) => ['podwitness', name, column.name, column.type])),
})

/** What may be shown, by the words after `.show`. Source: Kusto documentation, management commands of the same names. */
const COMMANDS: readonly (readonly [pattern: RegExp, show: Show])[] = [
  [
    /^tables$/i,
    (tables) => ({ columns: ['TableName', 'DatabaseName'], rows: [...tables.keys()].map((name) => [name, 'podwitness']) }),
  ],
  [/^databases$/i, () => ({ columns: ['DatabaseName'], rows: [['podwitness']] })],
  [/^functions$/i, () => ({ columns: ['Name', 'Parameters', 'Body'], rows: [] })],
  [/^(?:schema|databases? schema|database \S+ schema)$/i, (tables) => columnsOf(tables)],
  [/^table (\S+)(?: schema)?$/i, (tables, name) => (tables.has(name) ? columnsOf(tables, name) : undefined)],
  [
    /^table (\S+) cslschema$/i,
    (tables, name) => {
      const table = tables.get(name)
      if (table === undefined) return undefined
      return {
        columns: ['TableName', 'Schema', 'DatabaseName'],
        rows: [[name, table.columns.map((column) => `${column.name}:${column.type}`).join(','), 'podwitness']],
      }
    },
  ],
]

/**
 * The text to parse: a query as it is, and `.show …` as the table it gives, so that what follows after `|` is answered
 * like any query. Throws QueryError for every other command: nothing can be changed from here.
 */
export function completedText(text: string, found: readonly FoundSchema[], tables: KqlTables): CompletedText {
  if (!/^\s*\./.test(text)) return new CompletedText(text, found)
  const [head = ''] = text.split('|')
  const words = head.trim().replace(/;$/, '').replace(/\s+/g, ' ')
  for (const [pattern, show] of COMMANDS) {
    const match = pattern.exec(words.replace(/^\. ?show /i, ''))
    if (match === null || !/^\. ?show /i.test(words)) continue
    const name = match[1] ?? ''
    const shown = show(tables, name)
    if (shown === undefined) throw unknownTable(text, name, tables)
    return new CompletedText(text, [{ at: 0, schema: dataTable(shown) }, ...found], head.length)
  }
  throw new QueryError(
    'PW-QY-006',
    'This command is not answered here.',
    { text, offset: text.length - text.trimStart().length },
    {
      hint: 'There are .show tables, .show databases, .show functions, .show schema, .show table T, .show table T cslschema.',
    },
  )
}

const dataTable = ({ columns, rows }: Shown): string =>
  `datatable(${columns.map((name) => `${name}:string`).join(', ')})[${rows
    .flat()
    .map((cell) => JSON.stringify(cell))
    .join(', ')}] `

function unknownTable(text: string, name: string, tables: KqlTables): QueryError {
  const details = { nearest: nearestName(name, [...tables.keys()]) }
  return new QueryError('PW-QY-002', `There is no table "${name}".`, { text, offset: text.indexOf(name) }, details)
}

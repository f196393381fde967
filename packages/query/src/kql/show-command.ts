import type { CompileRequest, SavedFunction } from '../compile-request.ts'
import { nearestName } from '../nearest-name.ts'
import { QueryError } from '../query-error.ts'
import { CompletedText } from './completed-text.ts'
import type { FoundSchema } from './found-schema.ts'
import { DOTNET } from './kql-type.ts'
import { declarations } from './saved-functions.ts'
import type { KqlTables } from './tables/kql-table.ts'

/** A table that a command gives, as text cells under names. */
interface Shown {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}
type Show = (tables: KqlTables, name: string, functions: readonly SavedFunction[]) => Shown | undefined

const columnsOf = (tables: KqlTables, wanted?: string): Shown => ({
  columns: ['DatabaseName', 'TableName', 'ColumnName', 'ColumnType'],
  rows: [...tables.values()]
    .filter(({ name }) => wanted === undefined || name === wanted)
    .flatMap(({ name, columns }) => columns.map((column) => ['podwitness', name, column.name, column.type])),
})

/** Source: Kusto documentation, `.show functions`. */
export const FUNCTION_COLUMNS = ['Name', 'Parameters', 'Body', 'Folder', 'DocString']

/** What may be shown, by the words after `.show`. Source: Kusto documentation, management commands of the same names. */
const COMMANDS: readonly (readonly [pattern: RegExp, show: Show])[] = [
  [
    /^tables$/i,
    (tables) => ({ columns: ['TableName', 'DatabaseName'], rows: [...tables.keys()].map((name) => [name, 'podwitness']) }),
  ],
  [/^databases$/i, () => ({ columns: ['DatabaseName'], rows: [['podwitness']] })],
  [/^functions$/i, (_tables, _name, functions) => functionTable(functions)],
  [
    /^function (\S+)$/i,
    (_tables, name, functions) => {
      const found = functions.filter((one) => one.name === name)
      return found.length === 0 ? undefined : functionTable(found)
    },
  ],
  [/^(?:schema|databases? schema|database (?!schema)\S+ schema)$/i, (tables) => columnsOf(tables)],
  [/^version$/i, () => ({ columns: ['ServiceType', 'ProductVersion'], rows: [['Engine', 'podwitness']] })],
  [
    /^table (\S+) schema as json$/i,
    (tables, name) => {
      const table = tables.get(name)
      if (table === undefined) return undefined
      const columns = table.columns.map((column) => ({ Name: column.name, Type: DOTNET[column.type], CslType: column.type }))
      const schema = JSON.stringify({ Name: name, OrderedColumns: columns })
      return { columns: ['TableName', 'Schema', 'DatabaseName'], rows: [[name, schema, 'podwitness']] }
    },
  ],
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
export function completedText(
  { text, functions = [] }: Pick<CompileRequest, 'text' | 'functions'>,
  found: readonly FoundSchema[],
  tables: KqlTables,
): CompletedText {
  if (!/^\s*\./.test(text)) {
    const declared = declarations(text, functions)
    return new CompletedText(text, declared === '' ? found : [{ at: 0, schema: declared }, ...found])
  }
  const [head = ''] = text.split('|')
  const words = head.trim().replace(/;$/, '').replace(/\s+/g, ' ')
  for (const [pattern, show] of COMMANDS) {
    const match = pattern.exec(words.replace(/^\. ?show /i, ''))
    if (match === null || !/^\. ?show /i.test(words)) continue
    const name = match[1] ?? ''
    const shown = show(tables, name, functions)
    if (shown === undefined)
      throw unknownName(text, name, /^\. ?show function/i.test(words) ? functions.map((one) => one.name) : [...tables.keys()])
    return new CompletedText(text, [{ at: 0, schema: dataTable(shown) }, ...found], head.length)
  }
  throw new QueryError(
    'PW-QY-006',
    'This command is not answered here.',
    { text, offset: text.length - text.trimStart().length },
    {
      hint: 'There are .show tables, .show databases, .show functions, .show function F, .show schema, .show database schema, .show version, .show table T, .show table T cslschema, .show table T schema as json.',
    },
  )
}

const dataTable = ({ columns, rows }: Shown): string =>
  `datatable(${columns.map((name) => `${name}:string`).join(', ')})[${rows
    .flat()
    .map((cell) => JSON.stringify(cell))
    .join(', ')}] `

function unknownName(text: string, name: string, known: readonly string[]): QueryError {
  const details = { nearest: nearestName(name, known) }
  return new QueryError('PW-QY-002', `There is no table or function "${name}".`, { text, offset: text.indexOf(name) }, details)
}

const functionTable = (functions: readonly SavedFunction[]): Shown => ({
  columns: FUNCTION_COLUMNS,
  rows: functions.map((one) => [one.name, `(${one.parameters})`, `{ ${one.body} }`, one.folder, one.docString]),
})

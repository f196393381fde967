import { FUNCTION_COLUMNS, kqlSchemas, QueryError, type SavedFunction } from '@podwitness/query'
import { VERSION } from '../version.ts'
import type { Table } from './kusto-answer.ts'

/** .NET names of the types, as schemas in JSON have them. Source: Kusto documentation, "Scalar data types". */
const CLR_TYPES: Readonly<Record<string, string>> = {
  bool: 'System.SByte',
  datetime: 'System.DateTime',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  dynamic: 'System.Object',
  guid: 'System.Guid',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  string: 'System.String',
  timespan: 'System.TimeSpan',
}

const strings = (...names: string[]) => names.map((name) => ({ name, type: 'string' }))

/** What a command may look at. */
interface Asked {
  readonly database: string
  readonly databases: readonly string[]
  readonly functions: readonly SavedFunction[]
}
type Command = (asked: Asked, match: RegExpExecArray) => Table | undefined

/** A name, bare or as `['…']` or `"…"`. */
const NAME = String.raw`(?:\[\s*(?:'[^']*'|"[^"]*")\s*\]|'[^']*'|"[^"]*"|[\w.-]+)`
const unquoted = (name: string): string => name.replace(/^[[\s'"]+|[\]\s'"]+$/g, '')

const COMMANDS: readonly (readonly [pattern: string, run: Command])[] = [
  [
    'show version',
    () => ({
      columns: strings('BuildVersion', 'ServiceType', 'ProductVersion'),
      rows: [[VERSION, 'Engine', `podwitness ${VERSION}`]],
    }),
  ],
  [
    'show cluster',
    () => ({ columns: strings('NodeId', 'Name', 'ProductVersion'), rows: [['podwitness', 'podwitness', VERSION]] }),
  ],
  [
    'show databases',
    ({ databases }) => ({
      columns: strings('DatabaseName', 'PersistentStorage', 'Version', 'DatabaseAccessMode', 'PrettyName'),
      rows: databases.map((name) => [name, '', VERSION, 'ReadOnly', name === 'podwitness' ? 'All clusters' : name]),
    }),
  ],
  [
    'show tables(?:\\s*\\(([^)]*)\\))?',
    ({ database }, match) => {
      const wanted = match[1]?.split(',').map((name) => unquoted(name.trim()))
      return {
        columns: strings('TableName', 'DatabaseName', 'Folder', 'DocString'),
        rows: kqlSchemas().flatMap(({ name }) => ((wanted?.includes(name) ?? true) ? [[name, database, '', '']] : [])),
      }
    },
  ],
  ['show functions', ({ functions }) => functionTable(functions)],
  [
    `show function (${NAME})`,
    ({ functions }, match) => {
      const found = functions.filter(({ name }) => name === unquoted(match[1] ?? ''))
      return found.length === 0 ? undefined : functionTable(found)
    },
  ],
  [
    `show databases(?:\\s*\\(([^)]*)\\))? schema as json`,
    ({ databases, functions }, match) => {
      const wanted = match[1]?.split(',').map((name) => unquoted(name.trim()))
      return jsonTable('ClusterSchema', {
        Databases: Object.fromEntries(
          databases.filter((name) => wanted?.includes(name) ?? true).map((name) => [name, databaseSchema(name, functions)]),
        ),
      })
    },
  ],
  [
    'show databases schema',
    ({ databases }) => ({ columns: SCHEMA_COLUMNS, rows: databases.flatMap((name) => schemaRows(name)) }),
  ],
  [
    `show database(?: (${NAME}))? schema as json`,
    ({ database, functions }, match) => {
      const name = unquoted(match[1] ?? database)
      return jsonTable('DatabaseSchema', { Databases: { [name]: databaseSchema(name, functions) } })
    },
  ],
  [
    `show database(?: (${NAME}))? schema`,
    ({ database }, match) => ({ columns: SCHEMA_COLUMNS, rows: schemaRows(unquoted(match[1] ?? database)) }),
  ],
  [
    `show table (${NAME}) cslschema`,
    ({ database }, match) => {
      const table = kqlSchemas().find(({ name }) => name === unquoted(match[1] ?? ''))
      if (table === undefined) return undefined
      return {
        columns: strings('TableName', 'Schema', 'DatabaseName', 'Folder', 'DocString'),
        rows: [[table.name, cslSchema(table), database, '', '']],
      }
    },
  ],
  [
    `show table (${NAME}) schema as json`,
    ({ database }, match) => {
      const table = kqlSchemas().find(({ name }) => name === unquoted(match[1] ?? ''))
      if (table === undefined) return undefined
      return {
        columns: strings('TableName', 'Schema', 'DatabaseName', 'Folder', 'DocString'),
        rows: [[table.name, JSON.stringify(tableSchema(table)), database, '', '']],
      }
    },
  ],
]

/** `Name:type,Name:type`, as `.create table` takes it. */
const cslSchema = ({ columns }: ReturnType<typeof kqlSchemas>[number]): string =>
  columns.map(({ name, type }) => `${/^\w+$/.test(name) ? name : `['${name}']`}:${type}`).join(',')

const SCHEMA_COLUMNS = [
  ...strings('DatabaseName', 'TableName', 'ColumnName', 'ColumnType'),
  { name: 'IsDefaultTable', type: 'bool' },
  { name: 'IsDefaultColumn', type: 'bool' },
  ...strings('PrettyName', 'Version', 'Folder', 'DocString'),
]

/**
 * Answers the commands by which clients learn the schema; nothing else is run.
 *
 * @throws QueryError PW-QY-006 for every other command.
 */
export function runCommand(text: string, asked: Asked): Table {
  const command = text.trim().replace(/;$/, '').replace(/\s+/g, ' ')
  for (const [pattern, run] of COMMANDS) {
    const match = new RegExp(`^\\. ?${pattern}$`, 'i').exec(command)
    const table = match === null ? undefined : run(asked, match)
    if (table !== undefined) return table
  }
  throw new QueryError(
    'PW-QY-006',
    'This command is not answered here.',
    { text, offset: 0 },
    {
      hint: 'There are .show databases, .show tables, .show functions, .show version, .show cluster, .show database schema, .show databases schema, .show table T schema as json.',
    },
  )
}

type Schema = ReturnType<typeof kqlSchemas>[number]

function tableSchema({ name, columns }: Schema): object {
  const ordered = columns.map((column) => ({ Name: column.name, Type: CLR_TYPES[column.type], CslType: column.type }))
  return { Name: name, Folder: '', DocString: '', OrderedColumns: ordered }
}

const functionTable = (functions: readonly SavedFunction[]): Table => ({
  columns: strings(...FUNCTION_COLUMNS),
  rows: functions.map((one) => [one.name, `(${one.parameters})`, `{ ${one.body} }`, one.folder, one.docString]),
})

/** Source: Kusto documentation, ".show database schema as json"; the parts of a parameter are left to the text of the list. */
function functionSchema({ name, parameters, body, folder, docString }: SavedFunction): object {
  const text = { Name: name, Parameters: `(${parameters})`, Body: `{ ${body} }`, Folder: folder, DocString: docString }
  return { ...text, InputParameters: [], FunctionKind: 'Unknown', OutputColumns: [] }
}

function databaseSchema(name: string, functions: readonly SavedFunction[]): object {
  const tables = Object.fromEntries(kqlSchemas().map((table) => [table.name, tableSchema(table)]))
  return {
    Name: name,
    Tables: tables,
    ExternalTables: {},
    MaterializedViews: {},
    Functions: Object.fromEntries(functions.map((one) => [one.name, functionSchema(one)])),
    MajorVersion: 1,
    MinorVersion: 0,
    DatabaseAccessMode: 'ReadOnly',
  }
}

function schemaRows(database: string): unknown[][] {
  const rows: unknown[][] = [[database, '', '', '', false, false, '', 'v1.0', '', '']]
  for (const { name, columns } of kqlSchemas()) {
    rows.push([database, name, '', '', false, false, '', '', '', ''])
    for (const column of columns) rows.push([database, name, column.name, CLR_TYPES[column.type], false, false, '', '', '', ''])
  }
  return rows
}

function jsonTable(name: string, schema: object): Table {
  return { columns: strings(name), rows: [[JSON.stringify(schema)]] }
}

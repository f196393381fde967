import { AGGREGATES } from './aggregates/index.ts'
import { COLUMN_FUNCTIONS } from './functions/column-functions.ts'
import { SCALAR_FUNCTIONS } from './functions/index.ts'
import { REFUSED_FUNCTIONS, refusedFunction } from './functions/refused-functions.ts'
import { ROW_FUNCTIONS } from './functions/row-functions.ts'
import { WINDOW_FUNCTIONS } from './functions/window-functions.ts'
import { OPERATORS } from './operators/index.ts'
import { PLUGINS } from './plugins/index.ts'
import { REFUSED_OPERATORS, REFUSED_PLUGINS, REFUSED_STATEMENTS } from './refused.ts'
import { KQL_TABLES } from './tables/index.ts'
import { KNOWN_NAMES, knownTable } from './tables/known-tables.ts'
import { type KqlTable, NO_ROWS } from './tables/kql-table.ts'
import { standard } from './tables/table-column.ts'

const ticked = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')
const operatorName = (kind: string): string =>
  ({ FilterOperator: 'where' })[kind] ??
  kind
    .replace(/Operator$/, '')
    .replace(/(?<!^)(?=[A-Z])/g, '-')
    .toLowerCase()
    .replace('get-schema', 'getschema')

const reasons = (table: Readonly<Record<string, string>>): string =>
  Object.entries(table)
    .map(([name, reason]) => `| \`${name}\` | ${reason} |`)
    .join('\n')

const listed = ({ name, columns }: KqlTable): string =>
  `### ${name}\n\n${columns.map((column) => `\`${column.name}\` ${column.type}${column.sql === undefined ? ' (empty)' : ''}`).join(', ')}.`

/** A table and its columns that have a value. */
function filledPart({ name, columns }: KqlTable): string {
  const own = columns.filter((column) => column.sql !== undefined && !STANDARD.has(column.name))
  return `\`${name}\` (${ticked(own.map((column) => column.name))})`
}

const STANDARD: ReadonlySet<string> = new Set(['TimeGenerated', ...standard('').map((column) => column.name)])

/** The part of docs/reference/kql.md that lists what there is, made from the tables the compiler works by. */
export function supportPage(): string {
  const conditional = Object.entries(AGGREGATES).flatMap(([name, { conditional: takes }]) => (takes ? [name] : []))
  const known = [...KNOWN_NAMES].flatMap((name) => knownTable(name) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))
  const [empty, filled] = [known.filter(({ where }) => where === NO_ROWS), known.filter(({ where }) => where !== NO_ROWS)]
  return [
    `**Operators**: ${ticked(Object.keys(OPERATORS).map(operatorName).sort())}; as sources also \`print\`, \`range\`, \`datatable\`, \`find\`, \`materialize()\`.`,
    `**Plugins** (\`evaluate …\`): ${ticked(Object.keys(PLUGINS).sort())}.`,
    `**Aggregations**: ${ticked([...Object.keys(AGGREGATES), 'arg_max', 'arg_min', 'percentiles', 'percentilesw'].sort())}.`,
    `**With a condition** (\`countif\`, \`make_list_if\` …): ${ticked(conditional.sort())}.`,
    `**Functions of ordered rows**: ${ticked(Object.keys(WINDOW_FUNCTIONS).sort())}. **Of columns**: ${ticked(Object.keys(ROW_FUNCTIONS).sort())}.`,
    `**Functions of several columns** (\`extend (a, b) = f(x)\`): ${ticked(Object.keys(COLUMN_FUNCTIONS).sort())}.`,
    `**Functions**: ${ticked(Object.keys(SCALAR_FUNCTIONS).sort())}.`,
    '## What is refused, and why',
    `| operator or source | reason |\n|---|---|\n${reasons(REFUSED_OPERATORS)}`,
    `| statement | reason |\n|---|---|\n${reasons(REFUSED_STATEMENTS)}`,
    `| plugin | reason |\n|---|---|\n${reasons(REFUSED_PLUGINS)}`,
    `| function | reason |\n|---|---|\n${reasons(REFUSED_FUNCTIONS)}\n| \`geo_*\` that are not above | ${refusedFunction('geo_')} |`,
    '## Tables',
    ...[...KQL_TABLES.values()].map(listed),
    '## Tables of other services',
    'Queries name them beside those above, under their published columns; they are not listed, completed or searched through. Of `AzureDiagnostics`, too, the columns of other services are there where a query names them.',
    `Filled from the same events: ${filled.map(filledPart).join('; ')}.`,
    `Without rows: ${ticked(empty.map(({ name }) => name))}.`,
  ].join('\n\n')
}

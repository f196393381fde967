import type { CompiledQuery } from '../compile-request.ts'
import { QueryError } from '../query-error.ts'
import { compileStep, type KqlRequest, type KqlStep } from './compile-step.ts'
import type { FoundSchema } from './found-schema.ts'
import { type SchemaQuestion, schemaColumn } from './plugins/wanted-schema.ts'
import type { KqlTables } from './tables/kql-table.ts'

/** Runs a statement that the compiler made, with the limits of the user's query, and gives its rows. */
export type AskData = (sql: string, params: Readonly<Record<string, unknown>>) => Promise<readonly (readonly unknown[])[]>

/** Most questions one query may put to the data. */
const MAX_QUESTIONS = 8

/** Compiles KQL in this thread; see `compileStep`. Without `ask`, plugins whose columns only the data name are refused. */
export function compileKqlHere(request: KqlRequest, tables?: KqlTables, ask?: AskData): Promise<CompiledQuery> {
  return compileAsking(request.text, (found) => compileStep(request, found, tables), ask)
}

/** Compiles until no question is left. */
export async function compileAsking(
  text: string,
  compile: (found: readonly FoundSchema[]) => Promise<KqlStep>,
  ask: AskData | undefined,
): Promise<CompiledQuery> {
  const found: FoundSchema[] = []
  for (;;) {
    const step = await compile(found)
    if (!('question' in step)) return step
    const { question } = step
    if (ask === undefined || found.length === MAX_QUESTIONS)
      throw new QueryError(
        'PW-QY-004',
        'The columns of this plugin are not known before it runs.',
        { text, offset: question.at },
        { hint: 'Name them: evaluate bag_unpack(d) : (a:string, b:long).' },
      )
    found.push({ at: question.at, schema: await schemaOf(question, text, ask) })
  }
}

async function schemaOf({ sql, params, known, most, at }: SchemaQuestion, text: string, ask: AskData): Promise<string> {
  const rows = await ask(sql, params)
  if (rows.length > most)
    throw new QueryError(
      'PW-QY-007',
      `This plugin would make more than ${most} columns.`,
      { text, offset: at },
      {
        hint: 'Name the ones you need: evaluate bag_unpack(d) : (a:string, b:long).',
      },
    )
  const found = new Map(rows.map(([name, type]) => [schemaColumn(String(name), ''), schemaColumn(String(name), String(type))]))
  // What was found may take the place of a column that was known.
  const given = known.map((column) => {
    const key = [...found.keys()].find((start) => column.startsWith(start))
    const instead = key === undefined ? undefined : found.get(key)
    if (key !== undefined) found.delete(key)
    return instead ?? column
  })
  return ` : (${[...given, ...found.values()].join(', ')})`
}

import type { PluginCall } from './plugin.ts'

/** A question to the data without which a query cannot be compiled: which columns a plugin makes of them. */
export interface SchemaQuestion {
  /** Offset in the query after the plugin's call, where its columns would be named. */
  readonly at: number
  /** Columns that are known, in Kusto's form. */
  readonly known: readonly string[]
  /** Gives (name, type) of the others; more than `most` is too many. */
  readonly sql: string
  readonly params: Readonly<Record<string, unknown>>
  readonly most: number
}

/** Leaves the compiler where the columns of a plugin must be asked for first. */
export class SchemaWanted extends Error {
  override readonly name = 'SchemaWanted'
  readonly question: SchemaQuestion

  constructor(question: SchemaQuestion) {
    super('The columns of a plugin are not known before it runs.')
    this.question = question
  }
}

/** Most columns that data may make. */
export const MAX_MADE_COLUMNS = 500

/** A column in Kusto's form, whatever its name. */
export const schemaColumn = (name: string, type: string): string =>
  `[${name.includes("'") ? JSON.stringify(name) : `'${name.replaceAll('\\', '\\\\')}'`}]:${type}`

/** Where the columns of a call would be named, in the user's text. Inside a function there is no such place. */
export function afterCall({ node, scope, name }: PluginCall): number {
  const { context } = scope
  if (context.text.text.startsWith('evaluate', node.start) && context.text.text[node.end - 1] === ')')
    return context.text.place(node.end)
  throw context.refuse(
    node,
    `The columns of ${name}() are not known before it runs.`,
    'Name them: evaluate bag_unpack(d) : (a:string, b:long).',
  )
}

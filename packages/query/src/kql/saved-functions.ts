import type { SavedFunction } from '../compile-request.ts'
import { QueryError } from '../query-error.ts'

/** What a command wants done with functions; `at` is where the parameters begin in its text. */
export type FunctionCommand =
  | {
      readonly action: 'save'
      readonly function: SavedFunction
      readonly whenNew: boolean
      readonly whenKnown: boolean
      readonly at: number
    }
  | { readonly action: 'drop'; readonly name: string; readonly ifExists: boolean }

/** Whether a text is a command that saves or drops a function. */
export const isFunctionCommand = (text: string): boolean =>
  /^\s*\.\s*(?:create(?:-or-alter)?|alter|drop)\s+function\b/i.test(text)

const NAME = String.raw`(?:\[\s*(?:'[^']*'|"[^"]*")\s*\]|[A-Za-z_]\w*)`
const SAVE = new RegExp(
  String.raw`^\s*\.\s*(create-or-alter|create|alter)\s+function\s+(ifnotexists\s+)?(?:with\s*\(((?:[^()"']|"[^"]*"|'[^']*')*)\)\s*)?(ifnotexists\s+)?(${NAME})\s*`,
  'i',
)
const DROP = new RegExp(String.raw`^\s*\.\s*drop\s+function\s+(${NAME})\s*(ifexists)?\s*;?\s*$`, 'i')

/**
 * Reads `.create function [ifnotexists]`, `.alter function` and `.create-or-alter function [with (folder=…, docstring=…)] Name(parameters) { body }`
 * and `.drop function Name [ifexists]`. Source: Kusto documentation, management commands of those names.
 *
 * @throws QueryError for a text that is none of them.
 */
export function readFunctionCommand(text: string): FunctionCommand {
  const drop = DROP.exec(text)
  if (drop !== null) return { action: 'drop', name: plainName(drop[1] ?? ''), ifExists: drop[2] !== undefined }
  const save = SAVE.exec(text)
  if (save === null) throw wrong(text, 0)
  const [head, verb = '', early, properties = '', late, name = ''] = save
  const opened = text.slice(head.length)
  const parameters = enclosed(opened, '(', ')')
  if (parameters === undefined) throw wrong(text, head.length)
  const rest = opened.slice(parameters.end)
  const gap = /^\s*/.exec(rest)?.[0].length ?? 0
  const body = enclosed(rest.slice(gap), '{', '}')
  if (body === undefined || !/^\s*;?\s*$/.test(rest.slice(gap + body.end))) throw wrong(text, head.length + parameters.end + gap)
  return {
    action: 'save',
    at: head.length,
    whenNew: verb.toLowerCase() !== 'alter',
    whenKnown: verb.toLowerCase() !== 'create' || early !== undefined || late !== undefined,
    function: {
      name: plainName(name),
      parameters: parameters.inside.trim(),
      body: body.inside.trim(),
      folder: property(properties, 'folder'),
      docString: property(properties, 'docstring'),
    },
  }
}

const plainName = (name: string): string => name.replace(/^[[\s'"]+|[\]\s'"]+$/g, '')
const property = (list: string, name: string): string => {
  const found = new RegExp(String.raw`\b${name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))`, 'i').exec(list)
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? ''
}

/** Texts and comments of KQL, in which brackets mean nothing. */
const TOKEN =
  /\/\/[^\n]*|```[\s\S]*?(?:```|$)|@"(?:[^"]|"")*"?|@'(?:[^']|'')*'?|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|[([{)\]}]/g

/** What is between the bracket a text begins with and the one that closes it. */
function enclosed(text: string, open: string, close: string): { readonly inside: string; readonly end: number } | undefined {
  if (!text.startsWith(open)) return undefined
  let depth = 0
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === open) depth += 1
    else if (token === close) depth -= 1
    if (token === close && depth === 0) return { inside: text.slice(1, index), end: index + 1 }
  }
  return undefined
}

function wrong(text: string, offset: number): QueryError {
  return new QueryError(
    'PW-QY-001',
    'This command cannot be read.',
    { text, offset },
    { hint: 'Write it like .create-or-alter function Name(a:string, n:long=5) { Commands | where User == a | take n }' },
  )
}

const words = (text: string): ReadonlySet<string> => new Set(text.replace(TOKEN, ' ').match(/[A-Za-z_]\w*/g) ?? [])

/**
 * The saved functions a text calls, as `let` statements in front of it; those that others call come first.
 *
 * @throws QueryError where functions call each other in a circle.
 */
export function declarations(text: string, functions: readonly SavedFunction[]): string {
  const byName = new Map(functions.map((one) => [one.name, one]))
  const own = new Set([...text.matchAll(/\blet\s+([A-Za-z_]\w*)\s*=/g)].map(([, name]) => name))
  const made: string[] = []
  const done = new Set<string>()
  const visit = (called: ReadonlySet<string>, above: readonly string[]): void => {
    for (const name of called) {
      const known = byName.get(name)
      if (known === undefined || done.has(name) || (above.length === 0 && own.has(name))) continue
      if (above.includes(name))
        throw new QueryError('PW-QY-004', `The saved functions ${[...above, name].join(' → ')} call each other in a circle.`, {
          text,
          offset: 0,
        })
      visit(words(`${known.parameters} ${known.body}`), [...above, name])
      done.add(name)
      made.push(`let ${name} = (${known.parameters}) { ${known.body}\n};`)
    }
  }
  visit(words(text), [])
  return made.length === 0 ? '' : `${made.join(' ')} `
}

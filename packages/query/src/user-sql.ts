import type { CompiledQuery, CompileRequest } from './compile-request.ts'
import { QueryError } from './query-error.ts'
import { parseTimeRange } from './time-range.ts'

/** Strings, quoted names and comments in the engine's SQL, or one other character. */
const PIECE =
  /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`\\]|\\[\s\S]|``)*`|--[^\n]*|#![^\n]*|\/\*[\s\S]*?\*\/|[\s\S]/g
const ENDS = ['from', 'to'] as const
const PLACEHOLDER = /\{\s*([A-Za-z_]\w*)\s*:/g

/**
 * Checks SQL that runs as it was typed: one statement, a form that leaves the format of the answer to us, and no
 * placeholders but `from` and `to`. What it may read is decided by the rights of the account it runs as, not here.
 */
export function compileUserSql(request: CompileRequest): CompiledQuery {
  const { text } = request
  const bare = withoutQuoted(text)
  const end = bare.indexOf(';')
  if (
    end >= 0 &&
    bare
      .slice(end + 1)
      .replaceAll(';', '')
      .trim() !== ''
  )
    throw new QueryError('PW-QY-006', 'One statement at a time.', { text, offset: end })
  const statement = end < 0 ? text : text.slice(0, end)
  const code = end < 0 ? bare : bare.slice(0, end)
  if (code.trim() === '') throw new QueryError('PW-QY-001', 'There is no statement.', { text, offset: 0 })
  const form = /\b(format\s+\w+\s*$|into\s+outfile\b)/i.exec(code)
  if (form !== null)
    throw new QueryError(
      'PW-QY-006',
      'The form of the answer is not part of the statement.',
      { text, offset: form.index },
      { hint: 'Use the option --format.' },
    )
  const range = parseTimeRange(request)
  const params: Record<string, string> = {}
  for (const found of code.matchAll(PLACEHOLDER)) {
    const name = found[1] ?? ''
    const moment = name === 'from' ? range.from : name === 'to' ? range.to : undefined
    if (moment === undefined)
      throw new QueryError(
        'PW-QY-005',
        `Nothing is bound to {${name}}.`,
        { text, offset: found.index },
        { hint: 'from and to are bound when the query has a time range.' },
      )
    params[name] = moment.text
  }
  return { sql: statement.trim(), params, warnings: [], ownTime: ENDS.filter((end) => params[end] === undefined) }
}

/** The text with the insides of strings, names and comments blanked, every place kept. */
function withoutQuoted(text: string): string {
  return text.replace(PIECE, (piece) => (piece.length === 1 ? piece : piece.replace(/[^\n]/g, ' ')))
}

import { type CompiledQuery, type CompileRequest, MAX_QUERY_LENGTH } from './compile-request.ts'
import { QueryError } from './query-error.ts'
import { compileSls } from './sls/compile-sls.ts'
import { compileUserSql } from './user-sql.ts'

/** Compiles SLS or SQL to one SELECT with bound values; KQL has `compileKql`. Throws QueryError and nothing else. */
export function compile(request: CompileRequest): CompiledQuery {
  const { text, lang } = request
  const start = { text: text.slice(0, 100), offset: 0 }
  if (text.length > MAX_QUERY_LENGTH) throw new QueryError('PW-QY-007', `A query may have ${MAX_QUERY_LENGTH} characters.`, start)
  if (lang === 'sls') return compileSls(request)
  if (lang === 'sql') return compileUserSql(request)
  throw new QueryError('PW-QY-009', 'KQL cannot be compiled at once: its parser is loaded first.', start, {
    hint: 'Call compileKql().',
  })
}

import { advauditCatalog, compile, compileKql, QueryError } from '@podwitness/query'
import { readSetup, type Setup, type SetupOptions } from './read-setup.ts'
import type { Rule } from './rule.ts'
import type { TextFault } from './text-fault.ts'

/** Reads a set-up and compiles the queries of its rules: all that can be wrong without any data. Faults are placed in the YAML. */
export async function lintRules(text: string, options: SetupOptions = {}): Promise<Setup> {
  const setup = readSetup(text, options)
  for (const rule of setup.rules) {
    const fault = rule.query.text === '' ? undefined : await queryFault(rule)
    if (fault !== undefined) setup.faults.push(inYaml(text, rule, fault))
  }
  return setup
}

async function queryFault({ query }: Rule): Promise<QueryError | undefined> {
  const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }
  try {
    if (query.lang === 'kql') await compileKql({ text: query.text, ...range, limit: 1 }, async () => [])
    else compile({ lang: query.lang, text: query.text, ...range, limit: 1, catalog: advauditCatalog })
    return undefined
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
}

/** Where the query's line stands in the YAML, as far as it stands there unfolded; its own place goes into the words. */
function inYaml(text: string, { id, query }: Rule, error: QueryError): TextFault {
  const wanted = query.text.split('\n')[error.line - 1] ?? ''
  const lines = text.split('\n')
  const first = Math.max(
    0,
    lines.findIndex((line) => line.replace(/["']/g, '').trim() === `id: ${id}`),
  )
  const index = lines.findIndex((line, at) => at >= first && wanted.trim() !== '' && line.includes(wanted.trim()))
  const column =
    index < 0 ? 1 : (lines[index]?.indexOf(wanted.trim()) ?? 0) + error.column - (wanted.length - wanted.trimStart().length)
  const near = error.nearest === undefined ? (error.hint ?? '') : `Did you mean ${error.nearest}?`
  const place = index < 0 ? ` (line ${error.line}, column ${error.column} of the query of ${id})` : ''
  return { line: index < 0 ? first + 1 : index + 1, column: Math.max(1, column), message: `${error.message}${place}`, hint: near }
}

import { KQL_TABLE_NAMES } from './kql/tables/index.ts'

export interface DetectedLanguage {
  readonly lang: 'sls' | 'kql' | 'sql'
  /** What gave it away, one sentence. */
  readonly why: string
}

/** Words a question in KQL begins with where it does not begin with a table. Source: Kusto documentation, "Query statements". */
const KQL_START =
  /^(?:let\s+\w+\s*=|print\b|datatable\s*\(|externaldata\s*\(|materialize\s*\(|(?:cluster|database|workspace|table)\s*\(\s*["']|range\s+\w+\s+from\b|union\b|find\b|search\b|declare\s+(?:query_parameters|pattern)\b|set\s+\w+\s*[=;]|alias\s+database\b|\.\s*(?:show|create|alter|drop|cancel)\b)/i
const SQL_START = /^(?:select|with|describe|desc|show|explain|exists)\b/i
/** A word before this is one of a search: `show: x`, `find and x`. */
const SEARCHED = /^[\w-]+(?:\s*:|\s*$|\s+(?:and|or|not|in)\b)/i
const KQL_STEP =
  /^[([]*\s*(?:\w+|\["[^"]*"\]|\['[^']*'\])[\s)\]]*\|\s*(?:summarize|take|count|top|join|union|distinct|mv-expand|mv-apply|parse|make-series|render|evaluate|lookup|getschema|serialize|sample|order\s+by|sort\s+by)\b/i
/** A condition as only KQL writes it. */
const KQL_CONDITION =
  /^\w+\s*\|\s*where\s+[^|]*?(?:==|=~|!~|\b!?(?:has|has_cs|has_any|has_all|contains|contains_cs|startswith|endswith|hasprefix|hassuffix)\b|\bmatches\s+regex\b|\bago\s*\()/i

/** Which language a question is written in. Comments in front do not count, nor does what stands in quotes. */
export function detectLanguage(text: string): DetectedLanguage {
  const start = text.replace(/^(?:[\s\uFEFF]+|--[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/, '')
  const unquoted = start.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.|'')*'/g, (quoted) => `${quoted[0]}${quoted[0]}`)
  const word = /^[\w-]+/.exec(start)?.[0] ?? ''
  const searched = SEARCHED.test(start)
  const sql = searched ? undefined : SQL_START.exec(start)?.[0]
  if (sql !== undefined) return { lang: 'sql', why: `It begins with ${sql.toUpperCase()}.` }
  if (/\|\s*(?:select|with)\b/i.test(unquoted)) return { lang: 'sls', why: 'A SELECT follows a |.' }
  const kql =
    searched && !/^(?:find|search)\s*$/i.test(start) && !/^search\s+in\b/i.test(start) ? undefined : KQL_START.exec(start)?.[0]
  if (kql !== undefined) return { lang: 'kql', why: `It begins with ${kql.trim().split(/[\s(]/)[0]}.` }
  const table = tableAt(start, word)
  if (table !== undefined) return { lang: 'kql', why: `It begins with the table ${table}.` }
  if (KQL_STEP.test(start)) return { lang: 'kql', why: 'A step of KQL follows a name.' }
  if (KQL_CONDITION.test(start)) return { lang: 'kql', why: 'A condition of KQL follows a name.' }
  return { lang: 'sls', why: 'It is neither a SELECT nor begins with a table of KQL.' }
}

/** A table of KQL that stands alone or has steps behind it; it may be in brackets, or quoted in them. */
function tableAt(start: string, word: string): string | undefined {
  const bracketed = /^\(*\s*(?:\[\s*["']([\w -]+)["']\s*\]|(\w+))/.exec(start)
  const name = (bracketed?.[1] ?? bracketed?.[2] ?? word).toLowerCase()
  const table = [...KQL_TABLE_NAMES].find((one) => one.toLowerCase() === name)
  const rest = start.slice(bracketed?.[0].length ?? word.length)
  return table !== undefined && /^\s*(?:$|\)|\||;|\/\/)/.test(rest) ? table : undefined
}

import { KQL_TABLES } from './kql/tables/index.ts'

export interface DetectedLanguage {
  readonly lang: 'sls' | 'kql' | 'sql'
  /** What gave it away, one sentence. */
  readonly why: string
}

/** Words a question in KQL begins with where it does not begin with a table. Source: Kusto documentation, "Query statements". */
const KQL_START =
  /^(?:let\s+\w+\s*=|print\b|datatable\s*\(|range\s+\w+\s+from\b|union\b|find\b|search\b|declare\b|set\s+\w+|\.show\b)/i
const SQL_START = /^(?:select|with|describe|desc|show|explain|exists)\b/i

/** Which language a question is written in. Comments in front do not count. */
export function detectLanguage(text: string): DetectedLanguage {
  const start = text.replace(/^(?:\s+|--[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/, '')
  const word = /^[\w-]+/.exec(start)?.[0] ?? ''
  const sql = SQL_START.exec(start)?.[0]
  if (sql !== undefined) return { lang: 'sql', why: `It begins with ${sql.toUpperCase()}.` }
  if (/\|\s*(?:select|with)\b/i.test(start)) return { lang: 'sls', why: 'A SELECT follows a |.' }
  const kql = KQL_START.exec(start)?.[0]
  if (kql !== undefined) return { lang: 'kql', why: `It begins with ${kql.trim().split(/[\s(]/)[0]}.` }
  const table = [...KQL_TABLES.keys()].find((name) => name.toLowerCase() === word.toLowerCase())
  const alone = /^\s*(?:$|\||;)/.test(start.slice(word.length))
  if (table !== undefined && (alone || /^\s*\/\//.test(start.slice(word.length))))
    return { lang: 'kql', why: `It begins with the table ${table}.` }
  if (/^\w+\s*\|\s*(?:summarize|take|count|top|join|union|distinct|mv-expand|parse|make-series|render|evaluate)\b/i.test(start))
    return { lang: 'kql', why: 'A step of KQL follows a name.' }
  return { lang: 'sls', why: 'It is neither a SELECT nor begins with a table of KQL.' }
}

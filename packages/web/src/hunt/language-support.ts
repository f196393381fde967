import { StreamLanguage, type StreamParser } from '@codemirror/language'
import type { Extension } from '@codemirror/state'

export const HUNT_LANGUAGES = ['kql', 'sls', 'sql'] as const
export type HuntLanguage = (typeof HUNT_LANGUAGES)[number]
export const LANGUAGE_NAMES = { kql: 'KQL', sls: 'SLS', sql: 'SQL' } as const satisfies Record<HuntLanguage, string>

/** Words that stand out. What a query means is the server's to say; this is for the eye alone. */
const KEYWORDS: Readonly<Record<HuntLanguage, ReadonlySet<string>>> = {
  kql: words(`where extend project project-away project-keep project-rename project-reorder summarize by join on kind union let print
    datatable range take limit top order sort asc desc nulls first last count distinct evaluate parse parse-where mv-expand mv-apply
    make-series render lookup sample search in and or not has contains startswith endswith matches regex between serialize scan partition
    getschema invoke as fork facet find reduce top-nested true false null dynamic`),
  sls: words(`and or not select from log where group by order having limit as distinct case when then else end in like is null between
    over partition with union all join on asc desc true false`),
  sql: words(`and or not select from where group by order having limit as distinct case when then else end in like ilike is null between
    over partition with union all join left inner on asc desc true false final array prewhere`),
}

const parsers: Readonly<Record<HuntLanguage, Extension>> = {
  kql: StreamLanguage.define(parserOf('kql', '//')),
  sls: StreamLanguage.define(parserOf('sls', '--')),
  sql: StreamLanguage.define(parserOf('sql', '--')),
}

/** Colours for a language. */
export function languageSupport(language: HuntLanguage): Extension {
  return parsers[language]
}

function parserOf(language: HuntLanguage, comment: string): StreamParser<null> {
  const keywords = KEYWORDS[language]
  return {
    startState: () => null,
    token: (stream) => {
      if (stream.eatSpace()) return null
      if (stream.match(comment)) {
        stream.skipToEnd()
        return 'comment'
      }
      if (stream.match(/^'(?:[^'\\]|\\.)*'?/) || stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string'
      if (stream.match(/^\d+(?:\.\d+)?[a-z]*\b/i)) return 'number'
      const word = stream.match(/^[A-Za-z_][\w-]*/)
      if (Array.isArray(word)) return keywords.has(word[0].toLowerCase()) ? 'keyword' : null
      stream.next()
      return null
    },
  }
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}

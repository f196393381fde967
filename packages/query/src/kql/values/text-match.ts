import type { KqlContext } from '../context.ts'
import type { Scalar } from '../scalar.ts'
import { checkedPattern } from './regex-pattern.ts'

type Match = (haystack: string, needle: Scalar, context: KqlContext) => string

const lower = (sql: string): string => `lowerUTF8(${sql})`

/**
 * Term search. A term is a longest run of ASCII letters and digits; the needle must begin and end where terms do, as far
 * as it begins and ends with such a character. Source: Kusto documentation, "String operators", "What is a term?".
 */
function term(edges: { before: boolean; after: boolean }, caseSensitive: boolean): Match {
  return (haystack, needle, context) => {
    const flags = caseSensitive ? "'(?s)'" : "'(?is)'"
    const text = needle.constant
    if (text === undefined) {
      const edge = (want: boolean, pattern: string, boundary: string): string =>
        want ? `if(match(${needle.sql}, '${pattern}'), '${boundary}', '')` : "''"
      const parts = [flags, edge(edges.before, '^[0-9A-Za-z]', '(?:^|[^0-9A-Za-z])'), `regexpQuoteMeta(${needle.sql})`]
      return `match(${haystack}, concat(${parts.join(', ')}, ${edge(edges.after, '[0-9A-Za-z]$', '(?:$|[^0-9A-Za-z])')}))`
    }
    const before = edges.before && /^[0-9A-Za-z]/.test(text) ? '(?:^|[^0-9A-Za-z])' : ''
    const after = edges.after && /[0-9A-Za-z]$/.test(text) ? '(?:$|[^0-9A-Za-z])' : ''
    // One whole term is what the engine's own token search finds, without a regular expression.
    if (before !== '' && after !== '' && /^[0-9A-Za-z]+$/.test(text))
      return `${caseSensitive ? 'hasToken' : 'hasTokenCaseInsensitive'}(${haystack}, ${context.string(text)})`
    const pattern = `${caseSensitive ? '(?s)' : '(?is)'}${before}${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}${after}`
    return `match(${haystack}, ${context.string(pattern)})`
  }
}

const HAS = { before: true, after: true }
const PREFIX = { before: true, after: false }
const SUFFIX = { before: false, after: true }

/** Text operators by the name of their syntax kind, without `Expression` and a leading `Not`. */
export const TEXT_MATCHES: Readonly<Record<string, Match>> = {
  Has: term(HAS, false),
  HasCs: term(HAS, true),
  HasPrefix: term(PREFIX, false),
  HasPrefixCs: term(PREFIX, true),
  HasSuffix: term(SUFFIX, false),
  HasSuffixCs: term(SUFFIX, true),
  Contains: (h, n) => `(positionCaseInsensitiveUTF8(${h}, ${n.sql}) > 0)`,
  ContainsCs: (h, n) => `(position(${h}, ${n.sql}) > 0)`,
  StartsWith: (h, n) => `startsWith(${lower(h)}, ${lower(n.sql)})`,
  StartsWithCs: (h, n) => `startsWith(${h}, ${n.sql})`,
  EndsWith: (h, n) => `endsWith(${lower(h)}, ${lower(n.sql)})`,
  EndsWithCs: (h, n) => `endsWith(${h}, ${n.sql})`,
  EqualTilde: (h, n) => `(${lower(h)} = ${lower(n.sql)})`,
  BangTilde: (h, n) => `(${lower(h)} != ${lower(n.sql)})`,
  MatchesRegex: (h, n, context) => `match(${h}, ${regex(n, context)})`,
}

/** A pattern for the engine, where a dot matches line ends unless told otherwise; in KQL it does not. */
export function regex(pattern: Scalar, context: KqlContext): string {
  return pattern.constant === undefined
    ? `concat('(?-s)', ${pattern.sql})`
    : context.string(`(?-s)${checkedPattern(pattern.constant, context)}`)
}

/** Which kind of match `has_any` and `has_all` make for each element. */
export const hasTerm: Match = TEXT_MATCHES.Has as Match

import { QueryError } from '../query-error.ts'
import type { Word } from './search-query.ts'

/** Characters between tokens. Source: Alibaba Cloud SLS, default delimiters of an index. `.`, `-` and `_` are not among them. */
const DELIMITERS = ', \'";=()[]{}?@&<>/:\n\t\r'
const DELIMITER_CLASS = `[${escapeRegExp(DELIMITERS)}]`
const INNER_CLASS = `[^${escapeRegExp(DELIMITERS)}]`

/** One thing that a text must hold: a token, or the tokens of a phrase side by side. */
export interface Wanted {
  readonly text: string
  /** Pattern of what is looked for, without what must stand on its sides. */
  readonly pattern: string
  /** Whether it is one token without wildcards. */
  readonly plain: boolean
  /** The longest run of letters and digits that is in every text it is found in, in small letters; '' for none. */
  readonly run: string
  /** Runs of letters and digits that stand in every such text between other characters, in small letters. */
  readonly wholeRuns: readonly string[]
}

/** Every one of these must be there, in any order; nothing where the value has no word. Wildcards stay within a token. */
export function wantedOf(value: Word, phrase: boolean, query: string): readonly Wanted[] {
  const words = value.text.split(new RegExp(`${dividers(phrase)}+`)).filter((word) => word !== '')
  if (words.length === 0) return []
  if (!phrase) for (const [index, word] of words.entries()) refuseLeading(word, index, value, query)
  return phrase ? [phraseOf(value.text, words)] : words.map(tokenOf)
}

/** The whole condition on a text, for the engine's `match`. */
export const searchPattern = ({ pattern }: Wanted): string => `(?is)(?:^|${DELIMITER_CLASS})${pattern}(?:$|${DELIMITER_CLASS})`

/** Whether a text that is known has it. */
export const foundIn = (wanted: Wanted, text: string): boolean =>
  new RegExp(`(?:^|${DELIMITER_CLASS})${wanted.pattern}(?:$|${DELIMITER_CLASS})`, 'is').test(text)

function phraseOf(text: string, words: readonly string[]): Wanted {
  const pattern = words.map(escapeRegExp).join(`${DELIMITER_CLASS}+`)
  return { text, pattern, plain: words.length === 1 && words[0] === text, ...runsOf(text, '') }
}

function tokenOf(word: string): Wanted {
  const pattern = [...word].map((one) => (one === '*' ? `${INNER_CLASS}*` : one === '?' ? INNER_CLASS : escapeRegExp(one)))
  return { text: word, pattern: pattern.join(''), plain: !/[*?]/.test(word), ...runsOf(word, '*?') }
}

/** @param open Characters that stand for any other, so that a run beside one may go on. */
function runsOf(text: string, open: string): Pick<Wanted, 'run' | 'wholeRuns'> {
  // A letter that is not ASCII may stand for one that is: the engine's small letters are the ASCII ones.
  const inside = [...text.matchAll(/[0-9A-Za-z]+/g)].map(({ 0: run, index }) => {
    const edges = [text[index - 1] ?? ' ', text[index + run.length] ?? ' ']
    return { run: run.toLowerCase(), whole: edges.every((edge) => edge <= '\x7f' && !open.includes(edge)) }
  })
  const runs = inside.map(({ run }) => run)
  return {
    run: runs.reduce((longest, run) => (run.length > longest.length ? run : longest), ''),
    wholeRuns: inside.flatMap(({ run, whole }) => (whole ? [run] : [])),
  }
}

/** `?` divides tokens in the log, and is a wildcard in a search: there it must not divide. */
function dividers(phrase: boolean): string {
  return phrase ? DELIMITER_CLASS : `[${escapeRegExp(DELIMITERS.replace('?', ''))}]`
}

function refuseLeading(word: string, index: number, value: Word, text: string): void {
  if (!/^[*?]/.test(word)) return
  const details = { hint: 'Wildcards may stand in the middle or at the end of a word; use like in the analysis part.' }
  throw new QueryError(
    'PW-QY-004',
    `A leading wildcard is not supported${index > 0 ? ` ("${word}")` : ''}.`,
    { text, offset: value.offset },
    details,
  )
}

function escapeRegExp(text: string): string {
  return text
    .replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\t/g, '\\t')
    .replace(/\r/g, '\\r')
}

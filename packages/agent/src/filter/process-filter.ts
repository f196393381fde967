import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import { AgentError } from '../agent-error.ts'
import { lineOfPath } from '../document-lines.ts'
import { type OptionProblem, OptionReader } from '../option-reader.ts'
import { BoundedPattern } from './bounded-pattern.ts'
import { translateRe2 } from './re2-pattern.ts'

const MATCH_TYPES = ['MatchEquals', 'MatchStartsWith', 'MatchContains', 'MatchRegex'] as const
/** Longest text that a pattern sees, UTF-16 units. */
const MAX_TEXT = 16_384
type Test = (text: string) => boolean

/** One entry of auoms' `process_filters`. */
export interface ProcessFilter {
  /** How many generations of children it holds for; −1 all. */
  readonly depth: number
  readonly user: string
  readonly group: string
  /** Whether each call is left out; `*` stands for all that are not named. */
  readonly syscalls: ReadonlyMap<string, boolean>
  readonly exe: Test | undefined
  readonly cmdline: readonly Test[]
}

/** What is wrong with a filter, and in which line of the text. */
export interface FilterProblem {
  readonly line: number
  readonly text: string
}

/**
 * Reads a file of process filters: the JSON list that auoms' configuration has as `process_filters`, or an object with it.
 *
 * @throws AgentError PW-AG-008 with every fault and its line.
 */
export async function readProcessFilters(path: string): Promise<ProcessFilter[]> {
  const { filters, problems } = await readFile(path, 'utf8').then(parseProcessFilters, (error: Error) => {
    return { filters: [], problems: [{ line: 1, text: error.message }] }
  })
  if (problems.length === 0) return filters
  throw new AgentError('PW-AG-008', {
    what: `The process filters ${path} are wrong.`,
    why: problems.map(({ line, text }) => `${path}:${line}: ${text}`).join('\n'),
    do: 'Correct the file.',
  })
}

/** The filters of a JSON text, or what is wrong with it. Source: auoms, ProcFilter::ParseConfig. */
export function parseProcessFilters(text: string): { filters: ProcessFilter[]; problems: FilterProblem[] } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return {
      filters: [],
      problems: [{ line: lineOfFault(text, error as Error), text: `is no JSON: ${(error as Error).message}` }],
    }
  }
  const found: OptionProblem[] = []
  const isList = Array.isArray(value)
  const filters = new OptionReader(isList ? { process_filters: value } : value, [], found).list('process_filters').map(readFilter)
  if (found.length === 0) return { filters, problems: [] }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines }) // JSON is YAML, and this reader knows its lines.
  const problems = found.map(({ path, text: what }) => {
    return { line: lineOfPath(document, lines, isList ? path.slice(1) : path), text: `${path.join('.')} ${what}`.trim() }
  })
  return { filters: [], problems }
}

function lineOfFault(text: string, { message }: Error): number {
  const at = /position (\d+)/.exec(message)?.[1]
  return text.slice(0, at === undefined ? text.length : Number(at)).split('\n').length
}

function readFilter(options: OptionReader): ProcessFilter {
  const filter: ProcessFilter = {
    depth: options.number('depth', { min: -1, max: 0x7fff_ffff }, 0),
    user: options.text('user', ''),
    group: options.text('group', ''),
    syscalls: readSyscalls(options),
    exe: readExe(options),
    cmdline: options.list('cmdlineFilters').map((entry) => {
      entry.needed('matchType')
      const test = testOf(entry, ['matchType', 'matchValue'])
      entry.end()
      return test
    }),
  }
  if (!Number.isInteger(filter.depth)) options.problem('depth', 'is no whole number')
  const anybody = filter.user === '' && filter.group === '' && filter.exe === undefined && filter.cmdline.length === 0
  if (anybody && filter.syscalls.get('*') === true) options.problem('', 'fits every process and call: nothing would be left')
  options.end()
  return filter
}

function readExe(options: OptionReader): Test | undefined {
  const [type, value] = ['exeMatchType', 'exeMatchValue'].map((name) => options.has(name))
  if (type && !value) options.problem('exeMatchValue', 'is missing')
  return type || value ? testOf(options, ['exeMatchType', 'exeMatchValue']) : undefined
}

/** The first word about a call decides; where all begin with `!`, every other call is left out. */
function readSyscalls(options: OptionReader): ReadonlyMap<string, boolean> {
  const words = options.texts('syscalls')
  const calls = new Map<string, boolean>()
  for (const word of words) {
    const name = word.replace(/^!/, '')
    if (name === '') options.problem('syscalls', `has ${JSON.stringify(word)}, which is no name`)
    if (!calls.has(name)) calls.set(name, name === word)
  }
  if (words.every((word) => word.startsWith('!'))) calls.set('*', true)
  return calls
}

function testOf(options: OptionReader, [type, value]: readonly [string, string]): Test {
  const kind = options.word(type, MATCH_TYPES, 'MatchEquals')
  const wanted = options.has(value) ? options.text(value, '') : options.needed(value)
  if (kind === 'MatchEquals') return (text) => text === wanted
  if (kind === 'MatchStartsWith') return (text) => text.startsWith(wanted)
  if (kind === 'MatchContains') return (text) => text.includes(wanted)
  const translated = translateRe2(wanted)
  if ('source' in translated) {
    const pattern = new BoundedPattern(translated.source)
    return (text) => pattern.fits(text.slice(0, MAX_TEXT))
  }
  options.problem(value, `is no pattern: ${translated.fault}`)
  return () => false
}

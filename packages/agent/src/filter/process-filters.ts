import { readFile } from 'node:fs/promises'
import { type DecodedEvent, syscallName } from '@podwitness/audit'
import { AgentError } from '../agent-error.ts'
import { type OptionProblem, OptionReader } from '../option-reader.ts'
import { AccountNames } from './account-names.ts'

const MATCH_TYPES = ['MatchEquals', 'MatchStartsWith', 'MatchContains', 'MatchRegex'] as const
type MatchType = (typeof MATCH_TYPES)[number]
type Test = (text: string) => boolean

/** One entry of auoms' `process_filters`. */
export interface ProcessFilter {
  /** How many generations of children it holds for; −1 all. */
  readonly depth: number
  readonly user: string
  readonly group: string
  readonly syscalls: readonly string[]
  readonly exe: Test | undefined
  readonly cmdline: readonly Test[]
}

/** Processes whose filters are remembered. */
const MAX_PROCESSES = 65_536

/**
 * Reads a file of process filters: the JSON list that auoms' configuration has as `process_filters`, or an object with it.
 *
 * @throws AgentError PW-AG-008 with every fault.
 */
export async function readProcessFilters(path: string): Promise<ProcessFilter[]> {
  const problems: OptionProblem[] = []
  let filters: ProcessFilter[] = []
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    filters = parseProcessFilters(value, problems)
  } catch (error) {
    problems.push({ path: [], text: (error as Error).message })
  }
  if (problems.length === 0) return filters
  throw new AgentError('PW-AG-008', {
    what: `The process filters ${path} are wrong.`,
    why: problems.map(({ path: place, text }) => `${place.join('.')} ${text}`.trim()).join('\n'),
    do: 'Correct the file.',
  })
}

/** Filters of a JSON list, or of an object that has it as `process_filters`; what is wrong is added to the problems. */
export function parseProcessFilters(value: unknown, problems: OptionProblem[]): ProcessFilter[] {
  const root = Array.isArray(value) ? { process_filters: value } : value
  return new OptionReader(root, [], problems).list('process_filters').map(readFilter)
}

function readFilter(options: OptionReader): ProcessFilter {
  const filter: ProcessFilter = {
    depth: options.number('depth', { min: -1, max: 1000 }, 0),
    user: options.text('user', ''),
    group: options.text('group', ''),
    syscalls: options.texts('syscalls'),
    exe: options.has('exeMatchValue') ? testOf(options, ['exeMatchType', 'exeMatchValue']) : undefined,
    cmdline: options.list('cmdlineFilters').map((entry) => {
      const test = testOf(entry, ['matchType', 'matchValue'])
      entry.end()
      return test
    }),
  }
  options.text('exeMatchType', '')
  options.end()
  return filter
}

function testOf(options: OptionReader, [type, value]: readonly [string, string]): Test {
  const kind: MatchType = options.word(type, MATCH_TYPES, 'MatchEquals')
  const wanted = options.needed(value)
  if (kind === 'MatchEquals') return (text) => text === wanted
  if (kind === 'MatchStartsWith') return (text) => text.startsWith(wanted)
  if (kind === 'MatchContains') return (text) => text.includes(wanted)
  try {
    const pattern = new RegExp(wanted)
    return (text) => pattern.test(text.slice(0, 16_384))
  } catch (error) {
    options.problem(value, `is no pattern: ${(error as Error).message}`)
    return () => false
  }
}

interface Active {
  readonly index: number
  readonly depth: number
}

/** Which processes the filters cover, their children as deep as each filter says. */
export class ProcessFilters {
  readonly #filters: readonly ProcessFilter[]
  readonly #users = new AccountNames('/etc/passwd')
  readonly #groups = new AccountNames('/etc/group')
  readonly #active = new Map<number, readonly Active[]>()

  constructor(filters: readonly ProcessFilter[]) {
    this.#filters = filters
  }

  /** The filter that leaves the event out, as `process_filters.N`; undefined where it stays. */
  droppedBy(event: DecodedEvent): string | undefined {
    if (this.#filters.length === 0 || event.pid <= 0) return undefined
    const active = this.#of(event)
    const syscall = syscallName(event.arch, event.syscall) ?? ''
    const hit = active.find(({ index }) => covers(this.#filters[index]?.syscalls ?? [], syscall))
    return hit === undefined ? undefined : `process_filters.${hit.index}`
  }

  #of(event: DecodedEvent): readonly Active[] {
    const known = this.#active.get(event.pid)
    const argv = event.argumentList()
    if (known !== undefined && argv === undefined) return known
    const inherited = (this.#active.get(event.ppid) ?? []).flatMap(({ index, depth }) =>
      depth === 0 ? [] : [{ index, depth: depth < 0 ? -1 : depth - 1 }],
    )
    const cmdline = argv === undefined ? (event.proctitle() ?? '') : event.argv().join(' ')
    const own = this.#filters.flatMap((filter, index) =>
      this.#matches(filter, event, cmdline) ? [{ index, depth: filter.depth }] : [],
    )
    const active = [...own, ...inherited]
    this.#active.delete(event.pid)
    this.#active.set(event.pid, active)
    if (this.#active.size > MAX_PROCESSES) this.#active.delete(this.#active.keys().next().value as number)
    return active
  }

  #matches({ user, group, exe, cmdline }: ProcessFilter, event: DecodedEvent, line: string): boolean {
    if (user !== '' && user !== String(event.uid) && user !== this.#users.name(event.uid)) return false
    if (group !== '') {
      const gid = Number(event.toJSON().gid ?? -1)
      if (group !== String(gid) && group !== this.#groups.name(gid)) return false
    }
    return (exe === undefined || exe(event.exe)) && cmdline.every((test) => test(line))
  }
}

/** `*` and an empty list cover every call; `!name` takes one out again. */
function covers(syscalls: readonly string[], name: string): boolean {
  if (syscalls.includes(`!${name}`)) return false
  const positive = syscalls.filter((word) => !word.startsWith('!'))
  return positive.length === 0 || positive.includes('*') || positive.includes(name)
}

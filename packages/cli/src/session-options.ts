import type { SessionFilter } from '@podwitness/api'
import { CONFIDENCES, ENTRY_KINDS, RISKS } from '@podwitness/event'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { timeOption } from './time-option.ts'

/** Filters of the session list as the command line takes them. */
export interface SessionOptions {
  readonly user?: string[]
  readonly namespace?: string[]
  readonly pod?: string
  readonly image?: string
  readonly command?: string
  readonly confidence?: SessionFilter['confidence']
  readonly entry?: SessionFilter['entry']
  readonly risk?: SessionFilter['risk']
  readonly since?: string
  readonly from?: string
  readonly to?: string
  readonly all?: boolean
}

const collect = (value: string, before: string[] = []): string[] => [...before, value]

/** Adds the filters to a command; those that take a list may be repeated or hold commas. */
export function addSessionOptions(command: Command): Command {
  const now = Date.now()
  const time = (text: string): string => timeOption(text, now)
  return command
    .addOption(new Option('--user <name>', 'who: the named user, or a candidate where it is ambiguous').argParser(collect))
    .addOption(new Option('-n, --namespace <name>', 'where').argParser(collect))
    .option('--pod <glob>', 'pod, by a part of its name or a pattern with * and ?')
    .option('--image <glob>', 'image, likewise')
    .option('--command <glob>', 'sessions that ran such a command')
    .addOption(new Option('--confidence <words>', 'how sure the name is').argParser(words(CONFIDENCES)))
    .addOption(new Option('--entry <words>', 'how it got in').argParser(words(ENTRY_KINDS)))
    .addOption(new Option('--risk <word>', `at least this risk: ${RISKS.join(', ')}`).choices(RISKS))
    .addOption(new Option('--since <age>', 'from this long ago: 30m, 24h, 7d').argParser(time).conflicts('from'))
    .addOption(new Option('--from <time>', 'from this time, or this long ago').argParser(time))
    .addOption(new Option('--to <time>', 'before this time').argParser(time))
    .option('--all', 'with what the platform started: probes, hooks, containers’ own programs')
}

/** The filter that the options spell out. */
export function sessionFilter(options: SessionOptions): SessionFilter {
  const { user, namespace, pod, image, command, confidence, entry, risk, since, from = since, to, all } = options
  const given = { user, namespace, pod, image, command, confidence, entry, risk, from, to, platform: all }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function words<Word extends string>(known: readonly Word[]) {
  return (text: string, before: Word[] = []): Word[] => {
    const given = text.split(',').map((word) => word.trim())
    const chosen = known.filter((word) => given.includes(word))
    const wrong = given.find((word) => !chosen.includes(word as Word))
    if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is none of ${known.join(', ')}.`)
    return [...before, ...chosen]
  }
}

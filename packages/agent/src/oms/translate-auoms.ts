import { type Assignment, readAssignments } from '../filter/assignments.ts'
import { parseProcessFilters } from '../filter/process-filter.ts'
import { AUOMS_OPTIONS } from './auoms-options.ts'
import type { OmsNote } from './oms-note.ts'
import type { Translation } from './translation.ts'

/** Record types that are an event by themselves; records of all other types are part of one, which is kept whole. */
const ALONE = /^(?:USER|CRED|CRYPTO|ADD|DEL|GRP|ACCT|ROLE|SERVICE|SYSTEM|VIRT|LABEL|DAEMON|CHGRP|CHUSER)(?:_|$)/

/** Puts a file of auoms' own (auoms.conf, outconf.d) into force, as far as it has a counterpart. */
export function translateAuoms(file: string, text: string, into: Translation): void {
  const { entries, unread } = readAssignments(text)
  const inclusive = entries.some(({ name, value }) => name === 'record_filter_inclusive_mode' && value === 'true')
  for (const { line, text: bad, why } of unread)
    into.notes.push({ file, line, option: bad.slice(0, 40), verdict: 'wrong', text: why })
  for (const [index, entry] of entries.entries()) {
    const note = (verdict: OmsNote['verdict'], words: string): void => {
      into.notes.push({ file, line: entry.line, option: entry.name, verdict, text: words })
    }
    const first = entries.findIndex(({ name }) => name === entry.name)
    if (first < index) note('none', `auoms takes the first of its name, in line ${entries[first]?.line}`)
    else if (entry.name === 'process_filters') translateFilters(entry, file, into)
    else if (entry.name === 'filter_record_types') translateTypes(entry, inclusive, into, note)
    else if (entry.name === 'record_filter_inclusive_mode')
      note(inclusive ? 'none' : 'needless', inclusive ? 'only what is to be left out can be named' : 'this is so here')
    else if (entry.name.startsWith('queue_max_fs') || entry.name === 'queue_min_fs_free_pct') translateQueue(entry, into, note)
    else if (entry.name === 'output_format') translateFormat(entry.value, into, note)
    else if (entry.name === 'output_socket') note('none', 'the agent that read this socket was retired on 31 August 2024')
    else {
      const [verdict, words] = AUOMS_OPTIONS.get(entry.name) ?? (['wrong', 'auoms has no such option'] as const)
      note(verdict, words)
    }
  }
}

type Note = (verdict: OmsNote['verdict'], words: string) => void

function translateFilters({ value, line, name: option }: Assignment, file: string, into: Translation): void {
  const { filters, problems } = parseProcessFilters(value)
  const note = { file, option }
  for (const problem of problems)
    into.notes.push({
      ...note,
      line: line + problem.line - 1,
      verdict: 'wrong',
      text: problem.text.replace(/^process_filters\./, ''),
    })
  if (problems.length > 0) return
  into.processFilters.push(...filters)
  into.notes.push({ ...note, line, verdict: 'set', text: `${filters.length} filters` })
}

/** A JSON list of texts, or what is wrong with it. */
function textsOf(value: string): readonly string[] | string {
  try {
    const list: unknown = JSON.parse(value)
    return Array.isArray(list) && list.every((text) => typeof text === 'string') ? list : 'is no list of texts'
  } catch (error) {
    return `is no JSON: ${(error as Error).message}`
  }
}

function translateTypes({ value }: Assignment, inclusive: boolean, into: Translation, note: Note): void {
  const types = textsOf(value)
  if (typeof types === 'string') {
    note('wrong', types)
    return
  }
  if (inclusive) return
  const alone = types.filter((type) => ALONE.test(type))
  const parts = types.filter((type) => !ALONE.test(type))
  if (alone.length > 0) {
    const rule = { name: 'oms-record-types', action: 'drop', types: alone } as const
    into.rules.push({ keys: [], exes: [], syscalls: [], users: [], containers: [], namespaces: [], ...rule })
    note('set', `events of ${alone.join(', ')} are left out`)
  }
  if (parts.length > 0) note('none', `${parts.join(', ')} are records within events, and events are kept whole`)
}

const SPOOL: Readonly<Record<string, { readonly name: string; of(value: number): number }>> = {
  queue_max_fs_bytes: { name: 'maxBytes', of: (bytes) => Math.max(1024 * 1024, bytes) },
  queue_max_fs_pct: { name: 'maxShare', of: (percent) => Math.min(1, percent / 100) },
  queue_min_fs_free_pct: { name: 'minFreeShare', of: (percent) => Math.min(0.9, percent / 100) },
}

function translateQueue({ name, value }: Assignment, into: Translation, note: Note): void {
  const number = Number(value)
  const option = SPOOL[name]
  if (option === undefined) note('wrong', 'auoms has no such option')
  else if (!Number.isFinite(number) || number <= 0) note('wrong', 'is no number above 0')
  else {
    const translated = option.of(number)
    into.spool[option.name] = translated
    note('by hand', `spool.${option.name}: ${translated}`)
  }
}

function translateFormat(value: string, into: Translation, note: Note): void {
  if (value === 'syslog') {
    into.manage.syslog = 'user'
    note('by hand', 'manage.syslog: user')
  } else if (value === 'raw') {
    into.output = { type: 'stdout' }
    note('by hand', 'output: {type: stdout} or {type: file, path: …} gives the records as they came')
  } else if (['oms', 'fluent', 'json', 'msgpack'].includes(value)) {
    into.output ??= { type: 'server', url: 'https://podwitness.podwitness.svc:7273', tokenFile: '/join/token' }
    note('by hand', 'output: {type: server}; the agent that took this was retired on 31 August 2024')
  } else note('wrong', 'auoms has no such format')
}

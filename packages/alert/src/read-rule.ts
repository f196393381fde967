import { Cron } from 'croner'
import type { Node, YAMLMap } from 'yaml'
import { durationMs } from './duration.ts'
import { DATA_NEEDS, type DataNeed, RULE_LANGUAGES, type Rule, SEVERITIES, SEVERITY_WORDS, type Trigger } from './rule.ts'
import type { YamlReader } from './yaml-reader.ts'

const MINUTE_MS = 60_000
/** SLS refuses windows over a day; ours are bounded by what a query over them may cost. */
const MAX_WINDOW_MS = 31 * 86_400_000
const RULE_KEYS = [
  ...['kind', 'id', 'name', 'reason', 'query', 'check', 'wait', 'trigger', 'severity', 'groupBy', 'mute', 'labels', 'except'],
  ...['hours', 'enabled', 'notify', 'escalate', 'tellResolved', 'needs'],
] as const
const SEVERITY_ALSO = Object.fromEntries(SEVERITIES.map((word) => [SEVERITY_WORDS[word], word]))
export const IDENTIFIER = /^[\w][\w.-]{0,127}$/

/** One document of rules, with its faults noted at their places. */
export function readRule(reader: YamlReader, map: YAMLMap): Rule {
  const fields = reader.fields(map, RULE_KEYS)
  const id = reader.text(fields.get('id'), '')
  if (!IDENTIFIER.test(id))
    reader.fault(fields.get('id') ?? map, 'A rule has an id of letters, digits, dots, dashes and underscores.')
  const escalate = readEscalation(reader, fields.get('escalate'))
  return {
    id,
    name: reader.text(fields.get('name'), id),
    reason: reader.text(fields.get('reason'), ''),
    query: readQuery(reader, fields.get('query'), map),
    check: readCheck(reader, fields.get('check')),
    waitMs: duration(reader, fields.get('wait'), 0),
    trigger: readTrigger(reader, fields.get('trigger')),
    severity: reader.word(fields.get('severity'), SEVERITIES, 'medium', SEVERITY_ALSO),
    groupBy: reader.list(fields.get('groupBy')).map((node) => reader.text(node, '')),
    muteMs: duration(reader, fields.get('mute'), 0),
    labels: reader.texts(fields.get('labels')),
    except: reader.list(fields.get('except')).map((node) => reader.texts(node)),
    hours: readHours(reader, fields.get('hours')),
    enabled: reader.flag(fields.get('enabled'), true),
    notify: reader.list(fields.get('notify')).map((node) => readTarget(reader, node)),
    escalate,
    tellResolved: reader.flag(fields.get('tellResolved'), false),
    needs: reader.list(fields.get('needs')).map((node): DataNeed => reader.word(node, DATA_NEEDS, 'commands')),
  }
}

function readQuery(reader: YamlReader, node: Node | undefined, rule: YAMLMap): Rule['query'] {
  if (node === undefined) reader.fault(rule, 'A rule has a query.')
  const map = reader.map(node)
  const fields = map === undefined ? new Map<string, Node>() : reader.fields(map, ['lang', 'text', 'stream', 'window'])
  const text = reader.text(fields.get('text'), '')
  if (map !== undefined && text.trim() === '') reader.fault(map, 'The query has no text.')
  const windowMs = duration(reader, fields.get('window'), MINUTE_MS)
  if (windowMs > MAX_WINDOW_MS || windowMs < 1000) reader.fault(fields.get('window'), 'A window is from 1s to 31d.')
  const lang = reader.word(fields.get('lang'), RULE_LANGUAGES, 'sls')
  return { lang, text, stream: reader.text(fields.get('stream'), 'advaudit-*'), windowMs }
}

function readCheck(reader: YamlReader, node: Node | undefined): Rule['check'] {
  if (node === undefined) return { everyMs: MINUTE_MS }
  const text = reader.text(node, '1m')
  if (text === 'stream') return 'stream'
  const everyMs = durationMs(text)
  if (everyMs !== undefined) {
    if (everyMs < 1000) reader.fault(node, 'A rule is checked every second at most.')
    return { everyMs: Math.max(1000, everyMs) }
  }
  try {
    new Cron(text, { paused: true, timezone: 'UTC' })
    return { cron: text }
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    reader.fault(node, `"${text}" is no interval (30s, 1m, 1h), no cron pattern and not stream.`, why)
    return { everyMs: MINUTE_MS }
  }
}

function readTrigger(reader: YamlReader, node: Node | undefined): Trigger {
  if (node === undefined) return { kind: 'hasData' }
  const map = 'items' in node ? reader.map(node) : undefined
  if (map === undefined)
    return { kind: reader.word(node, ['hasData', 'noData'], 'hasData', { 有数据: 'hasData', 无数据: 'noData' }) }
  const fields = reader.fields(map, ['count', 'column', 'above', 'atLeast', 'below', 'atMost', 'changes'])
  const count = fields.get('count')
  if (count !== undefined) return { kind: 'count', atLeast: reader.number(count, 1) }
  const changes = fields.get('changes')
  if (changes !== undefined) return { kind: 'change', column: reader.text(changes, '') }
  const column = reader.text(fields.get('column'), '')
  for (const [key, compare] of [
    ['above', '>'],
    ['atLeast', '>='],
    ['below', '<'],
    ['atMost', '<='],
  ] as const) {
    const value = fields.get(key)
    if (value !== undefined && column !== '') return { kind: 'threshold', column, compare, value: reader.number(value, 0) }
  }
  reader.fault(map, 'A trigger is hasData, noData, {count: N}, {column: C, above: N} or {changes: C}.')
  return { kind: 'hasData' }
}

function readHours(reader: YamlReader, node: Node | undefined): Rule['hours'] {
  const text = reader.text(node, 'any')
  if (text === 'any' || text === '任意') return undefined
  const [, h1, m1, h2, m2, zone = 'UTC'] = /^(\d\d):(\d\d)-(\d\d):(\d\d)(?: (\S+))?$/.exec(text) ?? []
  const [from, to] = [Number(h1) * 60 + Number(m1), Number(h2) * 60 + Number(m2)]
  if (!(from < 1440 && to <= 1440 && knownZone(zone))) {
    reader.fault(node, `"${text}" are no hours; write any, or 08:00-20:00 Asia/Shanghai.`)
    return undefined
  }
  return { from, to, zone }
}

function knownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

function readTarget(reader: YamlReader, node: Node): Rule['notify'][number] {
  const map = 'items' in node ? reader.map(node) : undefined
  if (map === undefined) return { channel: reader.text(node, ''), template: undefined }
  const fields = reader.fields(map, ['channel', 'template'])
  const template = fields.get('template')
  return {
    channel: reader.text(fields.get('channel'), ''),
    template: template === undefined ? undefined : reader.text(template, ''),
  }
}

function readEscalation(reader: YamlReader, node: Node | undefined): Rule['escalate'] {
  const map = reader.map(node)
  if (map === undefined) return undefined
  const fields = reader.fields(map, ['after', 'channel'])
  return { afterMs: duration(reader, fields.get('after'), 30 * MINUTE_MS), channel: reader.text(fields.get('channel'), '') }
}

function duration(reader: YamlReader, node: Node | undefined, otherwise: number): number {
  if (node === undefined) return otherwise
  const text = reader.text(node, '')
  const ms = text === '0' ? 0 : durationMs(text)
  if (ms !== undefined) return ms
  reader.fault(node, `"${text}" is no length of time.`, 'Write 30s, 1m, 24h or 7d.')
  return otherwise
}

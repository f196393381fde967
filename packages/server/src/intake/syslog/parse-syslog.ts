/** Facilities in the order of their codes. Source: RFC 5424, table 1; names as syslog.conf(5) has them. */
export const FACILITIES = [
  ...[
    'kern',
    'user',
    'mail',
    'daemon',
    'auth',
    'syslog',
    'lpr',
    'news',
    'uucp',
    'cron',
    'authpriv',
    'ftp',
    'ntp',
    'audit',
    'alert',
    'clock',
  ],
  ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
] as const
/** Severities in the order of their codes, worst first. Source: RFC 5424, table 2. */
export const SEVERITIES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const

/** A syslog message. */
export interface SyslogMessage {
  readonly facility: string
  readonly severity: string
  /** 0 (emerg) to 7 (debug). */
  readonly severityCode: number
  /** Milliseconds since the epoch: the sender's where it says it, else the moment of arrival. */
  readonly timeMs: number
  readonly host: string
  readonly app: string
  readonly pid: string
  readonly text: string
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAY_MS = 86_400_000

/**
 * Reads a message of RFC 5424 or RFC 3164, without its framing.
 *
 * @param nowMs Arrival, milliseconds since the epoch: RFC 3164 times carry neither year nor zone and are taken as UTC.
 */
export function parseSyslog(text: string, nowMs: number): SyslogMessage | { readonly code: 'no_priority' } {
  const priority = /^<(\d{1,3})>/.exec(text)
  const code = Number(priority?.[1])
  const facility = FACILITIES[Math.floor(code / 8)]
  if (priority === null || facility === undefined) return { code: 'no_priority' }
  const head = { facility, severity: SEVERITIES[code % 8] ?? 'debug', severityCode: code % 8 }
  const rest = text.slice(priority[0].length)
  return { ...head, ...(modern(rest, nowMs) ?? legacy(rest, nowMs)) }
}

type Rest = Omit<SyslogMessage, 'facility' | 'severity' | 'severityCode'>

/** Source: RFC 5424, section 6. Structured data stays in front of the text. */
function modern(rest: string, nowMs: number): Rest | null {
  const match = /^1 (\S+) (\S+) (\S+) (\S+) (\S+) ?/.exec(rest)
  if (match === null) return null
  const [whole, time = '', host = '', app = '', pid = ''] = match
  const given = Date.parse(time)
  const body = rest.slice(whole.length)
  const text = body.startsWith('-') ? body.slice(1).trimStart() : body
  const known = (value: string): string => (value === '-' ? '' : value)
  // The byte order mark says that the text is UTF-8.
  return {
    timeMs: Number.isNaN(given) ? nowMs : given,
    host: known(host),
    app: known(app),
    pid: known(pid),
    text: text.replace(/^\ufeff/, ''),
  }
}

/** Source: RFC 3164, section 4.1, and what senders make of it: any part may be missing. */
function legacy(rest: string, nowMs: number): Rest {
  const dated = /^(?:([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)|(\d{4}-\d\d-\d\dT\S+)) (\S+) /.exec(rest)
  const body = dated === null ? rest : rest.slice(dated[0].length)
  const tagged = /^([^\s:[\]]{1,64})(?:\[(\d{1,10})\])?: ?/.exec(body)
  return {
    timeMs: dated === null ? nowMs : legacyTime(dated, nowMs),
    host: dated?.[7] ?? '',
    app: tagged?.[1] ?? '',
    pid: tagged?.[2] ?? '',
    text: tagged === null ? body : body.slice(tagged[0].length),
  }
}

function legacyTime([, month = '', day, hour, minute, second, iso]: RegExpExecArray, nowMs: number): number {
  if (iso !== undefined) return Date.parse(iso) || nowMs
  const at = MONTHS.indexOf(month)
  if (at < 0) return nowMs
  const time = (year: number): number => Date.UTC(year, at, Number(day), Number(hour), Number(minute), Number(second))
  const year = new Date(nowMs).getUTCFullYear()
  // A message of December that arrives in January is of last year.
  return time(year) > nowMs + DAY_MS ? time(year - 1) : time(year)
}

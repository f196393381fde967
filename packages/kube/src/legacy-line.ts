import { type KubeAuditEvent, type KubeRejectCode, readKubeEvent } from './audit-event.ts'
import { requestAttributes } from './policy/request-attributes.ts'

/** Longest line taken, UTF-16 code units: Go's server takes 1 MiB of headers and URL at most, and quotes some of it twice. */
const MAX_LINE = 2 * 1024 * 1024

/** Names of the values in their order. Source: k8s.io/apiserver, pkg/audit/format.go, EventString. */
const NAMES = ['id', 'stage', 'ip', 'method', 'user', 'groups', 'as', 'asgroups', 'user-agent', 'namespace', 'uri', 'response']
/** Each text matches in one way only: a hostile line costs no more than its length. */
const VALUE = '"([^"\\\\]*(?:\\\\.[^"\\\\]*)*)"'
const HEAD = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) AUDIT: id="/
const LINE = new RegExp(`^(\\S+) AUDIT: ${NAMES.map((name) => `${name}=${VALUE}`).join(' ')}\\s*$`)

/** Whether a text begins like a line of the log back end in its legacy form (`--audit-log-format=legacy`). */
export function isLegacyLine(text: string): boolean {
  return HEAD.test(text)
}

/**
 * Reads a line of a kube-apiserver's log back end: JSON, or the legacy text.
 *
 * The text has less than the JSON: neither level nor the time of the stage (the request's is taken), no objects, no
 * uid, and of the source addresses the first, which a client can claim (X-Forwarded-For); what the request is about is
 * read from its URL. Source: k8s.io/apiserver, pkg/audit/format.go.
 */
export function readKubeLine(line: string): KubeAuditEvent | { readonly code: KubeRejectCode } {
  if (isLegacyLine(line)) return readLegacy(line)
  try {
    return readKubeEvent(JSON.parse(line))
  } catch {
    return { code: 'not_an_event' }
  }
}

function readLegacy(line: string): KubeAuditEvent | { readonly code: KubeRejectCode } {
  const match = line.length > MAX_LINE ? null : LINE.exec(line)
  if (match === null) return { code: 'not_an_event' }
  const [time, ...quoted] = match.slice(1)
  const value = (name: string): string => unquote(quoted[NAMES.indexOf(name)] ?? '')
  const known = (name: string, ...placeholders: readonly string[]): string =>
    placeholders.includes(value(name)) ? '' : value(name)
  const as = known('as', '<self>')
  const event = readKubeEvent({
    auditID: value('id'),
    stage: value('stage'),
    requestURI: value('uri'),
    verb: value('method'),
    user: { username: known('user', '<none>'), groups: listOf(known('groups', '<none>')) },
    ...(as === '' ? {} : { impersonatedUser: { username: as, groups: listOf(known('asgroups', '<lookup>')) } }),
    sourceIPs: [known('ip', '<unknown>')].filter((ip) => ip !== ''),
    userAgent: value('user-agent'),
    ...(/^\d+$/.test(value('response')) ? { responseStatus: { code: Number(value('response')) } } : {}),
    requestReceivedTimestamp: time,
  })
  if ('code' in event) return event
  const { isResource, apiGroup, resource, subresource, namespace, name } = requestAttributes(event)
  const place = isResource ? { apiGroup, resource, subresource, name } : {}
  const ref = { ...event.objectRef, ...place, namespace: known('namespace', '<none>') || namespace }
  return { ...event, objectRef: ref }
}

/** The words of a list: each was quoted, then all of them again. */
function listOf(text: string): string[] {
  return [...text.matchAll(/"([^"\\]*(?:\\.[^"\\]*)*)"/g)].map(([, word = '']) => unquote(word))
}

const LETTERS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** What Go's %q made of a text. Source: Go, strconv.Quote. Bytes that were no UTF-8 become U+FFFD. */
function unquote(quoted: string): string {
  return quoted.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gs,
    (_whole, byte?: string, short?: string, long?: string, letter = '') => {
      if (byte !== undefined) return Number.parseInt(byte, 16) < 0x80 ? String.fromCharCode(Number.parseInt(byte, 16)) : '\ufffd'
      const code = short ?? long
      if (code === undefined) return LETTERS[letter] ?? letter
      const point = Number.parseInt(code, 16)
      return point > 0x10_ffff ? '\ufffd' : String.fromCodePoint(point)
    },
  )
}

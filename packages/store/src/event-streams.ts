import type { EventDraft } from '@podwitness/event'

/** Events that may be kept for other days than the rest of their table, which is the stream `events`. */
export const EVENT_STREAMS = ['api', 'files', 'network', 'logs'] as const
export type EventStream = (typeof EVENT_STREAMS)[number]

/**
 * System calls on files, by name. Source: man 2 syscalls. Reading and writing are left out: they name no file.
 */
const FILE_CALLS = [
  ...['open', 'openat', 'openat2', 'creat', 'open_by_handle_at', 'truncate', 'ftruncate', 'unlink', 'unlinkat', 'rmdir'],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat', 'mkdir', 'mkdirat', 'mknod', 'mknodat'],
  ...['chmod', 'fchmod', 'fchmodat', 'fchmodat2', 'chown', 'fchown', 'lchown', 'fchownat', 'utime', 'utimes', 'utimensat'],
  ...['setxattr', 'lsetxattr', 'fsetxattr', 'removexattr', 'lremovexattr', 'fremovexattr', 'stat', 'lstat', 'newfstatat'],
  ...['statx', 'access', 'faccessat', 'faccessat2', 'readlink', 'readlinkat', 'futimesat'],
]
/** System calls on sockets, by name. Source: man 2 syscalls. */
const NETWORK_CALLS = [
  ...['socket', 'socketpair', 'connect', 'bind', 'listen', 'accept', 'accept4', 'sendto', 'sendmsg', 'sendmmsg'],
  ...['recvfrom', 'recvmsg', 'recvmmsg', 'shutdown', 'setsockopt', 'getsockopt', 'getpeername', 'getsockname'],
]

interface Selection {
  readonly kinds: readonly string[]
  /** Of these kinds only events of these actions; all where absent. */
  readonly actions?: readonly string[]
}

const SELECTIONS: Readonly<Record<EventStream, Selection>> = {
  api: { kinds: ['KubeAudit', 'Kubernetes'] },
  files: { kinds: ['LinuxAudit'], actions: FILE_CALLS },
  network: { kinds: ['LinuxAudit'], actions: NETWORK_CALLS },
  logs: { kinds: ['Syslog', 'Metric'] },
}

/** The stream an event belongs to. */
export function eventStream({
  kind,
  action = '',
}: Pick<EventDraft, 'kind'> & { readonly action?: string }): EventStream | 'events' {
  for (const stream of EVENT_STREAMS) {
    const { kinds, actions } = SELECTIONS[stream]
    if (kinds.includes(kind) && (actions === undefined || actions.includes(action))) return stream
  }
  return 'events'
}

/** The same as an SQL expression: `values` by stream, each an expression; the last is that of all other events. */
export function byEventStream(values: Readonly<Record<EventStream | 'events', string>>): string {
  const branches = EVENT_STREAMS.map((stream) => `${condition(SELECTIONS[stream])}, ${values[stream]}`)
  return `multiIf(${branches.join(', ')}, ${values.events})`
}

function condition({ kinds, actions }: Selection): string {
  const list = (words: readonly string[]): string => `(${words.map((word) => `'${word}'`).join(', ')})`
  const ofKind = `kind IN ${list(kinds)}`
  return actions === undefined ? ofKind : `(${ofKind}) AND (action IN ${list(actions)})`
}

/** Days by stream: of all events, and of streams that differ. */
export interface EventDays {
  readonly days: number
  readonly streams: Readonly<Partial<Record<EventStream, number>>>
}

/** Days that a stream's events are kept. */
export const daysOfStream = ({ days, streams }: EventDays, stream: EventStream | 'events'): number =>
  stream === 'events' ? days : (streams[stream] ?? days)

import { basename } from 'node:path'
import type { AuditLine } from '@podwitness/api'
import { type DecodedEvent, syscallName } from '@podwitness/audit'
import { type EventDraft, shellQuote, storeTime } from '@podwitness/event'
import { uuidOf } from '@podwitness/kube'
import { invokedName } from '@podwitness/session'
import { rawColumns } from './raw-columns.ts'

/** execve and execveat by architecture token. Source: asm/unistd_64.h, unistd_32.h, unistd_x32.h; asm-generic/unistd.h. */
const EXEC_CALLS: Readonly<Record<string, readonly number[]>> = {
  c000003e: [59, 322, 0x40000000 + 520, 0x40000000 + 545],
  '40000003': [11, 358],
  c00000b7: [221, 281],
  '40000028': [11, 387],
  c00000f3: [221, 281],
  '80000016': [11, 354],
  c0000015: [11, 362],
}

/** What is known of an event beside its records. */
interface RowOrigin {
  readonly cluster: string
  readonly node: string
  readonly nodeIsSure?: boolean
  readonly late?: boolean
  readonly boot?: string
  readonly place?: AuditLine['place']
  /** The lines exactly as received, where they are at hand as text already. */
  readonly raw?: string | undefined
}

/**
 * The row of one Linux audit event; `raw` is its lines exactly as received.
 *
 * @param from.late Whether these records came after their event; where nothing is said, what the decoder saw of that stands.
 * @param from.place What the node says of the container that acted.
 * @param from.nodeIsSure Whether `from.node` stands against what the lines say, because the sender has proven it.
 */
export function auditRow(event: DecodedEvent, from: RowOrigin, path: string): EventDraft {
  const node = from.nodeIsSure === true ? from.node : (event.node ?? from.node)
  const serial = auditSerial(event)
  const late = from.late ?? event.late
  const { arch, syscall, success, comm, exit, tty } = event
  const isExec = EXEC_CALLS[arch]?.includes(syscall) === true
  const started = isExec && success === true
  const argv = isExec ? event.argv() : []
  const paths = event.paths()
  const address = event.sockaddr()
  const kind = started && !late ? 'Command' : 'LinuxAudit'
  // Commands are placed by their lineage, which only the server knows whole.
  const place = kind === 'Command' ? undefined : from.place
  const { raw, labels } = from.raw === undefined ? rawColumns(event.raw()) : { raw: from.raw, labels: {} }
  return {
    time: storeTime(event.timeMs),
    batch_id: '',
    batch_seq: 0,
    event_id: late ? lateId(event, from.cluster, node, serial) : uuidOf('audit', from.cluster, node, serial),
    kind,
    action: late ? 'late records' : (syscallName(arch, syscall) ?? event.type),
    outcome: success === undefined ? '' : success ? 'success' : 'failure',
    cluster: from.cluster,
    node,
    boot: from.boot ?? '',
    source: basename(path),
    audit_serial: serial,
    serial: event.seq,
    record_types: [...new Set(event.recordTypes)],
    syscall,
    arch,
    exit: exit === undefined ? '' : String(exit),
    pid: event.pid,
    ppid: event.ppid,
    uid: event.uid,
    auid: event.auid,
    ses: event.ses,
    tty: tty === '(none)' ? '' : tty,
    comm,
    exe: event.exe,
    exe_dev: isExec ? (paths[0]?.dev ?? '') : '',
    name: isExec ? invokedName(argv, comm) : comm,
    cwd: event.cwd() ?? '',
    argv,
    cmdline: shellQuote(argv),
    keys: event.keys,
    paths: paths.map(({ path: absolute, name }) => absolute ?? name ?? ''),
    dst_ip: address?.addr ?? '',
    dst_port: address?.port ?? 0,
    container_id: place?.containerId ?? '',
    ns: place?.namespace ?? '',
    pod: place?.pod ?? '',
    pod_uid: place?.podUid ?? '',
    container: place?.container ?? '',
    image: place?.image ?? '',
    raw,
    labels,
  }
}

/** `seconds.milliseconds:serial`, as audit records write it. */
function auditSerial(event: DecodedEvent): string {
  const seconds = Math.floor(event.timeMs / 1000)
  return `${seconds}.${String(event.timeMs - seconds * 1000).padStart(3, '0')}:${event.seq}`
}

/** Records that came after their event had been stored are kept beside it, under the serial they share. */
function lateId(event: DecodedEvent, cluster: string, node: string, serial: string): string {
  return uuidOf('late', cluster, node, serial, event.raw().toString('latin1'))
}

import type { EventDetail, EventFields, EventPod } from '@podwitness/api'
import type { EventRow, PlacementRow, PodRow, SessionRow } from '@podwitness/event'
import type { StoreReader } from '@podwitness/store'
import { RAW_ENCODING, rawBytes } from '../rows/raw-columns.ts'
import { programOf } from './program-of.ts'
import { isoTime, riskOf, sessionOf } from './row-mapping.ts'
import type { SessionsReader } from './sessions-reader.ts'

/** Reads one event down to its bytes. */
export class EventsReader {
  readonly #reader: StoreReader
  readonly #sessions: SessionsReader

  constructor(reader: StoreReader, sessions: SessionsReader) {
    this.#reader = reader
    this.#sessions = sessions
  }

  /** One event with its lines as received, where it belongs and what belongs to it; `null` where there is none. */
  async detail(eventId: string): Promise<EventDetail | null> {
    const row = await this.#one<EventRow>('SELECT * FROM audit.events WHERE event_id = {eventId:String} LIMIT 1', { eventId })
    if (row === undefined) return null
    const placement = await this.#placement(row)
    const traceId = placement?.trace_id || (await this.#traceOf(row.audit_id))
    const session =
      traceId === ''
        ? undefined
        : await this.#one<SessionRow>('SELECT * FROM audit.sessions FINAL WHERE trace_id = {traceId:String}', { traceId })
    const bytes = rawBytes(row)
    const plain = row.labels[RAW_ENCODING] !== 'base64'
    const raw = bytes.toString(plain ? 'utf8' : 'latin1')
    return {
      event: fieldsOf(row),
      raw,
      rawEncoding: plain ? 'utf8' : 'latin1',
      rawLines: raw.split('\n'),
      source: { format: row.source, batchId: row.batch_id, batchSeq: Number(row.batch_seq) },
      placement: placement === undefined ? null : placementOf(placement),
      session: session === undefined ? null : sessionOf(session),
      related:
        row.audit_id === ''
          ? []
          : await this.#sessions.apiCalls(
              'audit_id = {auditId:String}',
              { auditId: row.audit_id, start: row.time },
              new Set([row.audit_id]),
            ),
    }
  }

  /** The pod that an event happened in, or that its request is about; `null` where none is known. */
  async pod(eventId: string): Promise<EventPod> {
    const event = await this.#one<EventRow>('SELECT * FROM audit.events WHERE event_id = {eventId:String} LIMIT 1', { eventId })
    if (event === undefined) return null
    const placed = [await this.#placement(event), event].find((each) => each !== undefined && each.pod !== '')
    const asked = { ns: event.obj_ns, pod: event.resource === 'pods' ? event.obj_name : '', pod_uid: '' }
    const { ns, pod: name, pod_uid: uid } = placed ?? asked
    if (name === '') return null
    const sql = `SELECT * FROM audit.pods FINAL
      WHERE cluster = {cluster:String} AND pod = {name:String} AND ns = {ns:String} AND ({uid:String} = '' OR pod_uid = {uid:String})
      ORDER BY observed DESC LIMIT 1`
    const row = await this.#one<PodRow>(sql, { cluster: event.cluster, ns, name, uid })
    if (row === undefined) return null
    const { ns: namespace, pod, node, observed, object } = row
    return { namespace, pod, uid: row.pod_uid, node, observed: isoTime(observed), object }
  }

  /** Where an event belongs: by itself, or as its process does. */
  async #placement(event: EventRow): Promise<PlacementRow | undefined> {
    const of = (eventId: string): Promise<PlacementRow | undefined> =>
      this.#one<PlacementRow>('SELECT * FROM audit.placements FINAL WHERE event_id = {eventId:String} LIMIT 1', { eventId })
    const own = await of(event.event_id)
    if (own !== undefined || event.kind !== 'LinuxAudit') return own
    const program = await programOf(this.#reader, event)
    const its = program === undefined ? undefined : await of(program)
    return its === undefined ? undefined : { ...its, placed: 'process' }
  }

  /** The trace of the request that an API event is a stage of; empty where there is none. */
  async #traceOf(auditId: string): Promise<string> {
    if (auditId === '') return ''
    const entry = await this.#one<{ trace_id: string }>(
      'SELECT trace_id FROM audit.entries FINAL WHERE audit_id = {auditId:String} LIMIT 1',
      { auditId },
    )
    return entry?.trace_id ?? ''
  }

  async #one<T>(sql: string, params: Readonly<Record<string, unknown>>): Promise<T | undefined> {
    for await (const block of this.#reader.stream<T>(sql, params)) if (block[0] !== undefined) return block[0]
    return undefined
  }
}

function placementOf(row: PlacementRow): NonNullable<EventDetail['placement']> {
  return {
    traceId: row.trace_id,
    placed: row.placed,
    namespace: row.ns,
    pod: row.pod,
    podUid: row.pod_uid,
    container: row.container,
    containerId: row.container_id,
    image: row.image,
    parentName: row.parent_name,
    parentEventId: row.parent_event_id,
    onHost: Number(row.on_host) === 1,
    risk: riskOf(row.risk),
    riskReason: row.risk_reason,
  }
}

function fieldsOf(row: EventRow): EventFields {
  return {
    eventId: row.event_id,
    time: isoTime(row.time),
    kind: row.kind,
    action: row.action,
    outcome: row.outcome,
    cluster: row.cluster,
    node: row.node,
    boot: row.boot,
    auditSerial: row.audit_serial,
    recordTypes: row.record_types,
    syscall: Number(row.syscall),
    arch: row.arch,
    exit: row.exit,
    pid: Number(row.pid),
    ppid: Number(row.ppid),
    uid: Number(row.uid),
    auid: Number(row.auid),
    ses: Number(row.ses),
    tty: row.tty,
    comm: row.comm,
    exe: row.exe,
    name: row.name,
    cwd: row.cwd,
    argv: row.argv,
    cmdline: row.cmdline,
    keys: row.keys,
    paths: row.paths,
    dstIp: row.dst_ip,
    dstPort: Number(row.dst_port),
    auditId: row.audit_id,
    stage: row.stage,
    verb: row.verb,
    apiGroup: row.api_group,
    resource: row.resource,
    subresource: row.subresource,
    objectNamespace: row.obj_ns,
    objectName: row.obj_name,
    user: row.user,
    groups: row.groups,
    impersonatedUser: row.impersonated_user,
    sourceIp: row.source_ip,
    userAgent: row.user_agent,
    requestUri: row.request_uri,
    status: Number(row.status),
    level: row.level,
    message: row.message,
    labels: row.labels,
  }
}

import type { EventKind } from './words.ts'

/**
 * Rows of the store's tables as JSONEachRow carries them. Columns are `snake_case` because people
 * type them in queries. Times are strings in ClickHouse's form (`2026-11-21 02:52:43.176806`, UTC).
 *
 * `events` is evidence: inserted once, never rewritten. `sessions`, `entries` and `placements` are
 * derived from it by a pure function and may be computed again at any time.
 */
export interface EventRow {
  time: string
  event_id: string
  /** The batch it came in, and its place there: what the ledger signs. */
  batch_id: string
  batch_seq: number
  kind: EventKind
  /** For Linux audit the system call, or the record that names the event where there is none; for the API the verb. */
  action: string
  outcome: '' | 'success' | 'failure'
  cluster: string
  node: string
  boot: string
  /** How it came: the name of the file, or `apiserver-log`, `apiserver-webhook`. */
  source: string

  /** `seconds.milliseconds:serial`; empty for API events. */
  audit_serial: string
  /** Serial alone, for order within a boot. */
  serial: number
  record_types: string[]
  syscall: number
  arch: string
  exit: string
  pid: number
  ppid: number
  uid: number
  auid: number
  ses: number
  tty: string
  comm: string
  exe: string
  /** The name it was invoked by: basename of argv[0], else comm. */
  name: string
  cwd: string
  argv: string[]
  cmdline: string
  keys: string[]
  paths: string[]
  /** Device of the file that was executed (`dev` of PATH item 0): each container mount has its own. */
  exe_dev: string
  dst_ip: string
  dst_port: number

  audit_id: string
  stage: string
  verb: string
  api_group: string
  resource: string
  subresource: string
  obj_ns: string
  obj_name: string
  user: string
  groups: string[]
  impersonated_user: string
  source_ip: string
  user_agent: string
  request_uri: string
  status: number
  level: string

  /** Stamped by a node agent that knows; empty from an import, where `placements` says it. */
  trace_id: string
  container_id: string
  ns: string
  pod: string
  pod_uid: string
  container: string
  image: string

  message: string
  labels: Record<string, string>
  /** The bytes as received: the lines of an audit event joined by newlines, or one API event's JSON. */
  raw: string
}

/** An event as it is handed in: columns that it has nothing for may be left out. */
export type EventDraft = Pick<EventRow, 'time' | 'event_id' | 'kind' | 'cluster' | 'raw'> & Partial<EventRow>

/** Where a command belongs, computed from everything known; the newest version counts. */
export interface PlacementRow {
  event_id: string
  /** The event's own `time`, digit for digit: the views join by both. */
  time: string
  cluster: string
  node: string
  trace_id: string
  /** The session's entry kind; empty for a command on the host that belongs to nobody's session. */
  entry: string
  container_id: string
  ns: string
  pod: string
  pod_uid: string
  container: string
  image: string
  parent_name: string
  parent_event_id: string
  /** How it was placed: `root`, `lineage`, `terminal`, `order`, … */
  placed: string
  on_host: number
  risk: number
  risk_reason: string
  version: string
  is_deleted: number
}

/** One entry into a container; see `Session` for the meaning of each column. */
export interface SessionRow {
  trace_id: string
  entry: string
  confidence: string
  reasons: string[]
  user: string
  groups: string[]
  /** JSON of the account's further attributes, such as a cloud's account id; empty where there are none. */
  user_extra: string
  /** The account that `user` acted as; empty where it acted as itself. */
  impersonated_user: string
  source_ip: string
  user_agent: string
  /** JSON array of `Candidate`. */
  candidates: string
  audit_ids: string[]
  cluster: string
  node: string
  ns: string
  pod: string
  pod_uid: string
  container: string
  container_id: string
  image: string
  pod_labels: Record<string, string>
  host_ip: string
  tty: number
  command: string[]
  outcome: string
  status: number
  start: string
  /** `1970-01-01 00:00:00.000000` while it is not known to have ended. */
  end: string
  command_count: number
  risk: number
  risk_reason: string
  version: string
  is_deleted: number
}

/** One API request that is an operation on a container: kind `Kubernetes` of the SLS view. */
export interface EntryRow {
  /** Made from the request's content. */
  event_id: string
  trace_id: string
  time: string
  cluster: string
  node: string
  audit_id: string
  /** `PodExec`, `PodAttach`, `PodPortForward`, `EphemeralContainer`. */
  operation: string
  user: string
  groups: string[]
  user_extra: string
  impersonated_user: string
  source_ip: string
  user_agent: string
  ns: string
  pod: string
  pod_uid: string
  container: string
  image: string
  pod_labels: Record<string, string>
  host_ip: string
  command: string[]
  stdin: number
  stdout: number
  stderr: number
  tty: number
  status: number
  started: string
  ended: string
  version: string
  is_deleted: number
}

/** What is known of a container: the dimension commands are named by. */
export interface ContainerRow {
  cluster: string
  container_id: string
  node: string
  ns: string
  pod: string
  pod_uid: string
  container: string
  image: string
  /** `container`, `sandbox`. */
  kind: string
  labels: Record<string, string>
  args: string[]
  init_pid: number
  cgroup: string
  created: string
  first_seen: string
  gone: string
  version: string
}

/** What is known of a pod: its object as the API gave it. */
export interface PodRow {
  cluster: string
  pod_uid: string
  ns: string
  pod: string
  node: string
  host_ip: string
  labels: Record<string, string>
  /** The pod object, JSON: probes, hooks and default container are read from it. */
  object: string
  observed: string
  version: string
}

/** Which processes a container's cgroup held at a moment. */
export interface SampleRow {
  cluster: string
  node: string
  time: string
  container_id: string
  pids: number[]
}

/** One file (by content) taken in. */
export interface ImportRow {
  /** SHA-256 of the file's bytes, hex. */
  import_id: string
  cluster: string
  path: string
  format: string
  /** `running`, `done`. */
  state: string
  size_bytes: number
  lines: number
  events: number
  duplicates: number
  rejects: number
  started: string
  finished: string
  version: string
}

/** Records known to be lost, by where on their way. */
export interface LossRow {
  /** Made from the batch it came in, so that a repeated batch adds nothing. */
  loss_id: string
  cluster: string
  node: string
  boot: string
  /** `kernel`, `sequence`, `auditd`, `parser`, `filter`, `spool`, `late`; `server` for what the server refused. */
  hop: string
  since: string
  until: string
  /** -1 where the number is unknown. */
  count: number
  reason: string
}

/** A sender's sign of life with its counters since its start. */
export interface HeartbeatRow {
  cluster: string
  node: string
  time: string
  boot: string
  counters: Record<string, number>
  facts: Record<string, string>
}

/** One batch of a sender that is stored: a repeated one is known by it. */
export interface BatchRow {
  /** Sender and the sender's own name of the batch. */
  batch: string
  cluster: string
  node: string
  stored: string
  accepted: number
  rejected: number
}

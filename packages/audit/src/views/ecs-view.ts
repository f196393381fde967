import type { DecodedEvent } from '../decoded-event.ts'
import { recordFields } from '../record-fields.ts'
import { TYPE } from '../record-type.ts'
import { syscallName } from '../syscall-name.ts'

type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json | undefined }

const UNSET = 4_294_967_295

/** Category and type of a call, in the words of the Elastic Common Schema 8.11 (event.category, event.type). */
const CALLS: readonly (readonly [RegExp, string, string])[] = [
  [/^execve(at)?$/, 'process', 'start'],
  [/^(kill|tkill|tgkill|exit|exit_group)$/, 'process', 'end'],
  [/^(connect|bind|accept4?|sendto|sendmsg|listen|socket)$/, 'network', 'connection'],
  [/^(unlink|unlinkat|rmdir)$/, 'file', 'deletion'],
  [/^(mkdir|mkdirat|mknod|mknodat|creat|symlink|symlinkat|link|linkat)$/, 'file', 'creation'],
  [/^(rename|renameat2?|truncate|ftruncate|f?chmod(at)?|[fl]?chown(at)?|f?setxattr|lsetxattr)$/, 'file', 'change'],
  [/^(open|openat2?|open_by_handle_at)$/, 'file', 'access'],
  [/^(init_module|finit_module|delete_module)$/, 'driver', 'change'],
  [/^(set(re|res|fs)?[ug]id|setns|unshare|mount|umount2|ptrace|bpf)$/, 'process', 'change'],
]

const MESSAGES: readonly (readonly [RegExp, string, string])[] = [
  [/^(USER_AUTH|USER_ACCT|USER_LOGIN|CRED_ACQ|USER_START|LOGIN)$/, 'authentication', 'start'],
  [/^(USER_END|USER_LOGOUT|CRED_DISP)$/, 'authentication', 'end'],
  [/^(ADD_|DEL_|GRP_|USER_MGMT|USER_CHAUTHTOK|ACCT_)/, 'iam', 'user'],
  [/^(CONFIG_CHANGE|DAEMON_|FEATURE_CHANGE|MAC_)/, 'configuration', 'change'],
  [/^(AVC|SECCOMP|APPARMOR|ANOM_)/, 'intrusion_detection', 'info'],
]

/** The event as a document of the Elastic Common Schema. What the event does not say is left out. */
export function ecsView(event: DecodedEvent): Record<string, Json> {
  const call = syscallName(event.arch, event.syscall)
  const action = call ?? event.type.toLowerCase()
  const table = event.hasSyscall && call !== undefined ? CALLS : MESSAGES
  const [, category, type] = table.find(([pattern]) => pattern.test(call ?? event.type)) ?? []
  const document: Record<string, Json | undefined> = {
    '@timestamp': new Date(event.timeMs).toISOString(),
    ecs: { version: '8.11.0' },
    event: compact({
      kind: 'event',
      module: 'auditd',
      action,
      category: category === undefined ? undefined : [category],
      type: type === undefined ? undefined : [type],
      outcome: outcomeOf(event),
      sequence: event.seq,
      original: event.raw().toString('utf8'),
    }),
    host: event.node === null ? undefined : { name: event.node },
    process: processOf(event),
    user: userOf(event),
    file: fileOf(event),
    ...addressOf(event),
    auditd: {
      message_type: event.type.toLowerCase(),
      session: event.ses < 0 || event.ses === UNSET ? 'unset' : String(event.ses),
    },
    tags: event.keys.length > 0 ? event.keys : undefined,
  }
  return compact(document) as Record<string, Json>
}

function outcomeOf(event: DecodedEvent): string {
  if (event.success !== undefined) return event.success ? 'success' : 'failure'
  const result = recordFields(event.main).res
  if (result === 'success' || result === '1') return 'success'
  return result === 'failed' || result === '0' ? 'failure' : 'unknown'
}

function processOf(event: DecodedEvent): Json | undefined {
  const args = event.argv()
  const process = compact({
    pid: known(event.pid),
    parent: event.ppid < 0 ? undefined : { pid: event.ppid },
    name: event.comm || undefined,
    executable: event.exe || undefined,
    title: event.proctitle(),
    args: args.length > 0 ? args : undefined,
    args_count: args.length > 0 ? args.length : undefined,
    working_directory: event.cwd(),
  })
  return Object.keys(process).length > 0 ? process : undefined
}

function userOf(event: DecodedEvent): Json | undefined {
  if (event.uid < 0) return undefined
  return compact({
    id: String(event.uid),
    audit: event.auid < 0 || event.auid === UNSET ? undefined : { id: String(event.auid) },
  })
}

function fileOf(event: DecodedEvent): Json | undefined {
  if (event.first(TYPE.PATH) === undefined || event.argumentList() !== undefined) return undefined
  const paths = event.paths()
  const path = paths.find(({ nametype }) => nametype !== 'PARENT') ?? paths[0]
  return path === undefined
    ? undefined
    : compact({ path: path.path ?? path.name ?? undefined, inode: path.inode, mode: path.mode })
}

/** The far end of a connection; who listens is the near one. */
function addressOf(event: DecodedEvent): Record<string, Json> {
  const address = event.sockaddr()
  if (address === undefined) return {}
  const side = /^(accept4?|recvfrom|recvmsg)$/.test(syscallName(event.arch, event.syscall) ?? '') ? 'source' : 'destination'
  return {
    [side]: compact({ ip: address.family.startsWith('inet') ? address.addr : undefined, port: address.port, path: address.path }),
  }
}

function known(value: number): number | undefined {
  return value < 0 ? undefined : value
}

function compact(object: Record<string, Json | undefined>): Record<string, Json> {
  return Object.fromEntries(Object.entries(object).filter((entry): entry is [string, Json] => entry[1] !== undefined))
}

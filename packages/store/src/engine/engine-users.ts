import { createHash, randomBytes } from 'node:crypto'
import { CLOSED_TABLES } from '../reading-scope.ts'
import { TABLE_NAMES } from '../table-rows.ts'

/** The accounts of the embedded engine, each with no more rights than its work needs. */
export const ENGINE_USERS = ['admin', 'writer', 'known', 'app', 'hunter', 'auditor'] as const
export type EngineUser = (typeof ENGINE_USERS)[number]
export type Passwords = Readonly<Record<EngineUser, string>>

/** Ceilings of what people type; `docs/reference/store.md` lists them. */
export const HUNT_LIMITS = { seconds: 30, memoryBytes: 500_000_000, resultBytes: 128_000_000, rows: 100_000 } as const
/** Ceilings of our own queries: generous, but a slip must not take the engine down. */
const APP_LIMITS = { seconds: 120, memoryBytes: 700_000_000 } as const

/** What people type may read everything but what is closed. */
const HUNT_GRANTS = ['GRANT SELECT ON audit.*', ...CLOSED_TABLES.map((table) => `REVOKE SELECT ON audit.${table}`)]
const GRANTS: Readonly<Record<EngineUser, readonly string[]>> = {
  admin: ['GRANT ALL ON *.*'],
  writer: TABLE_NAMES.map((table) => `GRANT INSERT ON audit.${table}`),
  known: ['GRANT SELECT(event_id, time, cluster, kind) ON audit.events'],
  app: ['GRANT SELECT ON audit.*'],
  hunter: HUNT_GRANTS,
  auditor: HUNT_GRANTS,
}
/** Rows an account is not shown, by table: administrative acts are for auditors and administrators. */
const HIDDEN_ROWS: Readonly<Partial<Record<EngineUser, Readonly<Record<string, string>>>>> = {
  hunter: { events: "kind != 'AdminAct'" },
}
const PROFILES: Readonly<Record<EngineUser, string>> = {
  admin: 'admin',
  writer: 'writer',
  known: 'app',
  app: 'app',
  hunter: 'hunter',
  auditor: 'hunter',
}

/** Fresh random passwords, 192 bits each. */
export function randomPasswords(): Passwords {
  const entries = ENGINE_USERS.map((user) => [user, randomBytes(24).toString('hex')])
  return Object.fromEntries(entries) as Record<EngineUser, string>
}

/**
 * The engine's `users.xml`. Users made by SQL are not possible in this mode, and `default`, whom the keep-alive
 * statement runs as, must have an empty password: so it may do nothing else, and the one session it may have is taken.
 * The profile `default` stays empty: every other profile builds on it.
 */
export function usersXml(passwords: Passwords): string {
  const users = ENGINE_USERS.map((user) => userXml(user, passwords[user])).join('\n')
  return `<clickhouse>
<profiles>
<default></default>
<keeper><max_execution_time>0</max_execution_time><max_sessions_for_user>1</max_sessions_for_user></keeper>
<admin><async_insert>0</async_insert></admin>
<writer><async_insert>0</async_insert><input_format_parallel_parsing>0</input_format_parallel_parsing></writer>
<app>${readingXml(APP_LIMITS)}</app>
<hunter>${readingXml(HUNT_LIMITS)}${HUNT_CONSTRAINTS}</hunter>
</profiles>
<quotas><default></default></quotas>
<users>
<default>
<password></password><profile>keeper</profile><quota>default</quota>
<networks><ip>127.0.0.1</ip></networks>
<grants><query>GRANT SYSTEM LISTEN ON *.*</query><query>GRANT SELECT ON system.numbers</query></grants>
</default>
${users}
</users>
</clickhouse>
`
}

function userXml(user: EngineUser, password: string): string {
  const digest = createHash('sha256').update(password).digest('hex')
  const grants = GRANTS[user].map((grant) => `<query>${grant}</query>`).join('')
  return `<${user}>
<password_sha256_hex>${digest}</password_sha256_hex><profile>${PROFILES[user]}</profile><quota>default</quota>
<networks><ip>127.0.0.1</ip></networks>
<grants>${grants}</grants>${hiddenRowsXml(user)}
</${user}>`
}

/** Source: ClickHouse, docs/en/operations/settings/settings-users.md, user_name/databases. */
function hiddenRowsXml(user: EngineUser): string {
  const tables = Object.entries(HIDDEN_ROWS[user] ?? {})
  if (tables.length === 0) return ''
  const filters = tables.map(([table, filter]) => `<${table}><filter>${filter}</filter></${table}>`).join('')
  return `<databases><audit>${filters}</audit></databases>`
}

/** Where the right side of a join goes to disk: all commands joined without a range of time must not need all memory. */
const JOIN_IN_MEMORY_BYTES = 250_000_000

/** `readonly=2`: reads only, but a request may set its own, lower, limits. */
function readingXml(limits: { seconds: number; memoryBytes: number }): string {
  return `<readonly>2</readonly><max_execution_time>${limits.seconds}</max_execution_time>\
<max_memory_usage>${limits.memoryBytes}</max_memory_usage>\
<max_bytes_before_external_join>${JOIN_IN_MEMORY_BYTES}</max_bytes_before_external_join>\
<cancel_http_readonly_queries_on_client_close>1</cancel_http_readonly_queries_on_client_close>\
<do_not_merge_across_partitions_select_final>1</do_not_merge_across_partitions_select_final>`
}

// A limit of 0 means none, so every ceiling needs a floor as well.
const HUNT_CONSTRAINTS = `<max_result_bytes>${HUNT_LIMITS.resultBytes}</max_result_bytes><constraints>\
<max_execution_time><min>0.001</min><max>${HUNT_LIMITS.seconds}</max></max_execution_time>\
<max_memory_usage><min>1000000</min><max>${HUNT_LIMITS.memoryBytes}</max></max_memory_usage>\
<max_result_bytes><min>1000</min><max>${HUNT_LIMITS.resultBytes}</max></max_result_bytes>\
<timeout_overflow_mode><readonly/></timeout_overflow_mode>\
<cancel_http_readonly_queries_on_client_close><readonly/></cancel_http_readonly_queries_on_client_close>\
<max_memory_usage_for_user><readonly/></max_memory_usage_for_user></constraints>`

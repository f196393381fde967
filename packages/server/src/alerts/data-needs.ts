import type { DataNeed, Rule } from '@podwitness/alert'
import { state } from '@podwitness/event'
import type { Store } from '@podwitness/store'

/** What is there of each kind of evidence, and how its absence is said. */
const CHECKS: Readonly<Record<DataNeed, { readonly sql: string; readonly missing: string }>> = {
  commands: { sql: "SELECT count() FROM audit.events WHERE kind = 'Command'", missing: state('noCommands') },
  apiAudit: { sql: "SELECT count() FROM audit.events WHERE kind = 'KubeAudit'", missing: state('noApiAudit') },
  linuxAudit: { sql: "SELECT count() FROM audit.events WHERE kind = 'LinuxAudit'", missing: state('noLinuxAudit') },
  sessions: { sql: 'SELECT count() FROM audit.sessions', missing: state('noSessions') },
  heartbeats: { sql: 'SELECT count() FROM audit.heartbeats', missing: state('noHeartbeats') },
  diskMetrics: {
    sql: "SELECT count() FROM audit.heartbeats WHERE arrayExists(key -> startsWith(key, 'disk'), mapKeys(counters))",
    missing: state('noDiskMetrics'),
  },
  seccomp: {
    sql: "SELECT count() FROM audit.events WHERE kind = 'LinuxAudit' AND has(record_types, 'SECCOMP')",
    missing: state('noSeccomp'),
  },
  pods: { sql: 'SELECT count() FROM audit.pods', missing: state('noPods') },
}

/** Says for each rule why the data cannot make it fire; empty where they can. Each kind of evidence is looked for once. */
export async function cannotFire(store: Store, rules: readonly Rule[]): Promise<Map<string, string>> {
  const present = new Map<DataNeed, boolean>()
  for (const need of new Set(rules.flatMap(({ needs }) => needs))) {
    const { rows } = await store.reader.query({ sql: CHECKS[need].sql })
    present.set(need, Number(rows[0]?.[0] ?? 0) > 0)
  }
  return new Map(
    rules.map(({ id, needs }) => {
      const missing = needs.filter((need) => present.get(need) === false).map((need) => CHECKS[need].missing)
      return [id, missing.length === 0 ? '' : `cannot fire: ${missing.join(', ')}`]
    }),
  )
}

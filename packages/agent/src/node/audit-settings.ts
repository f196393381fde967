import type { AuditStatus } from './kernel-audit.ts'
import type { Setting } from './rule-set.ts'

/** The kernel's default of 64 is full within a millisecond of a busy node; distributions' rule files say 8192. */
const LEAST_BACKLOG = 8192

const FIELDS: Readonly<Record<Setting['option'], keyof AuditStatus>> = {
  '-b': 'backlogLimit',
  '-f': 'failure',
  '-r': 'rateLimit',
  '-e': 'enabled',
  '--backlog_wait_time': 'backlogWaitTime',
}

/** What the settings shall be: those asked for; auditing on and a backlog that lasts where nothing was said. */
export function wantedSettings(asked: readonly Setting[], status: AuditStatus): Setting[] {
  const said = (option: Setting['option']) => asked.some((setting) => setting.option === option)
  const implied: Setting[] = []
  if (!said('-b')) implied.push({ option: '-b', value: String(Math.max(status.backlogLimit, LEAST_BACKLOG)) })
  if (!said('-e')) implied.push({ option: '-e', value: String(Math.max(status.enabled, 1)) })
  return [...implied, ...asked]
}

/**
 * Settings that must be set, locking (`-e 2`) last; settings of ours that nobody asks for any more go back to what was found.
 *
 * @param ours What we set before, by option.
 */
export function settingChanges(
  wanted: readonly Setting[],
  status: AuditStatus,
  ours: Readonly<Record<string, string>>,
  found: AuditStatus | null,
): Setting[] {
  const given = new Set<string>(wanted.map(({ option }) => option))
  const back = Object.keys(ours).flatMap((option): Setting[] =>
    given.has(option) || found === null ? [] : restored(option as Setting['option'], found),
  )
  const changes = [...back, ...wanted].filter(({ option, value }) => {
    const now = status[FIELDS[option]]
    return now !== null && String(now) !== value
  })
  return changes.sort((a, b) => Number(locks(a)) - Number(locks(b)))
}

/** A setting as it was found. */
export function restored(option: Setting['option'], found: AuditStatus): Setting[] {
  const value = found[FIELDS[option]]
  return value === null ? [] : [{ option, value: String(value) }]
}

/** Whether a setting locks the rules until the next boot. */
export function locks({ option, value }: Setting): boolean {
  return option === '-e' && value === '2'
}

import { columnValue, inHours, type ResultRow, type Rule, valueText } from '@podwitness/alert'
import { type AlertRow, state, timeMsOf } from '@podwitness/event'
import type { Silence } from './alert-objects.ts'

/** Why nobody is told of an alert; empty where somebody is. The inbox has it whatever the answer. */
export function whySilent(alert: AlertRow, rule: Rule, silences: readonly Silence[], earlier: readonly AlertRow[]): string {
  const nowMs = timeMsOf(alert.created)
  const silence = silences.find((one) => nowMs >= one.fromMs && nowMs < one.toMs && silenceMatches(one, alert))
  if (silence !== undefined) return state('silenced', { id: silence.id, text: silence.reason })
  if (!inHours(rule.hours, nowMs)) return state('outsideHours')
  const told = earlier.find(
    (one) =>
      one.alert_id !== alert.alert_id &&
      one.group_key === alert.group_key &&
      one.silenced === '' &&
      nowMs - timeMsOf(one.created) < rule.muteMs,
  )
  return told === undefined ? '' : state('toldBefore', { id: told.alert_id })
}

function silenceMatches({ matchers }: Silence, alert: AlertRow): boolean {
  const [row = {}] = JSON.parse(alert.results) as ResultRow[]
  return Object.entries(matchers).every(([name, wanted]) => {
    if (name === 'rule') return alert.rule_id === wanted
    if (name === 'severity') return alert.severity === wanted
    if (name === 'group') return alert.group_key === wanted
    if (name === 'alert') return alert.alert_id === wanted
    return valueText(columnValue(row, name)) === wanted
  })
}

import type { EarlierCommands } from '@podwitness/session'
import type { Store } from '@podwitness/store'
import { spanParams } from './time-span.ts'

interface Columns {
  trace_id: string
  at: string
  command: string[]
  commands: string
  risk: number
  risk_reason: string
}

/** Sessions of a node that went on after a moment, as they were until then; what is older is not read again. */
export async function loadEarlier(
  store: Store,
  of: { readonly cluster: string; readonly node: string; readonly fromMs: number },
): Promise<Map<string, EarlierCommands>> {
  const { cluster, node, fromMs } = of
  const { from } = spanParams({ fromMs, toMs: fromMs })
  const mine = 'cluster = {cluster:String} AND node = {node:String}'
  const sql = `SELECT s.trace_id AS trace_id, toString(s.start) AS at, s.command AS command, p.commands AS commands, s.risk AS risk, s.risk_reason AS risk_reason
    FROM (SELECT * FROM audit.sessions FINAL WHERE ${mine}) AS s
    INNER JOIN (SELECT trace_id, countIf(time < {from:DateTime64(6)}) AS commands, max(time) AS last FROM audit.placements FINAL
      WHERE ${mine} AND trace_id != '' GROUP BY trace_id HAVING commands > 0 AND last >= {from:DateTime64(6)}) AS p ON p.trace_id = s.trace_id`
  const found = new Map<string, EarlierCommands>()
  for await (const block of store.reader.stream<Columns>(sql, { cluster, node, from })) {
    for (const { trace_id, at, command, commands, risk, risk_reason } of block)
      found.set(trace_id, { start: at, command, commands: Number(commands), risk: Number(risk), riskReason: risk_reason })
  }
  return found
}

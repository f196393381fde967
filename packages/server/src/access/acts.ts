import { randomUUID } from 'node:crypto'
import { type EventDraft, storeTime } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { withoutSecretFields } from './without-secret-fields.ts'

/** What somebody did about podwitness itself. */
export interface Act {
  /** Stable name, e.g. `user-add`. */
  readonly action: string
  readonly outcome: 'done' | 'refused' | 'failed'
  /** Who; of a failed sign-in, the name that was tried. */
  readonly user: string
  readonly role: string
  /** The proof: `owner`, `session`, `token`, `password`, `link`, `provider`, or `command line`. */
  readonly means: string
  readonly address: string
  readonly agent: string
  /** What it was done to: the id or name of a user, token, rule, … */
  readonly object: string
  readonly before?: unknown
  readonly after?: unknown
  /** Why it failed, or what else there is to say. */
  readonly note?: string
}

/** Longest JSON of `before` and of `after` kept, UTF-16 code units. */
const MAX_JSON = 64_000

/** Records an act as an event: it is signed, expires and is queried like any other, and durable when this resolves. */
export async function recordAct(store: Store, act: Act, nowMs = Date.now()): Promise<void> {
  const id = `act-${randomUUID()}`
  await store.writer.insert('events', [actEvent(act, id, nowMs)], id)
}

export function actEvent(act: Act, id: string, nowMs: number): EventDraft {
  const { action, outcome, user, role, means, address, agent, object, note = '' } = act
  const before = jsonOf(act.before)
  const after = jsonOf(act.after)
  const fact = { action, outcome, user, role, means, address, agent, object, note, before, after }
  return {
    ...{ time: storeTime(nowMs), event_id: id, kind: 'AdminAct', action, cluster: '', source: 'podwitness' },
    outcome: outcome === 'done' ? 'success' : 'failure',
    ...{ user, source_ip: address, user_agent: agent, obj_name: object, message: note },
    labels: { outcome, role, means, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
    raw: JSON.stringify(fact),
  }
}

function jsonOf(value: unknown): string | undefined {
  if (value === undefined) return undefined
  const text = JSON.stringify(withoutSecretFields(value)) ?? 'null'
  return text.length <= MAX_JSON ? text : JSON.stringify(`${text.slice(0, MAX_JSON / 2)}… (cut)`)
}

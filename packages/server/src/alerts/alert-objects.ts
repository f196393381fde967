import { AlertError, type ChannelSpec, type ContentTemplate, type Rule, readRules } from '@podwitness/alert'
import { storeTime, timeMsOf } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { nextVersion } from '../next-version.ts'

/** Alerts that match and fall into the time are kept from channels; without matchers it is maintenance of everything. */
export interface Silence {
  readonly id: string
  /** `rule`, `severity`, `group`, or a column of the first row: each must be equal. */
  readonly matchers: Readonly<Record<string, string>>
  readonly fromMs: number
  readonly toMs: number
  readonly reason: string
  readonly by: string
}

export interface StoredRule {
  readonly rule: Rule
  readonly yaml: string
  /** Milliseconds; what arrived before is not the rule's business until it has run once. */
  readonly changedMs: number
}

type Kind = 'rule' | 'channel' | 'template' | 'silence' | 'channel-test'

/** Rules, channels, templates and silences, as they are in the store now. */
export class AlertObjects {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async rules(): Promise<StoredRule[]> {
    const stored = await this.#list<{ yaml: string }>('rule')
    return stored.flatMap(({ spec, changedMs }) => {
      const [rule] = readRules(spec.yaml).rules
      return rule === undefined ? [] : [{ rule, yaml: spec.yaml, changedMs }]
    })
  }

  async channels(): Promise<ChannelSpec[]> {
    return (await this.#list<ChannelSpec>('channel')).map(({ spec }) => spec)
  }

  async templates(): Promise<ContentTemplate[]> {
    return (await this.#list<ContentTemplate>('template')).map(({ spec }) => spec)
  }

  async silences(): Promise<Silence[]> {
    return (await this.#list<Silence>('silence')).map(({ spec }) => spec)
  }

  saveRule(rule: Rule, yaml: string, nowMs: number): Promise<void> {
    return this.#save('rule', rule.id, { yaml }, nowMs)
  }

  /** @throws AlertError PW-AL-006 where a new channel has the identifier of another. */
  async saveChannel(spec: ChannelSpec, nowMs: number, replace: boolean): Promise<void> {
    if (!replace && (await this.channels()).some(({ id }) => id === spec.id))
      throw new AlertError('PW-AL-006', {
        what: `There is a channel ${spec.id} already.`,
        why: 'Identifiers of channels are unique.',
        todo: 'Choose another identifier, or say that the channel is to be replaced.',
      })
    await this.#save('channel', spec.id, spec, nowMs)
  }

  saveTemplate(template: ContentTemplate, nowMs: number): Promise<void> {
    return this.#save('template', template.id, template, nowMs)
  }

  saveSilence(silence: Silence, nowMs: number): Promise<void> {
    return this.#save('silence', silence.id, silence, nowMs)
  }

  /** A channel took a test message. */
  noteTest(channelId: string, nowMs: number): Promise<void> {
    return this.#save('channel-test', channelId, {}, nowMs)
  }

  /** When channels last took a message, test messages included, by identifier; ISO 8601. */
  async lastTaken(): Promise<Map<string, string>> {
    const { rows } = await this.#store.reader.query({
      sql: `SELECT id, toString(max(at)) FROM (
          SELECT id, changed AS at FROM audit.alert_objects FINAL WHERE kind = 'channel-test'
          UNION ALL SELECT channel_id AS id, updated AS at FROM audit.alert_deliveries FINAL WHERE state = 'sent'
        ) GROUP BY id`,
    })
    return new Map(rows.map(([id, at]) => [String(id), new Date(timeMsOf(String(at))).toISOString()]))
  }

  /** @throws AlertError PW-AL-005 where there is none of the name. */
  async remove(kind: Kind, id: string, nowMs: number): Promise<void> {
    if (!(await this.#list(kind)).some((one) => one.id === id)) throw nothingNamed(kind, id)
    await this.#save(kind, id, {}, nowMs, 1)
  }

  /** Names that are or were in use; a removed one is known as long as the store has not merged it away. */
  async everNamed(kind: Kind): Promise<string[]> {
    const { rows } = await this.#store.reader.query({
      sql: 'SELECT DISTINCT id FROM audit.alert_objects WHERE kind = {kind:String}',
      params: { kind },
    })
    return rows.map(([id]) => String(id))
  }

  async #list<Spec>(kind: Kind): Promise<{ id: string; spec: Spec; changedMs: number }[]> {
    const { rows } = await this.#store.reader.query({
      sql: 'SELECT id, spec, toString(changed) FROM audit.alert_objects FINAL WHERE kind = {kind:String} ORDER BY id',
      params: { kind },
    })
    return rows.map(([id, spec, changed]) => ({
      id: String(id),
      spec: JSON.parse(String(spec)) as Spec,
      changedMs: timeMsOf(String(changed)),
    }))
  }

  async #save(kind: Kind, id: string, spec: object, nowMs: number, deleted: 0 | 1 = 0): Promise<void> {
    const version = nextVersion()
    const row = { kind, id, spec: JSON.stringify(spec), changed: storeTime(nowMs), version, is_deleted: deleted }
    await this.#store.writer.insert('alert_objects', [row], `object|${kind}|${id}|${version}`)
  }
}

export function nothingNamed(kind: string, id: string): AlertError {
  return new AlertError('PW-AL-005', {
    what: `There is no ${kind} ${id}.`,
    why: 'It was never made, or was removed.',
    todo: `Look at the list of ${kind}s.`,
  })
}

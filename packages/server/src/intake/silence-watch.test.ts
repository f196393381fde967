import { expect, it } from 'vitest'
import { emptyParcel } from '../rows/parcel.ts'
import { SilenceWatch } from './silence-watch.ts'

const MINUTE = 60_000
const rules = (watch: SilenceWatch, atMs: number): string[] =>
  watch.look(atMs).flatMap(({ events }) => events.map(({ action, node }) => `${action} ${node}`.trim()))

it('finds a node and an API log that stopped, once for each silence', () => {
  const watch = new SilenceWatch()
  watch.note(emptyParcel({ key: 'a', cluster: 'c', node: 'n1' }), 0)
  watch.note(emptyParcel({ key: 'b', cluster: 'c', node: 'n2' }), 0)
  const api = emptyParcel({ key: '', cluster: 'c', node: '' })
  api.events.push({ kind: 'KubeAudit', time: '', event_id: '', cluster: 'c', raw: '' })
  watch.note(api, 0)
  expect(rules(watch, 2 * MINUTE)).toEqual([])
  watch.heard('c', 'n2', 2 * MINUTE)
  expect(rules(watch, 3 * MINUTE)).toEqual(['node-silent n1'])
  expect(rules(watch, 4 * MINUTE)).toEqual([])
  watch.heard('c', 'n1', 4 * MINUTE)
  watch.heard('c', 'n2', 10 * MINUTE)
  expect(rules(watch, 11 * MINUTE)).toEqual(['node-silent n1', 'api-log-silent'])
})

it('gives one silence the same id, and the next another', () => {
  const idAt = (lastMs: number): string => {
    const watch = new SilenceWatch()
    watch.heard('c', 'n', lastMs)
    return watch.look(lastMs + 10 * MINUTE)[0]?.events[0]?.event_id ?? ''
  }
  expect(idAt(5)).toBe(idAt(5))
  expect(idAt(5)).not.toBe(idAt(6))
})

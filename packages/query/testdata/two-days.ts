import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blankRow, openStore, type Store } from '@podwitness/store'
import { advauditCatalog } from '../src/catalog/advaudit-catalog.ts'
import { compile } from '../src/compile.ts'

/** A store with two days of commands: `id` once a minute for three minutes, `ls` once; the day before `id` twice as often. */
export interface TwoDays {
  readonly store: Store
  ask(text: string, range?: { from?: string; to?: string }): Promise<unknown[][]>
  close(): Promise<void>
}

export async function openTwoDays(): Promise<TwoDays> {
  const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-two-days-'))
  const store = await openStore({ dataDir, role: 'server' })
  await fill(store)
  return {
    store,
    async ask(text, range = {}) {
      const { sql, params } = compile({ lang: 'sls', text, catalog: advauditCatalog, ...range })
      const { rows } = await store.reader.query({ sql, params, profile: 'hunt' })
      return rows.map((row) => [...row])
    },
    close: async () => {
      await store.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function fill(store: Store): Promise<void> {
  const at = [
    ...['00:00', '01:00', '02:00'].map((clock) => ['id', `2025-01-02 00:${clock}.000000`]),
    ['ls', '2025-01-02 00:01:30.000000'],
    ...['00:00', '00:10', '01:00', '01:10', '02:00', '02:10'].map((clock) => ['id', `2025-01-01 00:${clock}.000000`]),
  ] as [string, string][]
  const events = at.map(([name, time], index) => ({
    ...blankRow('events'),
    ...{ event_id: `e${index}`, kind: 'Command' as const, time, name, cmdline: `${name} -x ${index}`, cluster: 'c1', pid: index },
  }))
  const placements = at.map(([, time], index) => ({
    ...blankRow('placements'),
    ...{ event_id: `e${index}`, trace_id: 't1', time, entry: 'exec', placed: 'lineage', version: '1' },
  }))
  const session = { ...blankRow('sessions'), trace_id: 't1', user: 'alice', entry: 'exec', confidence: 'matched', version: '1' }
  await store.writer.insert('events', events, 'events')
  await store.writer.insert('placements', placements, 'placements')
  await store.writer.insert('sessions', [session], 'sessions')
}

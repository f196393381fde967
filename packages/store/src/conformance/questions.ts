import type { EventRow } from '@podwitness/event'
import { blankRow } from '../blank-row.ts'
import { eventLeaf } from '../ledger/event-leaf.ts'
import { storedLeaves } from '../ledger/stored-batches.ts'
import { StoreError } from '../store-error.ts'
import type { Question, Trial } from './question.ts'

const TIME = '2026-11-21 02:00:00.000001'
/** Enough for every shard of a usual cluster to get some. */
const ROWS = 200

/** What podwitness depends on, in the order in which it is asked. */
export const QUESTIONS: readonly Question[] = [
  {
    name: 'a repeated insert is stored once, and so is what a view makes of it',
    ask: async (trial) => {
      const rows = events('repeat', ROWS)
      for (let attempt = 0; attempt < 3; attempt++) await trial.store.writer.insert('events', rows, 'repeat')
      expectEqual(await numbers(trial, "SELECT count(), uniqExact(event_id) FROM audit.events WHERE batch_id = 'repeat'"), [
        ROWS,
        ROWS,
      ])
      expectEqual(await numbers(trial, "SELECT count() FROM audit.placements WHERE startsWith(event_id, 'repeat-')"), [ROWS])
      return `${ROWS} rows, three times`
    },
  },
  {
    name: 'of two inserts under one token the first counts',
    ask: async (trial) => {
      const claims = ['one', 'two', 'three', 'four'].map((owner) => ({ name: 'try', term: 1, owner, released: 0 as const }))
      await Promise.all(claims.map((row) => trial.store.writer.insert('leases', [row], 'try')))
      expectEqual(await numbers(trial, 'SELECT count() FROM audit.leases'), [1])
      return undefined
    },
  },
  {
    name: 'the newest version of a row counts, before anything is merged',
    ask: async (trial) => {
      for (const version of ['2', '3', '1']) {
        const row = { ...blankRow('sessions'), trace_id: 'try', user: `user ${version}`, cluster: 'try', start: TIME, version }
        await trial.store.writer.insert('sessions', [row], `version ${version}`)
      }
      const { rows } = await trial.store.reader.query({ sql: 'SELECT user FROM audit.sessions FINAL' })
      expectEqual(rows, [['user 3']])
      return undefined
    },
  },
  {
    name: 'a command finds its session, over shards',
    ask: async (trial) => {
      const placed = events('repeat', ROWS).map(({ event_id, time }) => ({
        ...blankRow('placements'),
        ...{ event_id, time, cluster: 'try', trace_id: 'try', entry: 'exec', placed: 'lineage', version: '5' },
      }))
      await trial.store.writer.insert('placements', placed, 'placed')
      expectEqual(await numbers(trial, "SELECT count() FROM audit.commands WHERE user = 'user 3'"), [ROWS])
      return undefined
    },
  },
  {
    name: 'bytes come back as they were, and their hash is ours',
    ask: async (trial) => {
      const raw = 'tab\tquote"\'back\\slash\u0000nul\u2028 é 日本 \u{1f512}'
      const row = { ...event('bytes', 0), raw, batch_id: 'bytes' }
      await trial.store.writer.insert('events', [row], 'bytes')
      const { rows } = await trial.store.reader.query({ sql: "SELECT raw FROM audit.events WHERE batch_id = 'bytes'" })
      expectEqual(rows, [[raw]])
      const [server] = trial.servers
      if (server === undefined) throw new Error('a trial has at least one server')
      const leaves = await storedLeaves(server, ['bytes'], { from: TIME, to: TIME })
      expectEqual(
        leaves.map(({ leaf }) => leaf.toString('hex')),
        [eventLeaf(row).toString('hex')],
      )
      return undefined
    },
  },
  {
    name: 'words are found',
    ask: async (trial) => {
      expectEqual(await numbers(trial, "SELECT count() FROM audit.events WHERE hasToken(cmdline, 'word7')"), [1])
      expectEqual(await numbers(trial, "SELECT count() FROM audit.events WHERE hasToken(lower(cmdline), 'word7')"), [1])
      const { textIndex } = await trial.store.health()
      return textIndex ? 'by an inverted index' : 'by a token filter: the server has no text index, so this is slower'
    },
  },
  {
    name: 'a reader sees nothing outside its scope',
    ask: async (trial) => {
      const rows = events('scope', 8).map((row, at) => ({ ...row, kind: 'KubeAudit' as const, obj_ns: `ns-${at % 2}` }))
      await trial.store.writer.insert('events', rows, 'scope')
      const scoped = trial.store.reader.within({ clusters: null, namespaces: ['ns-1'], acts: false })
      const answer = await scoped.query({ sql: 'SELECT obj_ns, count() FROM audit.events GROUP BY obj_ns' })
      expectEqual(answer.rows, [['ns-1', 4]])
      return undefined
    },
  },
  {
    name: 'what people type can change nothing',
    ask: async (trial) => {
      const { reader } = trial.store
      for (const sql of ['DROP TABLE audit.pods', 'INSERT INTO audit.pods (pod) VALUES (1)', 'SELECT 1 SETTINGS readonly = 0']) {
        const failure = await reader.query({ sql, profile: 'hunt' }).catch((error: unknown) => error)
        if (!(failure instanceof StoreError) || failure.code !== 'PW-ST-011') throw new Error(`not refused: ${sql}`)
      }
      return undefined
    },
  },
  {
    name: 'what has expired goes, and nothing else',
    ask: async (trial) => {
      for (const server of trial.servers) {
        const old = 'now64(3) - INTERVAL 200 DAY'
        const values = `('old', '', '2026-01-01 00:00:00', ${old}), ('kept', '', '2026-01-02 00:00:00', now64(3))`
        await server.command(
          'admin',
          `INSERT INTO audit.samples${trial.ending} (node, container_id, time, received) VALUES ${values}`,
        )
        await server.command('admin', `OPTIMIZE TABLE audit.samples${trial.ending} FINAL`, { alter_sync: '2' })
      }
      expectEqual(await numbers(trial, "SELECT countIf(node = 'old'), countIf(node = 'kept') FROM audit.samples"), [
        0,
        trial.servers.length,
      ])
      return undefined
    },
  },
]

function event(batch: string, at: number): EventRow {
  return {
    ...blankRow('events'),
    ...{ event_id: `${batch}-${at}`, kind: 'Command', time: TIME, cluster: 'try', node: 'try', name: 'try' },
    ...{ cmdline: `${batch} word${at}`, raw: `${batch} ${at}`, batch_id: batch, batch_seq: at },
  }
}

function events(batch: string, count: number): EventRow[] {
  return Array.from({ length: count }, (_, at) => event(batch, at))
}

async function numbers({ store }: Trial, sql: string): Promise<number[]> {
  const { rows } = await store.reader.query({ sql })
  return (rows[0] ?? []).map(Number)
}

function expectEqual(found: unknown, wanted: unknown): void {
  const [is, must] = [JSON.stringify(found), JSON.stringify(wanted)]
  if (is !== must) throw new Error(`the answer is ${is}, and must be ${must}`)
}

import { randomBytes } from 'node:crypto'
import { ClickHouseStore } from '../clickhouse-store.ts'
import { closeAll, connectRemote, type Opened } from '../open-remote.ts'
import type { Store } from '../store.ts'
import { StoreError } from '../store-error.ts'
import type { Question, Trial } from './question.ts'
import { QUESTIONS } from './questions.ts'

/** How a question came out. */
export interface Conformance {
  readonly question: string
  readonly ok: boolean
  /** What was found, or what is wrong. */
  readonly text: string
  readonly tookMs: number
}

/** How a server or cluster is tried. */
export interface ConformOptions {
  readonly url: string
  /** Questions other than the usual ones, for tests. */
  readonly questions?: readonly Question[]
}

/**
 * Tries whether a ClickHouse server or cluster does what podwitness depends on, in a scratch database that is gone
 * afterwards. What fails does not keep the rest from being asked.
 *
 * @throws StoreError where the server cannot be reached, or lacks what even the tables need.
 */
export async function* conform({ url, questions = QUESTIONS }: ConformOptions): AsyncGenerator<Conformance> {
  const database = `podwitness_try_${randomBytes(6).toString('hex')}`
  const began = performance.now()
  const opened = await connectRemote({ url, database })
  try {
    const { cluster, connection } = opened
    const servers = cluster?.servers ?? [connection]
    yield { question: 'tables and views are made', ok: true, text: placesText(opened), tookMs: since(began) }
    const trial: Trial = { store: scratchStore(opened), servers, ending: cluster?.ending ?? '' }
    for (const question of questions) yield await answerOf(question, trial)
    yield await answerOf({ name: 'the scratch database is gone', ask: () => drop(opened, database) }, trial)
  } finally {
    await drop(opened, database).catch(() => {})
    await closeAll(opened)
  }
}

async function answerOf({ name, ask }: Question, trial: Trial): Promise<Conformance> {
  const began = performance.now()
  try {
    const text = (await ask(trial)) ?? ''
    return { question: name, ok: true, text, tookMs: since(began) }
  } catch (error) {
    if (error instanceof StoreError && error.code === 'PW-ST-010') throw error
    const text = error instanceof Error ? error.message : String(error)
    return { question: name, ok: false, text, tookMs: since(began) }
  }
}

/** Nothing is signed: what is stored here is not kept. */
function scratchStore({ connection, cluster }: Opened): Store {
  return new ClickHouseStore({
    kind: 'remote',
    connection,
    ...(cluster === undefined ? {} : { cluster }),
    restarts: () => 0,
    watch: () => {},
    stop: async () => {},
  })
}

async function drop({ connection, cluster }: Opened, database: string): Promise<undefined> {
  for (const server of cluster?.servers ?? [connection]) await server.command('admin', `DROP DATABASE IF EXISTS ${database} SYNC`)
  return undefined
}

function placesText({ cluster }: Opened): string {
  if (cluster === undefined) return 'one server'
  return `${cluster.servers.length} servers, ${cluster.shards.length} shards`
}

const since = (began: number): number => Math.round(performance.now() - began)

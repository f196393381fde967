import type { Connection } from '../connection.ts'
import { chainNames, readChain } from './chain-file.ts'
import { ChainPromises } from './chain-promises.ts'
import { checkRows } from './check-rows.ts'
import { Findings } from './findings.ts'
import type { ForeignChain } from './ledger-mirror.ts'
import type { Anchor, LedgerReport } from './ledger-report.ts'
import type { PublicKey } from './signing-key.ts'
import { type StoredBatch, storedBatches } from './stored-batches.ts'

export interface VerifyOptions {
  readonly folder: string
  readonly connection: Connection
  readonly key: PublicKey
  /** Heads kept elsewhere, which must be in the chains. */
  readonly anchors?: readonly Anchor[]
  readonly onProgress?: (done: number, all: number) => void
  /** Chains that other processes signed; asked for anew to settle what was stored while the check ran. */
  readonly foreign?: () => Promise<readonly ForeignChain[]>
  /** Now, milliseconds since the epoch. */
  readonly nowMs: number
}

/** Holds the store against its ledger: every link, every signature, every row. */
export async function verifyLedger(options: VerifyOptions): Promise<LedgerReport> {
  const { folder, connection, key, nowMs, onProgress } = options
  const findings = new Findings()
  const promises = new ChainPromises(findings)
  for (const name of chainNames(folder)) promises.read(name, readChain(folder, name), key)
  for (const { name, key: theirs, entries } of (await options.foreign?.()) ?? []) {
    promises.read(name, { entries, tornBytes: 0 }, theirs)
    const words = `${name} was signed by another server, whose key is known from the store alone`
    findings.note('key_unconfirmed', words, { chain: name })
  }
  promises.retentions.sort((a, b) => a.fromMs - b.fromMs)
  checkAnchors(options, promises, findings)
  const stored = await storedBatches(connection)
  for (const { batch, rows, from, to, sources } of await unknownBatches(options, promises, stored))
    findings.alarm('batch_unknown', `${rows} rows that no entry vouches for`, { batch, from, to, sources })
  const check = { connection, promises, findings, nowMs, ...(onProgress === undefined ? {} : { onProgress }) }
  const rows = await checkRows(check, new Map(stored.map((batch) => [batch.batch, batch])))
  const { chains, promised } = promises
  return { intact: findings.intact, findings: findings.all, chains, batches: promised.length, rows, key: key.id }
}

/** A head kept elsewhere that is not in the chain: the chain was cut or written anew. */
function checkAnchors({ anchors = [], folder }: VerifyOptions, { restored }: ChainPromises, findings: Findings): void {
  const heads = new Map<string, Set<string>>()
  for (const { chain, seq, head } of anchors) {
    let known = heads.get(chain)
    if (known === undefined) {
      const exists = chainNames(folder).includes(chain)
      known = new Set(
        exists
          ? readChain(folder, chain).entries.flatMap((entry) => (entry === undefined ? [] : [`${entry.seq} ${entry.head}`]))
          : [],
      )
      heads.set(chain, known)
    }
    if (known.has(`${seq} ${head}`)) continue
    const since = restored.get(chain)
    const why = since === undefined ? '' : `; the chain was restored from a backup of ${since}`
    const words = `entry ${seq} of ${chain}, whose head was kept elsewhere, is not in the ledger any more${why}`
    findings.alarm('anchor_missing', words, { chain, seq })
  }
}

/** Rows that no entry vouches for were put there by somebody else. */
async function unknownBatches(
  { folder, foreign }: VerifyOptions,
  promises: ChainPromises,
  stored: readonly StoredBatch[],
): Promise<StoredBatch[]> {
  const promised = new Set(promises.promised.map(({ batch }) => batch))
  const unknown = stored.filter(({ batch }) => !promised.has(batch))
  if (unknown.length === 0) return []
  // Stored since the chains were read, and vouched for since then.
  const now = [
    ...chainNames(folder).flatMap((name) => readChain(folder, name).entries),
    ...((await foreign?.()) ?? []).flatMap(({ entries }) => entries),
  ]
  for (const entry of now) if (entry?.fact.kind === 'batch') promised.add(entry.fact.batch)
  return unknown.filter(({ batch }) => !promised.has(batch))
}

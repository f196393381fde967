import type { Connection } from '../connection.ts'
import { ChainFile, chainNames, readChain } from './chain-file.ts'
import { partOf } from './last-insert.ts'
import { type LedgerEntry, type LedgerFact, signEntry } from './ledger-entry.ts'
import { merkleRoot } from './merkle.ts'
import { loadSigningKey, type SigningKey } from './signing-key.ts'
import { storedLeaves } from './stored-batches.ts'

export interface RestoredFrom {
  /** Folder of the restored ledger. */
  readonly folder: string
  readonly connection: Connection
  /** By chain, up to which entry the rows must be there. */
  readonly certain: ReadonlyMap<string, number>
  readonly backup: string
  /** When the backup began, ISO 8601. */
  readonly created: string
}

export interface SettledLedger {
  readonly chains: number
  /** Entries that were written while the backup was made and whose rows are not, or not all, in it. */
  readonly withdrawn: number
}

/**
 * Brings a restored ledger and the restored rows together: entries from while the backup was made are held against the
 * rows, and each chain says under signature that it was restored, and from what.
 */
export async function settleRestored(from: RestoredFrom): Promise<SettledLedger> {
  const names = chainNames(from.folder)
  if (names.length === 0) return { chains: 0, withdrawn: 0 }
  const key = loadSigningKey(from.folder)
  let withdrawn = 0
  const taken: ChainFile[] = []
  try {
    // Nobody else can have them: the folder is a new one.
    for (const _ of names) taken.push(ChainFile.take(from.folder))
    for (const chain of taken) withdrawn += await settleChain(chain, key, from)
  } finally {
    for (const chain of taken) chain.close()
  }
  return { chains: names.length, withdrawn }
}

async function settleChain(chain: ChainFile, key: SigningKey, from: RestoredFrom): Promise<number> {
  const entries = readChain(from.folder, chain.name).entries.filter((entry) => entry !== undefined)
  let last = entries.at(-1)
  const append = (fact: LedgerFact): void => {
    last = signEntry(last, fact, new Date().toISOString(), key)
    chain.append(last)
  }
  let withdrawn = 0
  for (const entry of uncertain(entries, from.certain.get(chain.name) ?? 0)) {
    const { batch, root, from: begin, to } = entry.fact
    const leaves = (await storedLeaves(from.connection, [batch], { from: begin, to })).map(({ leaf }) => leaf)
    const found = merkleRoot(leaves).toString('hex')
    if (found === root && leaves.length === entry.fact.rows) continue
    withdrawn += 1
    append({ kind: 'withdrawn', batch, of: entry.seq })
    // An insert over several days is several parts: some may have been there.
    if (leaves.length > 0) append({ ...partOf(entry.fact), rows: leaves.length, root: found })
  }
  append({ kind: 'restored', backup: from.backup, created: from.created, withdrawn })
  return withdrawn
}

type BatchEntry = LedgerEntry & { readonly fact: Extract<LedgerFact, { kind: 'batch' | 'adopted' }> }

function uncertain(entries: readonly LedgerEntry[], certain: number): BatchEntry[] {
  const done = new Set(entries.flatMap(({ fact }) => (fact.kind === 'withdrawn' ? [fact.of] : [])))
  return entries.filter(
    (entry): entry is BatchEntry => entry.seq > certain && entry.fact.kind === 'batch' && !done.has(entry.seq),
  )
}

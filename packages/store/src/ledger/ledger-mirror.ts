import { storeTime } from '@podwitness/event'
import type { Connection } from '../connection.ts'
import type { StoreWriter } from '../store-writer.ts'
import { type LedgerEntry, parseEntry } from './ledger-entry.ts'
import { type PublicKey, readPublicKey } from './signing-key.ts'

const FAILED = { what: 'The ledgers of other servers cannot be read.', otherwise: 'PW-ST-018' } as const

/** A chain that another process signed, as it put it into the store. */
export interface ForeignChain {
  /** Id of its key, and its name there. */
  readonly name: string
  readonly key: PublicKey
  readonly entries: readonly (LedgerEntry | undefined)[]
}

/**
 * The ledgers of all processes that write to a store, kept in the store itself: each can then check what the others
 * signed. The file in a process's own folder stays what counts for its own chain.
 */
export class LedgerMirror {
  readonly #connection: Connection
  readonly #writer: StoreWriter
  #ownKey = ''

  constructor(connection: Connection, writer: StoreWriter) {
    this.#connection = connection
    this.#writer = writer
  }

  /** Makes a key known. @returns The last entry of the chain that the store has, 0 for none. */
  async begin(chain: string, publicKeyPem: string, keyId: string): Promise<number> {
    this.#ownKey = keyId
    const spec = JSON.stringify({ pem: publicKeyPem })
    const row = { kind: 'ledger-key', id: keyId, spec, changed: storeTime(Date.now()), version: '1', is_deleted: 0 as const }
    await this.#writer.insert('store_objects', [row], `ledger-key|${keyId}`)
    const sql = 'SELECT toFloat64(max(seq)) AS seq FROM audit.ledger_entries WHERE chain = {chain:String}'
    const [last] = await this.#connection.rows<{ seq: number }>('app', sql, { chain: `${keyId}/${chain}` }, FAILED)
    return last?.seq ?? 0
  }

  async put(chain: string, keyId: string, entries: readonly LedgerEntry[]): Promise<void> {
    const name = `${keyId}/${chain}`
    const rows = entries.map((entry) => ({ chain: name, seq: entry.seq, line: JSON.stringify(entry) }))
    await this.#writer.insert('ledger_entries', rows, `ledger|${name}|${entries[0]?.seq}|${entries.length}`)
  }

  /** Whether other processes sign what they store here. */
  async othersSign(): Promise<boolean> {
    const sql = 'SELECT count() AS n FROM audit.ledger_entries WHERE NOT startsWith(chain, {own:String})'
    const [row] = await this.#connection.rows<{ n: string }>('app', sql, { own: `${this.#ownKey}/` }, FAILED)
    return Number(row?.n ?? 0) > 0
  }

  /** Chains signed with other keys than ours. */
  async foreign(ownKeyId: string): Promise<ForeignChain[]> {
    const keySql = "SELECT id, spec FROM audit.store_objects FINAL WHERE kind = 'ledger-key' AND id != {own:String}"
    const keys = await this.#connection.rows<{ id: string; spec: string }>('app', keySql, { own: ownKeyId }, FAILED)
    const chains: ForeignChain[] = []
    for (const { id, spec } of keys) {
      const lineSql =
        'SELECT chain, line FROM audit.ledger_entries FINAL WHERE startsWith(chain, {key:String}) ORDER BY chain, seq'
      const lines = await this.#connection.rows<{ chain: string; line: string }>('app', lineSql, { key: `${id}/` }, FAILED)
      for (const name of new Set(lines.map(({ chain }) => chain)))
        chains.push({
          name,
          key: keyOf(spec),
          entries: lines.filter(({ chain }) => chain === name).map(({ line }) => parseEntry(line)),
        })
    }
    return chains
  }
}

/** A key that cannot be read verifies nothing, so its chain is an alarm. */
function keyOf(spec: string): PublicKey {
  try {
    const { pem } = JSON.parse(spec) as { pem: string }
    return readPublicKey(Buffer.from(pem))
  } catch {
    return { id: '', verify: () => false }
  }
}

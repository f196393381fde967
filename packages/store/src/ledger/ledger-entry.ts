import { createHash } from 'node:crypto'
import type { PublicKey, SigningKey } from './signing-key.ts'

/** What an entry says. Times are ISO 8601, UTC. */
export type LedgerFact =
  /** The chain begins. */
  | { readonly kind: 'begin'; readonly chain: string; readonly retentionDays: number; readonly streams?: StreamDays }
  /** Rows that are being stored, in this order; `adopted` where they were there before the ledger. */
  | {
      readonly kind: 'batch' | 'adopted'
      readonly batch: string
      readonly rows: number
      /** Time span of the events. */
      readonly from: string
      readonly to: string
      readonly sources: readonly string[]
      /** Merkle root over the rows' leaves, hexadecimal. */
      readonly root: string
      /** The stream all its events are of; absent where they are of several, as before there were streams. */
      readonly stream?: string
      /** How many entries before this one are of the same insert; absent for none. */
      readonly beside?: number
    }
  /** A batch that was never acknowledged is not in the store, or with other rows only. */
  | { readonly kind: 'withdrawn'; readonly batch: string; readonly of: number }
  /** Rows expire after so many days from now on. */
  | { readonly kind: 'retention'; readonly retentionDays: number; readonly streams?: StreamDays }
  /** These entries' rows have expired. Ranges of sequence numbers, both ends included. */
  | { readonly kind: 'expired'; readonly entries: readonly (readonly [number, number])[] }
  /** The store was restored from a backup; so many entries from while it was made had no rows in it. */
  | { readonly kind: 'restored'; readonly backup: string; readonly created: string; readonly withdrawn: number }

/** A fact that promises rows. */
export type BatchFact = Extract<LedgerFact, { readonly kind: 'batch' | 'adopted' }>

/** Days of the streams that are kept for others than the rest. */
export type StreamDays = Readonly<Record<string, number>>

/** One signed link of the chain. */
export interface LedgerEntry {
  /** From 1, without gaps. */
  readonly seq: number
  readonly written: string
  readonly fact: LedgerFact
  /** The head of the entry before, hexadecimal; 64 zeros for the first. */
  readonly prev: string
  /** SHA-256 over everything above, hexadecimal. */
  readonly head: string
  /** Who signed, and the ed25519 signature of the head's bytes, base64. */
  readonly key: string
  readonly signature: string
}

const FIRST_PREV = '0'.repeat(64)

/** Makes the next link. */
export function signEntry(previous: LedgerEntry | undefined, fact: LedgerFact, written: string, key: SigningKey): LedgerEntry {
  const link = { seq: (previous?.seq ?? 0) + 1, written, fact, prev: previous?.head ?? FIRST_PREV }
  const head = headOf(link)
  return { ...link, head: head.toString('hex'), key: key.id, signature: key.sign(head).toString('base64') }
}

/** What is wrong with a link by itself or after the one before. */
export type LinkFault = 'sequence' | 'previous' | 'head' | 'key' | 'signature'

/** Checks a link; undefined where it is right. */
export function checkEntry(entry: LedgerEntry, previous: LedgerEntry | undefined, key: PublicKey): LinkFault | undefined {
  if (entry.seq !== (previous?.seq ?? 0) + 1) return 'sequence'
  if (entry.prev !== (previous?.head ?? FIRST_PREV)) return 'previous'
  const head = headOf(entry)
  if (head.toString('hex') !== entry.head) return 'head'
  if (entry.key !== key.id) return 'key'
  return key.verify(head, Buffer.from(entry.signature, 'base64')) ? undefined : 'signature'
}

/** JSON with a fixed order of fields, as `signEntry` and `parseEntry` make them. */
function headOf({ seq, written, fact, prev }: Pick<LedgerEntry, 'seq' | 'written' | 'fact' | 'prev'>): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([seq, written, prev, sortedFields(fact)]))
    .digest()
}

function sortedFields(fact: LedgerFact): unknown[] {
  return Object.entries(fact).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Reads a line of a chain's file; undefined where it is no entry. What it claims is not checked here. */
export function parseEntry(line: string): LedgerEntry | undefined {
  try {
    const json: unknown = JSON.parse(line)
    return isEntry(json) ? json : undefined
  } catch {
    return undefined
  }
}

function isEntry(json: unknown): json is LedgerEntry {
  if (typeof json !== 'object' || json === null) return false
  const { seq, written, fact, prev, head, key, signature } = json as Record<string, unknown>
  const texts = [written, prev, head, key, signature].every((value) => typeof value === 'string')
  return texts && Number.isInteger(seq) && isFact(fact)
}

/** Fields of each kind, with the type each must have. */
const FACT_FIELDS: Readonly<Record<LedgerFact['kind'], Readonly<Record<string, 'string' | 'number' | 'list'>>>> = {
  begin: { chain: 'string', retentionDays: 'number' },
  batch: { batch: 'string', rows: 'number', from: 'string', to: 'string', sources: 'list', root: 'string' },
  adopted: { batch: 'string', rows: 'number', from: 'string', to: 'string', sources: 'list', root: 'string' },
  withdrawn: { batch: 'string', of: 'number' },
  retention: { retentionDays: 'number' },
  expired: { entries: 'list' },
  restored: { backup: 'string', created: 'string', withdrawn: 'number' },
}

function isFact(fact: unknown): fact is LedgerFact {
  if (typeof fact !== 'object' || fact === null) return false
  const fields = FACT_FIELDS[(fact as LedgerFact).kind]
  if (fields === undefined) return false
  return Object.entries(fields).every(([name, type]) => {
    const value: unknown = Reflect.get(fact, name)
    return type === 'list' ? Array.isArray(value) : typeof value === type
  })
}

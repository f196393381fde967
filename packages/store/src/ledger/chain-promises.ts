import type { ChainLines } from './chain-file.ts'
import type { Findings } from './findings.ts'
import { checkEntry, type LedgerEntry, type LedgerFact, type LinkFault } from './ledger-entry.ts'
import type { LedgerFinding, LedgerReport } from './ledger-report.ts'
import type { Promised } from './promised-batches.ts'
import type { RetentionSince } from './rows-due.ts'
import type { PublicKey } from './signing-key.ts'

/** What the chains of a ledger say, each link of them checked. */
export class ChainPromises {
  readonly promised: Promised[] = []
  readonly chains: LedgerReport['chains'][number][] = []
  /** When the backup was begun that a chain was restored from last. */
  readonly restored = new Map<string, string>()
  readonly retentions: RetentionSince[] = []
  /** Chain and number of each entry whose rows are recorded as expired. */
  readonly #tombstones = new Set<string>()
  readonly #findings: Findings

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** Whether it is recorded under signature that a batch has expired. */
  isExpired({ chain, seq }: Pick<Promised, 'chain' | 'seq'>): boolean {
    return this.#tombstones.has(`${chain} ${seq}`)
  }

  /** Checks every link of a chain and takes in what it says. */
  read(chain: string, { entries, tornBytes }: ChainLines, key: PublicKey): void {
    if (tornBytes > 0)
      this.#findings.note(
        'torn_end',
        `${chain} ends in ${tornBytes} bytes of an entry that was never finished: what it was for was not acknowledged`,
        { chain },
      )
    let previous: LedgerEntry | undefined
    for (const [index, entry] of entries.entries()) {
      if (entry === undefined) {
        this.#findings.alarm('entry_unreadable', `${chain}, line ${index + 1}: this is no entry`, { chain, seq: index + 1 })
        continue
      }
      const fault = checkEntry(entry, previous, key)
      if (fault !== undefined)
        this.#findings.alarm(FAULTS[fault].code, `${chain}, entry ${entry.seq}: ${FAULTS[fault].words}`, {
          chain,
          ...placeOf(entry),
        })
      this.#take(chain, entry)
      previous = entry
    }
    this.chains.push({ chain, entries: entries.length, head: previous?.head ?? '' })
  }

  #take(chain: string, { seq, written, fact }: LedgerEntry): void {
    if (fact.kind === 'batch' || fact.kind === 'adopted') this.promised.push({ ...fact, chain, seq, written })
    if (fact.kind === 'begin' || fact.kind === 'retention')
      this.retentions.push({ fromMs: Date.parse(written), days: fact.retentionDays, streams: fact.streams ?? {} })
    if (fact.kind === 'expired')
      for (const [first, last] of fact.entries) for (let at = first; at <= last; at++) this.#tombstones.add(`${chain} ${at}`)
    if (fact.kind === 'restored') this.#takeRestored(chain, seq, written, fact)
    if (fact.kind !== 'withdrawn') return
    const index = this.promised.findIndex((entry) => entry.chain === chain && entry.seq === fact.of)
    if (index >= 0) this.promised.splice(index, 1)
  }

  #takeRestored(chain: string, seq: number, written: string, fact: Extract<LedgerFact, { kind: 'restored' }>): void {
    this.restored.set(chain, fact.created)
    const without = fact.withdrawn === 0 ? '' : `; ${fact.withdrawn} batches of the time it was made are not in it`
    const words = `${chain} was restored on ${written} from backup ${fact.backup}: what was stored after ${fact.created} is not in it`
    this.#findings.note('restored', `${words}${without}`, { chain, seq })
  }
}

const FAULTS: Readonly<Record<LinkFault, { code: LedgerFinding['code']; words: string }>> = {
  sequence: { code: 'entry_missing', words: 'its number does not follow the one before: an entry is gone or was put in' },
  previous: { code: 'entry_missing', words: 'it does not follow from the entry before: one is gone, was put in or was changed' },
  head: { code: 'entry_changed', words: 'its content is not what was signed' },
  key: { code: 'wrong_key', words: 'it was signed with another key' },
  signature: { code: 'entry_changed', words: 'its signature is not valid' },
}

function placeOf({ seq, fact }: LedgerEntry): Partial<LedgerFinding> {
  return fact.kind === 'batch' || fact.kind === 'adopted'
    ? { seq, batch: fact.batch, from: fact.from, to: fact.to, sources: fact.sources }
    : { seq }
}

import { chainNames, readChain } from './chain-file.ts'

/** Where each chain of a ledger's folder stands. */
export function ledgerHeads(folder: string): { chain: string; entries: number; head: string }[] {
  return chainNames(folder).map((chain) => {
    const { entries } = readChain(folder, chain)
    return { chain, entries: entries.length, head: entries.at(-1)?.head ?? '' }
  })
}

import { ProofFile } from '@podwitness/api'
import { parseEntry } from '@podwitness/store'
import { Compile } from 'typebox/compile'
import type { EvidenceBundle } from './bundle.ts'

const check = Compile(ProofFile)

/** What a proof holds, ready to be checked. */
export type ReadProof = Pick<EvidenceBundle, 'events' | 'entries' | 'publicKey'>

/** Reads a proof file; a text says why it is none. Its claims are not checked here. */
export function readProof(text: string): ReadProof | string {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  if (!check.Check(json)) {
    const [error] = check.Errors(json)
    return `${error?.instancePath || '/'} ${error?.message ?? 'is wrong'}`
  }
  const entries: Record<string, EvidenceBundle['entries'][string]> = {}
  for (const [name, value] of Object.entries(json.entries)) {
    const entry = parseEntry(JSON.stringify(value))
    if (entry === undefined) return `/entries/${name} is no entry of a ledger`
    entries[name] = entry
  }
  return { events: json.events, entries, publicKey: json.publicKey }
}

import { readFileSync } from 'node:fs'
import { type BundleVerdict, type ReadProof, readProof, verifyBundle } from '@podwitness/server'
import type { Context } from './context.ts'
import { visibleText } from './text/visible-text.ts'
import { UsageError } from './usage-error.ts'

interface ProofFlags {
  readonly proof: string
  /** File of a public key kept elsewhere. */
  readonly key: string | undefined
  readonly json: boolean
}

/**
 * Checks the proof of one event, with nothing but the file. Without a key kept elsewhere the key in the file is taken:
 * then the proof shows that it is whole, and not who made it.
 *
 * @throws UsageError PW-LG-005 where the file is no proof, PW-DE-003 where a file cannot be read.
 */
export async function verifyProof(context: Context, { proof: path, key, json }: ProofFlags): Promise<void> {
  const read = readProof(readText(path))
  if (typeof read === 'string') throw noProof(path, read)
  const proof = key === undefined ? read : { ...read, publicKey: readText(key) }
  const verdict = await verifyBundle(proof)
  const proven = verdict.unproven.length + verdict.badEntries.length === 0 && verdict.signaturesChecked
  context.exit = proven ? 0 : 1
  const { terminal } = context
  if (json) await terminal.write(`${JSON.stringify({ proven, keyKeptElsewhere: key !== undefined, ...verdict })}\n`)
  else await terminal.write(verdictText(context, proof, verdict, proven))
  if (proven && key === undefined)
    context.hint('The key came with the proof: give the one you kept with --key to know whose signature it is.')
}

function verdictText({ paint }: Context, proof: ReadProof, verdict: BundleVerdict, proven: boolean): string {
  const [event] = proof.events
  const entry = proof.entries[event?.entry ?? '']
  const word = proven ? paint('green', 'proven') : paint('red', 'not proven')
  const lines = [`event ${event?.eventId ?? ''}`]
  if (proven && entry !== undefined && 'batch' in entry.fact)
    lines.push(`in batch ${entry.fact.batch}, signed ${entry.written} by key ${entry.key} (${event?.entry})`)
  if (!verdict.signaturesChecked) lines.push('The key is no ed25519 public key: no signature was checked.')
  if (verdict.badEntries.length > 0) lines.push('The entry of the ledger is not what this key signed.')
  else if (verdict.unproven.length > 0) lines.push('Its bytes do not lead to the root of the signed entry.')
  return `${word}  ${lines.map(visibleText).join('\n')}\n`
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError('PW-DE-003', { what: `${path} cannot be read.`, why, do: 'Check the path.' }, { cause })
  }
}

function noProof(path: string, why: string): UsageError {
  return new UsageError('PW-LG-005', {
    what: `${path} is no proof of an event.`,
    why: `${why}.`,
    do: 'Give the file that the page of an event saves, unchanged.',
  })
}

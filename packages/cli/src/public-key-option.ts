import { readFileSync } from 'node:fs'
import { type PublicKey, readPublicKey } from '@podwitness/store'
import { UsageError } from './usage-error.ts'

/** The public key in a file. @throws UsageError PW-LG-001 where there is none in it. */
export function publicKeyOf(path: string): PublicKey {
  try {
    return readPublicKey(readFileSync(path))
  } catch (cause) {
    throw new UsageError(
      'PW-LG-001',
      {
        what: `${path} is not a public key.`,
        why: cause instanceof Error ? cause.message : String(cause),
        do: 'Give the file signing-key.pub.pem of the ledger, as it was kept elsewhere.',
      },
      { cause },
    )
  }
}

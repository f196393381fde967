import { type PublicKey, readPublicKey } from '@podwitness/store'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** Name of the file that says what an export holds, and of its signature. */
export const MANIFEST_FILE = 'manifest.json'
export const SIGNATURE_FILE = 'manifest.json.sig'
export const EXPORT_FORMAT = 'podwitness-export/1'

const Text = Type.String()
const Count = Type.Integer({ minimum: 0 })
const Manifest = Type.Object({
  format: Type.Literal(EXPORT_FORMAT),
  created: Text,
  from: Text,
  to: Text,
  files: Type.Array(
    Type.Object({
      name: Type.String({ pattern: '^[a-z]+(-\\d{4}-\\d\\d-\\d\\d)?\\.(jsonl\\.gz|parquet)$' }),
      table: Text,
      rows: Count,
      bytes: Count,
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
  ),
  ledger: Type.Array(Type.Object({ chain: Text, entries: Count, head: Text })),
  publicKey: Text,
})

/** What an export holds: counts and hashes of its files, and where the ledger stood. */
export interface ExportManifest {
  readonly format: typeof EXPORT_FORMAT
  /** ISO 8601. */
  readonly created: string
  readonly from: string
  readonly to: string
  readonly files: readonly ExportedFile[]
  readonly ledger: readonly { readonly chain: string; readonly entries: number; readonly head: string }[]
  /** Of the key it is signed with, PEM; empty where the store has no ledger. */
  readonly publicKey: string
}

export interface ExportedFile {
  readonly name: string
  readonly table: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}

const check = Compile(Manifest)

/** Reads a manifest; null where it is none. */
export function readManifest(text: string): ExportManifest | null {
  try {
    const json: unknown = JSON.parse(text)
    return check.Check(json) ? (json as ExportManifest) : null
  } catch {
    return null
  }
}

/** How a manifest's signature came out, and with which key. */
export type SignatureVerdict = { readonly state: 'good' | 'bad' | 'none'; readonly key: string }

/**
 * Checks a manifest against its signature.
 *
 * @param trusted A key kept elsewhere; without it the manifest's own says only that nothing was changed by accident.
 */
export function checkSignature(text: string, signature: string, manifest: ExportManifest, trusted?: PublicKey): SignatureVerdict {
  if (manifest.publicKey === '' && trusted === undefined) return { state: 'none', key: '' }
  try {
    const key = trusted ?? readPublicKey(manifest.publicKey)
    const good = key.verify(Buffer.from(text), Buffer.from(signature.trim(), 'base64'))
    return { state: good ? 'good' : 'bad', key: key.id }
  } catch {
    return { state: 'bad', key: '' }
  }
}

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeDurably } from '@podwitness/store'

/** Writes a durable file (`writeDurably`) into a folder that nobody but its owner may enter, made where it is missing. */
export function writePrivate(path: string, text: string, options: { readonly fresh?: boolean } = {}): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  return writeDurably(path, text, options)
}

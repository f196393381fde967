import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Anchor, Store } from '@podwitness/store'
import { expect, it, vi } from 'vitest'
import { anchorTo } from './anchor-file.ts'

/** A store of which nothing but the ledger's listener is used. */
function ledgerOnly(): { store: Store; tell: (anchor: Anchor) => void } {
  const listeners: ((anchor: Anchor) => void)[] = []
  const store = { ledger: { onEntry: (listener: (anchor: Anchor) => void) => void listeners.push(listener) } } as unknown as Store
  return { store, tell: (anchor) => listeners.forEach((listener) => void listener(anchor)) }
}

it('appends heads in order, and says once that it cannot', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podwitness-anchor-'))
  const { store, tell } = ledgerOnly()
  const said: string[] = []
  anchorTo(store, join(folder, 'heads.jsonl'), (text) => said.push(text))
  for (const seq of [1, 2, 3]) tell({ chain: 'chain-1', seq, head: `h${seq}` })
  const lines = (): { seq: number }[] =>
    readFileSync(join(folder, 'heads.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  await vi.waitFor(() => expect(lines().map(({ seq }) => seq)).toEqual([1, 2, 3]))
  expect(lines()[0]).toMatchObject({ chain: 'chain-1', head: 'h1', written: expect.any(String) })

  const broken = ledgerOnly()
  anchorTo(broken.store, join(folder, 'no/such/folder'), (text) => said.push(text))
  for (const seq of [1, 2]) broken.tell({ chain: 'chain-1', seq, head: 'h' })
  await vi.waitFor(() => expect(said.length).toBe(1))
  expect(said[0]).toContain('no/such/folder')
  rmSync(folder, { recursive: true, force: true })
})

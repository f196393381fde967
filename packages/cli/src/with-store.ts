import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import { type Context, dataFolder } from './context.ts'
import { UsageError } from './usage-error.ts'

/**
 * Opens the store that the options name, for as long as `work` runs.
 *
 * @param need `data` refuses a folder that nothing was ever written to, instead of making an empty one; `any` then works
 * on an empty store that is gone afterwards; `folder` makes one.
 */
export async function withStore<T>(context: Context, need: Need, work: (store: Store) => Promise<T>): Promise<T> {
  const passing = need === 'any' && !hasData(context) ? mkdtempSync(join(tmpdir(), 'podwitness-')) : undefined
  const store = passing === undefined ? await openFor(context, need) : await openPassing(context, passing)
  try {
    return await work(store)
  } finally {
    await store.close()
    if (passing !== undefined) rmSync(passing, { recursive: true, force: true })
  }
}

type Need = 'data' | 'folder' | 'any'

function openPassing(context: Context, dataDir: string): Promise<Store> {
  context.hint(`There is no data in ${dataFolder(context)}: the answer is of the question alone.`)
  return openStore({ signal: context.terminal.signal, onNotice: context.hint, dataDir, role: 'command' })
}

/** Whether the options name a store that something was written to. */
export function hasData(context: Context): boolean {
  return context.options.store !== undefined || existsSync(join(dataFolder(context), 'clickhouse'))
}

async function openFor(context: Context, need: Need): Promise<Store> {
  const { options, terminal, hint } = context
  const common = { signal: terminal.signal, onNotice: hint }
  const folder = dataFolder(context)
  if (options.store !== undefined) return openStore({ ...common, url: options.store, dataDir: folder })
  if (need === 'data' && !existsSync(join(folder, 'clickhouse'))) throw noData(folder)
  return openStore({ ...common, dataDir: folder, role: 'command' })
}

function noData(folder: string): UsageError {
  const demo = existsSync(join('.podwitness', 'clickhouse'))
  return new UsageError('PW-CL-004', {
    what: `There is no data in ${folder}.`,
    why: 'Nothing has been imported there.',
    do: demo
      ? 'Add --data .podwitness for the data of the demo, or import your own with `podwitness import PATH…`.'
      : 'Import something with `podwitness import PATH…`, start `podwitness demo`, or name another folder with --data.',
  })
}

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleFiles, collectEvidence, recordAct } from '@podwitness/server'
import { PUBLIC_KEY_FILE, type Store } from '@podwitness/store'
import { actOf } from '../act-of.ts'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { countText } from '../text/size-text.ts'
import { UsageError } from '../usage-error.ts'
import { noSuchSession, wholeId } from '../whole-session-id.ts'
import { withStore } from '../with-store.ts'

/** `podwitness evidence ID`: a session as files that prove themselves. */
export const evidence: AddCommand = (program, run) => {
  program
    .command('evidence')
    .description('write a session as signed files that anybody can check without podwitness')
    .argument('<id>', 'session id, or the beginning of it')
    .requiredOption('-o, --out <folder>', 'folder to make; it must not exist yet')
    .action((id: string, flags: { out: string }, command) => run(command, (context) => writeEvidence(context, id, flags.out)))
}

async function writeEvidence(context: Context, id: string, folder: string): Promise<void> {
  if (existsSync(folder)) throw taken(folder)
  await withStore(context, 'data', async (store) => {
    const ledger = signing(store)
    const bundle = await collectEvidence(store, ledger, await wholeId(store, id), Date.now())
    if (bundle === null) throw noSuchSession(id, [])
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (const { name, content } of bundleFiles(bundle, (bytes) => ledger.sign(bytes)))
      writeFileSync(join(folder, name), content, { mode: 0o600 })
    await recordAct(store, actOf({ action: 'evidence-export', object: bundle.session.traceId }))
    const bare = bundle.events.filter(({ entry }) => entry === '').length
    await context.terminal.write(`${join(folder, 'evidence.html')}\n`)
    context.hint(`${countText(bundle.events.length)} events; check them anywhere with: node ${join(folder, 'verify.mjs')}`)
    if (bare === 0) return
    context.terminal.say(`${countText(bare)} events are in no signed batch: run \`podwitness verify\` to see why.`)
    context.exit = 1
  })
}

function signing(store: Store): NonNullable<Store['ledger']> {
  if (store.ledger !== undefined && existsSync(join(store.ledger.folder, PUBLIC_KEY_FILE))) return store.ledger
  throw new UsageError('PW-LG-003', {
    what: 'This store has no ledger here, so nothing can be proven.',
    why: 'A ledger begins with the first event that is stored, in the data folder of the process that stores it.',
    do: 'Run the command with the data folder of the server process.',
  })
}

function taken(folder: string): UsageError {
  return new UsageError('PW-LG-004', {
    what: `${folder} exists already.`,
    why: 'Evidence is not mixed with other files, and not written over.',
    do: 'Name another folder.',
  })
}

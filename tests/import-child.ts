import { importPaths } from '@podwitness/server'
import { openStore } from '@podwitness/store'

/** Imports files in a process of its own and says what it is doing, so that a test can kill it at a chosen moment. */
const [dataDir = '', rejectsDir = '', ...paths] = process.argv.slice(2)

async function main(): Promise<void> {
  const store = await openStore({ dataDir, role: 'command' })
  await importPaths(store, paths, {
    cluster: 'crash',
    rejectsDir,
    onProgress: ({ phase, events }) => process.stdout.write(`${phase} ${events}\n`),
  })
  process.stdout.write('finished\n')
  await store.close()
}
void main()

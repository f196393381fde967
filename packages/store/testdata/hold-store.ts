// Opens the store of a directory and holds it until it is killed: the other process of the tests about directories in use.
// Arguments: DIRECTORY ROLE. Prints one JSON line when ready.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '@podwitness/store'

const [dataDir = '', role] = process.argv.slice(2)
const store = await openStore({ dataDir, role: role === 'server' ? 'server' : 'command' })
const { enginePid } = JSON.parse(readFileSync(join(dataDir, 'engine.json'), 'utf8')) as { enginePid: number }
setInterval(() => {}, 60_000)
process.on('SIGTERM', () => store.close().then(() => process.exit(0)))
process.stdout.write(`${JSON.stringify({ kind: store.kind, enginePid })}\n`)

import { startIntake } from '@podwitness/server'
import { openStore } from '@podwitness/store'

/** Runs an intake in a process of its own and says where it listens, so that a test can kill it at any moment. */
const [folder = '', dataDir = ''] = process.argv.slice(2)

async function main(): Promise<void> {
  const store = await openStore({ dataDir, role: 'server' })
  const { port, parts } = await startIntake(store, { folder, host: '127.0.0.1', port: 0 })
  const { text } = parts.tokens.create({ kind: 'join', cluster: 'crash', name: '' }, parts.authority.fingerprint)
  process.stdout.write(`${JSON.stringify({ port, ca: parts.authority.certificate, token: text })}\n`)
}
void main()

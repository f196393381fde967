import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runStep } from './run-step.mjs'

/** Installs the locked dependencies where what is installed differs from the lock file. Ends the process where that fails. */
export async function installIfNeeded() {
  const reason = whyInstall()
  if (reason === '') return
  process.stderr.write(`installing dependencies: ${reason}\n`)
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund']
  const code = npm?.endsWith('.js') ? await runStep(process.execPath, [npm, ...args]) : await runStep('npm', args)
  if (code === 0) return
  process.stderr.write('The dependencies could not be installed; npm says why above.\n')
  process.exit(code)
}

/** Why an install is needed; empty where it is not. npm writes what it installed into a lock file of its own. */
function whyInstall() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json')
  if (!existsSync(installed)) return 'there is no node_modules'
  const wanted = read(join(ROOT, 'package-lock.json'))
  const present = read(installed)
  for (const [path, { version, link, optional, devOptional, peer }] of Object.entries(wanted)) {
    if (path === '' || link || optional || devOptional || peer) continue
    if (path.startsWith('node_modules/') && present[path]?.version !== version) return `${path} has changed`
  }
  return existsSync(join(ROOT, 'node_modules', '.bin', 'podwitness')) ? '' : 'the command is not linked'
}

function read(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages ?? {}
}

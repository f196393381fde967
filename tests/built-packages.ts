import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * Builds what changed. The suites run on the sources, but the processes they start run on what is built: on the sources
 * each would compile all of them first, which takes twice as long as the rest of its start.
 * A type that does not fit is for `npm run types` to say, and keeps no test from running.
 */
export default function setup(): void {
  spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { cwd: ROOT, stdio: 'ignore' })
}

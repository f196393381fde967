// Installs and builds what is needed, then runs the demo. Arguments go to `podwitness demo`.
import { build } from './build.mjs'
import { installIfNeeded } from './install.mjs'
import { ROOT, requireNode, runStep } from './run-step.mjs'

requireNode()
await installIfNeeded()
const failed = await build()
if (failed !== 0) {
  process.stderr.write('The build failed; the lines above say where.\n')
  process.exit(failed)
}
process.exitCode = await runStep(process.execPath, [`${ROOT}packages/cli/bin/podwitness.mjs`, 'demo', ...process.argv.slice(2)])

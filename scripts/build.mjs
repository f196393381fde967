// Builds every package and the page, each only where its sources are newer than what was built.
// Usage: node scripts/build.mjs [--force]
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT, requireNode, runStep, runTool } from './run-step.mjs'

/** What the page is made of. */
const PAGE_SOURCES = ['web/src', 'web/public', 'web/index.html', 'web/vite.config.ts', 'web/package.json', 'api/src', 'event/src']

/** Builds what is out of date; returns the exit code of the first step that failed, else 0. */
export async function build({ force = false } = {}) {
  const types = await runTool('typescript/bin/tsc', force ? ['-b', '--force'] : ['-b'])
  return types !== 0 ? types : buildPage({ force })
}

/** Builds the page where it is out of date. */
export async function buildPage({ force = false } = {}) {
  if (!force && !pageIsOld()) return 0
  return runStep(process.execPath, [
    join(ROOT, 'node_modules/vite/bin/vite.js'),
    'build',
    '--logLevel',
    'warn',
    '--config',
    join(ROOT, 'packages/web/vite.config.ts'),
  ])
}

function pageIsOld() {
  const built = join(ROOT, 'packages/web/dist/index.html')
  if (!existsSync(built)) return true
  const time = statSync(built).mtimeMs
  return PAGE_SOURCES.some((path) => newest(join(ROOT, 'packages', path)) > time)
}

/** Time of the newest file at or below a path, milliseconds. */
function newest(path) {
  if (!existsSync(path)) return 0
  const info = statSync(path)
  if (!info.isDirectory()) return info.mtimeMs
  return Math.max(info.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  requireNode()
  process.exitCode = await build({ force: process.argv.includes('--force') })
}

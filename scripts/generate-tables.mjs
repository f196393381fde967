// Writes packages/audit/src/tables/*.ts from Debian's header packages.
// Usage: node scripts/generate-tables.mjs [--check] [FOLDER]   (FOLDER keeps the downloads; needs apt-get and dpkg-deb)
// With --check nothing is written: differences are listed and the exit code is 1.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { argumentTables } from './tables/arguments.mjs'
import { fetchPackages } from './tables/headers.mjs'
import { recordTypes } from './tables/record-types.mjs'
import { ruleTables } from './tables/rules.mjs'
import { syscallTables } from './tables/syscalls.mjs'

const args = process.argv.slice(2)
const check = args.includes('--check')
const folder = args.find((arg) => !arg.startsWith('--')) ?? join(tmpdir(), 'podwitness-tables')
const target = join(dirname(fileURLToPath(import.meta.url)), '../packages/audit/src/tables')
const versions = fetchPackages(folder)
const root = join(folder, 'x')
const files = {
  ...recordTypes(root, versions),
  ...syscallTables(root, versions),
  ...argumentTables(root, versions),
  ...ruleTables(root, versions),
}
let different = 0
for (const [name, text] of Object.entries(files)) {
  const path = join(target, name)
  const old = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (old === text) continue
  different++
  console.log(`${check ? 'differs' : 'written'}: ${name}`)
  if (!check) writeFileSync(path, text)
}
if (check && different > 0) process.exitCode = 1

#!/usr/bin/env node
import { existsSync } from 'node:fs'

const main = new URL('../dist/main.js', import.meta.url)
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`podwitness needs Node.js 20.19 or newer; this is ${process.version}.\n`)
  process.exitCode = 2
} else if (!existsSync(main)) {
  process.stderr.write('podwitness is not built yet. Run: npm run build\n')
  process.exitCode = 2
} else {
  const { main: run } = await import(main.href)
  await run()
}

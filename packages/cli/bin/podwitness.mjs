#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

// The agent lives on nodes whose memory is others': what an event leaves behind is short-lived, and a small young generation
// costs it little time. Set before anything is loaded, as what has grown does not shrink.
if (process.argv[2] === 'agent') {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--max-semi-space-size=1')
  setFlagsFromString('--optimize-for-size')
}
// The server takes in thousands of rows at once: with room for a batch in the young generation they need not be moved about.
if (process.argv[2] === 'serve') setFlagsFromString('--max-semi-space-size=32')

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

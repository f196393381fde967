import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a program in the root with this terminal.
 *
 * @returns Its exit code; 128 and more where a signal ended it.
 */
export function runStep(program, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } })
    // Ctrl-C reaches the child too; this process waits for it to end in order.
    const ignore = () => {}
    const pass = () => child.kill('SIGTERM')
    process.on('SIGINT', ignore)
    process.on('SIGTERM', pass)
    child.on('error', reject)
    child.on('exit', (code) => {
      process.off('SIGINT', ignore)
      process.off('SIGTERM', pass)
      resolve(code ?? 130)
    })
  })
}

/** Runs a tool of node_modules with this Node.js. */
export function runTool(path, args, env) {
  return runStep(process.execPath, [`${ROOT}node_modules/${path}`, ...args], env)
}

/** Ends with a reason where the Node.js that runs this is too old. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  process.stderr.write(`podwitness needs Node.js 20.19 or newer; this is ${process.version}.\n`)
  process.exit(2)
}

import { once } from 'node:events'
import { PipeClosed, type Terminal } from './terminal.ts'

/** The terminal of this very process. Takes over SIGINT, SIGTERM and errors of the output. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin } = process
  const stop = new AbortController()
  let closed = false
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    closed = true
    stop.abort(new PipeClosed('Nobody reads the output.'))
  })
  stderr.on('error', () => {}) // Talk that nobody can hear is no reason to fail.
  stopOnSignals(stop)
  let drawn = false
  const wipe = (): void => {
    if (drawn) stderr.write('\r\x1b[K')
    drawn = false
  }
  return {
    async write(data) {
      if (closed) throw new PipeClosed('Nobody reads the output.')
      if (!stdout.write(data)) await once(stdout, 'drain', { signal: stop.signal })
    },
    say(text) {
      wipe()
      stderr.write(`${text}\n`)
    },
    redraw(text) {
      if (stderr.isTTY !== true) return
      wipe()
      stderr.write(text)
      drawn = text !== ''
    },
    input: () => stdin,
    signal: stop.signal,
    onHangup: (listener) => {
      process.on('SIGHUP', listener)
      return () => void process.off('SIGHUP', listener)
    },
    env: process.env,
    live: stderr.isTTY === true,
    screen: stdout.isTTY === true,
    columns: stdout.columns ?? 100,
  }
}

/** The first signal asks the work to end in order; the second one does not ask. */
function stopOnSignals(stop: AbortController): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(130)
      stop.abort(new DOMException(`Stopped by ${name}.`, 'AbortError'))
    })
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Backoff, pause } from '@podwitness/pipeline'
import { newCounters, type Source } from '../source.ts'
import { RecordReader } from './record-reader.ts'

/** Overlap with what was read before a restart; copies are recognised. */
const OVERLAP_MS = 10_000

export interface JournalOptions {
  /** When the last event before the restart was, milliseconds since the Unix epoch; 0 reads only what comes. */
  readonly sinceMs: number
  /** Folder of the journal; empty for this system's. */
  readonly directory?: string
  /** Program and leading arguments; a test gives its own. */
  readonly command?: readonly string[]
}

/** Follows journald's audit entries by `journalctl`. Its audit socket must be on (systemd-journald-audit.socket). */
export function journal({ sinceMs, directory = '', command = ['journalctl'] }: JournalOptions): Source {
  const counters = newCounters()
  return {
    name: 'journald',
    counters,
    async run(sink, signal) {
      const backoff = new Backoff({ firstMs: 1000, maxMs: 30_000 })
      let fromMs = sinceMs
      while (!signal.aborted) {
        const reader = new RecordReader('journald', sink, { counters })
        const [program = '', ...leading] = command
        const from = fromMs === 0 ? ['-n', '0'] : ['--since', `@${Math.floor((fromMs - OVERLAP_MS) / 1000)}`]
        const where = directory === '' ? [] : ['-D', directory]
        const child = spawn(program, [...leading, ...where, '-o', 'json', '-f', ...from, '_TRANSPORT=audit'], {
          stdio: ['ignore', 'pipe', 'pipe'],
          signal,
        })
        let words = ''
        const failed = new Promise<void>((resolve) => {
          child.on('error', (error) => {
            if (!signal.aborted) words = error.message
            resolve()
          })
        })
        child.stderr.on('data', (chunk: Buffer) => {
          words = `${words}${chunk.toString('utf8')}`.slice(-300)
        })
        counters.opened++
        try {
          for await (const chunk of child.stdout) {
            backoff.reset()
            await reader.push(chunk as Buffer)
            fromMs = Date.now()
          }
        } catch (error) {
          if (!signal.aborted) words = (error as Error).message
        }
        await reader.end()
        if (child.exitCode === null && child.pid !== undefined && !signal.aborted)
          await Promise.race([once(child, 'close'), failed])
        if (signal.aborted) return
        counters.errors++
        sink.say(`journalctl ended (${words.trim() || 'without a word'}); starting it again.`)
        await pause(backoff.next(), signal)
      }
    },
  }
}

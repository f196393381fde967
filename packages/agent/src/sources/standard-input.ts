import { newCounters, type Source } from '../source.ts'
import { RecordReader } from './record-reader.ts'

/** Reads records from standard input to its end, as auditd gives them to a plugin or as a pipe brings them. */
export function standardInput(input: () => AsyncIterable<Uint8Array>): Source {
  const counters = newCounters()
  return {
    name: 'stdin',
    counters,
    async run(sink, signal) {
      const reader = new RecordReader('stdin', sink, { counters })
      counters.opened++
      for await (const chunk of input()) {
        await reader.push(chunk)
        if (signal.aborted) break
      }
      await reader.end()
    },
  }
}

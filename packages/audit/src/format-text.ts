import type { DecodedEvent } from './decoded-event.ts'
import { recordFields } from './record-fields.ts'
import { syscallName } from './syscall-name.ts'

/**
 * An event for reading: one line that says who did what, then a line for each record.
 * Control characters of hostile values are shown as escapes.
 */
export function formatText(event: DecodedEvent): string {
  const name = syscallName(event.arch, event.syscall) ?? (event.hasSyscall ? `syscall ${event.syscall}` : '')
  const parts = [new Date(event.timeMs).toISOString(), `#${event.seq}`]
  if (event.node !== null) parts.push(event.node)
  parts.push(name === '' ? event.type : `${event.type} ${name}`)
  if (event.success !== undefined) parts.push(event.success ? 'ok' : `failed (${event.exit})`)
  if (event.pid >= 0) parts.push(`pid ${event.pid}`)
  if (event.uid >= 0) parts.push(`uid ${event.uid}`)
  if (event.exe !== '') parts.push(event.exe)
  const argv = event.argumentList()?.argv
  if (argv !== undefined)
    parts.push(argv.map((argument) => (argument === null ? '(missing)' : JSON.stringify(argument))).join(' '))
  const marks = Object.keys(event.flags)
  if (marks.length > 0) parts.push(`[${marks.join(', ')}]`)
  const lines = event.records.map((record) => {
    const fields = Object.entries(recordFields(record)).map(([field, value]) => `${field}=${value ?? '(null)'}`)
    return `    ${record.type.name}: ${fields.join(' ')}`
  })
  return [parts.join('  '), ...lines].map(inert).join('\n')
}

/** No control character, no direction override reaches a terminal. */
function inert(line: string): string {
  return line.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0)
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`
  })
}

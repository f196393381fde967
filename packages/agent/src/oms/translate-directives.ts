import { type Directive, readDirectives } from './directives.ts'
import type { OmsNote } from './oms-note.ts'
import type { Translation } from './translation.ts'

/** Puts a file of the OMS agent's (fluentd's form) into our words: its sources and outputs, as far as they are about audit. */
export function translateDirectives(file: string, text: string, into: Translation): void {
  const { blocks, unread } = readDirectives(text)
  for (const { line, text: bad } of unread)
    into.notes.push({ file, line, option: bad.slice(0, 40), verdict: 'wrong', text: 'is neither a block nor an option in one' })
  for (const block of blocks) {
    const type = block.options.get('type') ?? ''
    const option = `${block.name} ${type || block.pattern}`.trim()
    const note = (verdict: OmsNote['verdict'], words: string): void => {
      into.notes.push({ file, line: block.line, option, verdict, text: words })
    }
    if (block.name === 'source') translateSource(block, type, into, note)
    else if (block.name === 'match') translateMatch(block, type, into, note)
    else if (block.name === 'filter')
      note('none', 'filters of the OMS agent change its own messages; say what is left out in filter.rules')
    else note('none', 'no such block is known here')
  }
}

type Note = (verdict: OmsNote['verdict'], words: string) => void

function translateSource({ options }: Directive, type: string, into: Translation, note: Note): void {
  const path = options.get('path') ?? ''
  if (type.endsWith('tail') && /audit\.log/.test(path)) {
    into.sources.push({ type: 'auditLog', path, from: options.get('read_from_head') === 'true' ? 'start' : 'end' })
    note('by hand', `sources: {type: auditLog, path: ${path}}`)
  } else if (type === 'syslog') {
    const port = Number(options.get('port'))
    const transport = options.get('protocol_type') === 'tcp' ? 'tcp' : 'udp'
    const known = Number.isInteger(port) && port > 0 && port < 65_536
    into.sources.push({ type: 'syslog', transport, host: options.get('bind') ?? '127.0.0.1', port: known ? port : 25_224 })
    note('by hand', `sources: {type: syslog, transport: ${transport}, port: ${known ? port : 25_224}}`)
  } else if (/audit|auoms/.test(`${type} ${path}`)) {
    into.sources.push({ type: 'auditSocket' })
    note('by hand', 'sources: {type: auditSocket}, with manage.socket: true')
  } else note('none', `a source of type ${type || '(none)'} has nothing to do with audit, and nothing here reads it`)
}

function translateMatch(block: Directive, type: string, into: Translation, note: Note): void {
  const first = block.blocks.find(({ name }) => name === 'store')
  const { options } = type === 'copy' && first !== undefined ? first : block
  const kind = options.get('type') ?? type
  if (/^out_oms/.test(kind)) {
    into.output ??= { type: 'server', url: 'https://podwitness.podwitness.svc:7273', tokenFile: '/join/token' }
    note('by hand', 'output: {type: server}; workspaces are reached from there: docs/guides')
  } else if (kind === 'stdout') {
    into.output = { type: 'stdout' }
    note('by hand', 'output: {type: stdout}')
  } else if (kind === 'file') {
    into.output = { type: 'file', path: options.get('path') ?? '/var/log/podwitness.jsonl' }
    note('by hand', 'output: {type: file}')
  } else if (/syslog/.test(kind)) {
    into.output = { type: 'syslog', host: options.get('host') ?? '', port: Number(options.get('port') ?? 6514) }
    note('by hand', 'output: {type: syslog}, which is TLS only')
  } else note('none', `an output of type ${kind || '(none)'} is not here`)
  if (type === 'copy' && block.blocks.length > 1) note('none', 'an agent has one output: let the server forward to the others')
}

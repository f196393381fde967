import { RISKS } from '@podwitness/event'
import { COLOURS } from './session-table.ts'
import { clockText } from './text/clock-text.ts'
import type { Paint } from './text/colours.ts'
import { visibleText } from './text/visible-text.ts'

/** An arrived row by the names of its columns. */
export type TailRow = Readonly<Record<string, unknown>>

/** What stands on every line: when it happened, what it is, where, who, and what was done. */
export function tailLine(row: TailRow, utc: boolean, paint: Paint): string {
  const text = (name: string): string => (typeof row[name] === 'string' ? row[name] : '')
  const pod = [text('Namespace') || text('ObjectNamespace'), text('Pod') || text('ObjectName')].filter(Boolean).join('/')
  const where = [pod || text('Node'), text('Container')].filter(Boolean).join('·')
  const risk = RISKS[Number(row.Risk ?? 0)] ?? 'report'
  const parts = [
    paint('dim', clockText(text('TimeGenerated'), utc).slice(11)),
    wordOf(text('Kind'), row).padEnd(7),
    visibleText(where || '-').padEnd(28),
    visibleText(text('User') || whoElse(text('Confidence'))).padEnd(16),
    visibleText(doneText(text)),
  ]
  const colour = COLOURS[risk]
  const marked = risk === 'report' ? '' : `  ${colour === undefined ? risk : paint(colour, risk)}`
  return `${parts.join('  ').trimEnd()}${marked}`
}

/** `run` a program, `api` a request; other kinds by their own names. */
function wordOf(kind: string, row: TailRow): string {
  if (kind === 'Command' || (kind === '' && 'CommandLine' in row)) return row.OnHost === true ? 'run !!' : 'run'
  return kind === 'KubeAudit' || kind === 'Kubernetes' ? 'api' : visibleText(kind || 'row').toLowerCase()
}

/** A command is stored before its session is named. */
function whoElse(confidence: string): string {
  return confidence === 'ambiguous' ? '? several' : '-'
}

function doneText(text: (name: string) => string): string {
  if (text('CommandLine') !== '') return text('CommandLine')
  const resource = [text('Resource'), text('Subresource')].filter(Boolean).join('/')
  return [text('Verb') || text('Action'), resource, text('Message')].filter(Boolean).join(' ')
}

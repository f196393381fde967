import type { SessionCommandDetail, SessionDetail } from '@podwitness/api'
import { COLOURS, placeText, whoText } from './session-table.ts'
import { clockText, durationText } from './text/clock-text.ts'
import type { Paint } from './text/colours.ts'
import { visibleText } from './text/visible-text.ts'

/** A session as it reads from top to bottom: who, where, how sure, and every command under the one that started it. */
export function sessionTranscript(session: SessionDetail, utc: boolean, paint: Paint): string[] {
  const lines = headLines(session, utc, paint)
  lines.push('', ...commandLines(session, utc, paint))
  if (session.commandsLeftOut > 0) lines.push(`… and ${session.commandsLeftOut} commands more`)
  return lines
}

function headLines(session: SessionDetail, utc: boolean, paint: Paint): string[] {
  const ended =
    session.end === '' ? 'end not recorded' : `for ${durationText(Date.parse(session.end) - Date.parse(session.start))}`
  const impersonated = session.groups.length > 0 ? ` (${session.groups.join(', ')})` : ''
  const facts: [string, string][] = [
    ['session', session.traceId],
    ['who', `${whoText(session)}${impersonated}`],
    ['sure', `${session.confidence}: ${session.reasons.join('; ')}`],
    ...session.candidates.map(({ user, auditId, reasons }): [string, string] => [
      'maybe',
      `${user}  ${auditId}  ${reasons.join('; ')}`,
    ]),
    ['from', [session.sourceIp, session.userAgent].filter((text) => text !== '').join('  ')],
    [
      'entry',
      `${session.entry}${session.tty ? ' with a terminal' : ''}, ${session.outcome}${session.status > 0 ? ` (${session.status})` : ''}`,
    ],
    ['asked for', session.command.join(' ')],
    ['where', [placeText(session), session.container, session.image].filter(Boolean).join(' · ')],
    ['made by', session.podOwner === null ? '' : `${session.podOwner.kind} ${session.podOwner.name}`],
    ['node', `${session.node}${session.cluster === '' ? '' : ` of ${session.cluster}`}`],
    ['when', `${clockText(session.start, utc)}${utc ? ' UTC' : ''}, ${ended}`],
    ['risk', `${session.risk}${session.riskReason === '' ? '' : `: ${session.riskReason}`}`],
    ['API', session.auditIds.join(' ')],
  ]
  return facts
    .filter(([, value]) => value.trim() !== '')
    .map(([name, value]) => {
      const colour = name === 'risk' ? COLOURS[session.risk] : name === 'sure' ? COLOURS[session.confidence] : undefined
      const text = visibleText(value)
      return `${paint('dim', name.padEnd(10))}${colour === undefined ? text : paint(colour, text)}`
    })
}

function commandLines(session: SessionDetail, utc: boolean, paint: Paint): string[] {
  if (session.commands.length === 0) return ['no commands recorded']
  return inTreeOrder(session.commands).map(({ command, depth }) => {
    const mark = command.onHost ? paint('red', ' [on the node]') : ''
    const risk = command.risk === 'report' ? '' : `  ${paint(COLOURS[command.risk] ?? 'dim', command.risk)}`
    const failed = command.exit === 0 ? '' : paint('yellow', ` [failed ${command.exit}]`)
    const line = visibleText(command.cmdline || command.name)
    return `${paint('dim', clockText(command.time, utc).slice(11))}  ${'  '.repeat(Math.min(depth, 20))}${line}${mark}${failed}${risk}`
  })
}

/** Every command behind the one that started it, siblings in order of time. */
export function inTreeOrder(commands: readonly SessionCommandDetail[]): { command: SessionCommandDetail; depth: number }[] {
  const known = new Set(commands.map(({ eventId }) => eventId))
  const children = new Map<string, SessionCommandDetail[]>()
  for (const command of commands) {
    const parent = known.has(command.parentEventId) && command.parentEventId !== command.eventId ? command.parentEventId : ''
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [command])
    else siblings.push(command)
  }
  const ordered: { command: SessionCommandDetail; depth: number }[] = []
  const seen = new Set<string>()
  // Damaged evidence may make parents go in a circle: what no root leads to is its own.
  for (const start of [...(children.get('') ?? []), ...commands]) {
    const waiting = seen.has(start.eventId) ? [] : [{ command: start, depth: 0 }]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { command, depth } = next
      if (seen.has(command.eventId)) continue
      seen.add(command.eventId)
      ordered.push(next)
      for (const child of (children.get(command.eventId) ?? []).toReversed()) waiting.push({ command: child, depth: depth + 1 })
    }
  }
  return ordered
}

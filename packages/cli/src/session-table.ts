import type { ListedSession } from '@podwitness/api'
import type { Confidence, Risk } from '@podwitness/event'
import { clockText, durationText } from './text/clock-text.ts'
import type { Colour, Paint } from './text/colours.ts'
import { tableLines } from './text/text-table.ts'
import { visibleText } from './text/visible-text.ts'

/** Characters of a trace id in the table: enough for `sessions show` to know which one is meant. */
const SHORT_ID = 10

const COLUMNS = [
  { title: 'START', max: 14 },
  { title: 'FOR', max: 7, right: true },
  { title: 'WHO', max: 22 },
  { title: 'SURE', max: 9 },
  { title: 'ENTRY', max: 11 },
  { title: 'WHERE', max: 24 },
  { title: 'RUNS', max: 4, right: true },
  { title: 'RISK', max: 8 },
  { title: 'ID', max: SHORT_ID },
] as const

/** Sessions as a table of at most 100 columns. */
export function sessionTable(sessions: readonly ListedSession[], utc: boolean, paint: Paint): string[] {
  const rows = sessions.map((session) => [
    clockText(session.start, utc).slice(5),
    session.end === '' ? '-' : durationText(Date.parse(session.end) - Date.parse(session.start)),
    visibleText(whoText(session)),
    session.confidence,
    session.entry,
    visibleText(`${session.namespace}/${session.pod}`),
    String(session.commandCount),
    session.risk,
    session.traceId.slice(0, SHORT_ID),
  ])
  const [title = '', ...lines] = tableLines(COLUMNS, rows)
  return [paint('dim', title), ...lines.map((line, index) => paintLine(line, sessions[index], paint))]
}

/** The named user, all candidates of an ambiguous session, or what is known instead of a name. */
export function whoText(session: Pick<ListedSession, 'user' | 'candidates' | 'confidence' | 'impersonatedUser'>): string {
  if (session.user !== null)
    return session.impersonatedUser === undefined ? session.user : `${session.user} as ${session.impersonatedUser}`
  const names = [...new Set(session.candidates.map(({ user }) => user))]
  return names.length > 0 ? `? ${names.join(' or ')}` : '? nobody named'
}

/** Colour of each risk and of each degree of certainty; none for what is as it should be. */
export const COLOURS: Readonly<Partial<Record<Risk | Confidence, Colour>>> = {
  medium: 'yellow',
  high: 'red',
  critical: 'red',
  ambiguous: 'yellow',
  none: 'red',
}

function paintLine(line: string, session: ListedSession | undefined, paint: Paint): string {
  const colour = session === undefined ? undefined : (COLOURS[session.risk] ?? COLOURS[session.confidence])
  return colour === undefined ? line : paint(colour, line)
}

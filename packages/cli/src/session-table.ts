import type { ListedSession } from '@podwitness/api'
import type { Confidence, Risk } from '@podwitness/event'
import { clockText } from './text/clock-text.ts'
import type { Colour, Paint } from './text/colours.ts'
import { displayWidth } from './text/display-width.ts'
import { type TableColumn, tableLines } from './text/text-table.ts'
import { visibleText } from './text/visible-text.ts'

/** Characters of a trace id in the table: enough for `sessions show` to know which one is meant. */
const SHORT_ID = 8
/** Columns of the table where the screen does not have more. */
const WIDTH = 100
const TITLES = ['START', 'WHO', 'SURE', 'ENTRY', 'WHERE', 'RUNS', 'RISK', 'ID', 'ASKED FOR'] as const
const WHO = TITLES.indexOf('WHO')
const WHERE = TITLES.indexOf('WHERE')
const ASKED = TITLES.indexOf('ASKED FOR')
/** Less room than this for what was asked for is better left empty. */
const LEAST_ASKED = 9

/** Sessions as a table of at most `width` columns: who and where share what the others leave; what was asked for gets the rest. */
export function sessionTable(sessions: readonly ListedSession[], utc: boolean, paint: Paint, width = WIDTH): string[] {
  const rows = sessions.map((session) => [
    clockText(session.start, utc).slice(5),
    visibleText(whoText(session)),
    session.confidence,
    session.entry,
    visibleText(placeText(session)),
    String(session.commandCount),
    session.risk,
    session.traceId.slice(0, SHORT_ID),
    visibleText(session.command.join(' ')),
  ])
  const [title = '', ...lines] = tableLines(columnsFor(rows, width), rows)
  return [paint('dim', title), ...lines.map((line, index) => paintLine(line, sessions[index], paint))]
}

function columnsFor(rows: readonly (readonly string[])[], width: number): TableColumn[] {
  const natural = TITLES.map((title, index) => Math.max(title.length, ...rows.map((row) => displayWidth(row[index] ?? ''))))
  const [who = 0, where = 0, asked = 0] = [natural[WHO], natural[WHERE], natural[ASKED]]
  const others = natural.reduce((sum, columns) => sum + columns + 2, -2) - who - where - asked - 2
  const rest = Math.max(width - others, 2 * 'WHERE'.length)
  const forWho = Math.min(who, Math.max(Math.floor(rest * 0.4), rest - where))
  const forWhere = Math.min(where, rest - forWho)
  const left = rest - forWho - forWhere - 2
  const limits = natural.with(WHO, forWho).with(WHERE, forWhere).with(ASKED, Math.min(asked, left))
  const titles = left < LEAST_ASKED ? TITLES.slice(0, ASKED) : TITLES
  return titles.map((title, index) => ({ title, max: limits[index] ?? 0, right: title === 'RUNS' }))
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

/** Where it was: the pod, or what is known instead. */
export function placeText({ namespace, pod, containerId, node }: ListedSession): string {
  if (pod !== '') return `${namespace}/${pod}`
  return containerId === '' ? node : `container ${containerId.slice(0, 12)}`
}

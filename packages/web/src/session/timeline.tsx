import type { SessionDetail } from '@podwitness/api'
import { RISKS, type Risk, riskLevel } from '@podwitness/event'
import { useMemo } from 'react'
import { clockText, exactClockText, lengthText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import { gapText } from './gap-text.ts'
import styles from './timeline.module.css'
import { type TimelineScale, timelineScale } from './timeline-scale.ts'

interface TimelineProps {
  readonly session: SessionDetail
  readonly selected: string | undefined
  readonly onSelect: (eventId: string) => void
}

/** So long, in milliseconds, that its ends are told apart by their seconds. */
const SHORT_MS = 10_000
/** Marks nearer than this share of the line are drawn as one. */
const BIN = 1 / 160
const SHAPES: Readonly<Record<Risk, string>> = { report: '●', low: '●', medium: '◆', high: '▲', critical: '■' }

/** The session on a line: its commands, the API calls beside it, idle stretches and gaps. The command list is its twin in text. */
export function Timeline({ session, selected, onSelect }: TimelineProps) {
  const words = useWords()
  const scale = useMemo(() => timelineScale(momentsOf(session)), [session])
  const marks = useMemo(() => binned(session.commands, scale), [session, scale])
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`
  const calls = session.apiCalls.map((call) => ({ call, at: scale.at(Date.parse(call.time)) }))
  // A short session begins and ends within the same second.
  const clock = scale.toMs - scale.fromMs < SHORT_MS ? exactClockText : clockText
  const inside = calls.filter(({ call }) => Date.parse(call.time) >= scale.fromMs && Date.parse(call.time) <= scale.toMs)
  return (
    <section className={styles.timeline} aria-label={words.timeline}>
      <div className={styles.track}>
        <div className={styles.line} />
        {scale.idle.map((idle) => (
          <span
            key={idle.fromMs}
            className={styles.idle}
            style={{ left: percent(idle.start), width: percent(idle.end - idle.start) }}
          >
            <span>{words.idle(lengthText(idle.toMs - idle.fromMs))}</span>
          </span>
        ))}
        {session.gaps.map((gap) => {
          const [start, end] = [scale.at(Date.parse(gap.from)), scale.at(Date.parse(gap.to))]
          const width = percent(Math.max(0.008, end - start))
          return (
            <span
              key={`${gap.from}${gap.code}`}
              className={styles.gap}
              title={gapText(gap, words)}
              style={{ left: percent(start), width }}
            />
          )
        })}
        {inside.map(({ call, at }) => (
          <span
            key={call.eventId}
            className={styles.call}
            data-denied={call.status >= 400}
            title={`${exactClockText(call.time)} ${call.status >= 400 ? words.deniedCall : words.callMark}: ${call.verb} ${call.resource} ${call.status || ''}`}
            style={{ left: percent(at) }}
          />
        ))}
        {marks.map((mark) => (
          <button
            key={mark.first}
            type="button"
            tabIndex={-1}
            className={styles.mark}
            data-risk={mark.risk}
            aria-current={mark.ids.includes(selected ?? '')}
            aria-label={words.markLabel(mark.ids.length, exactClockText(mark.time), words[mark.risk])}
            title={words.markLabel(mark.ids.length, exactClockText(mark.time), words[mark.risk])}
            style={{ left: percent(mark.at) }}
            onClick={() => onSelect(mark.riskiest)}
          >
            {SHAPES[mark.risk]}
          </button>
        ))}
      </div>
      <div className={styles.axis}>
        <span>{clock(new Date(scale.fromMs).toISOString())}</span>
        <Legend risks={marks.map(({ risk }) => risk)} calls={inside.map(({ call }) => call.status >= 400)} />
        <span>{scale.idle.length > 0 ? words.idleSkipped : words.proportional}</span>
        <span>{clock(new Date(scale.toMs).toISOString())}</span>
      </div>
    </section>
  )
}

/** What the marks on the line mean: each kind that is there. */
function Legend({ risks, calls }: { readonly risks: readonly Risk[]; readonly calls: readonly boolean[] }) {
  const words = useWords()
  const levels = RISKS.filter((risk) => risks.includes(risk))
  return (
    <ul className={styles.legend}>
      {levels.map((risk) => (
        <li key={risk} data-risk={risk}>
          <span aria-hidden="true">{SHAPES[risk]}</span> {words[risk]}
        </li>
      ))}
      {calls.includes(false) && (
        <li>
          <span aria-hidden="true" className={styles.callSign} /> {words.callMark}
        </li>
      )}
      {calls.includes(true) && (
        <li>
          <span aria-hidden="true" className={styles.callSign} data-denied="true" /> {words.deniedCall}
        </li>
      )}
    </ul>
  )
}

interface Mark {
  readonly first: string
  readonly at: number
  readonly time: string
  readonly ids: string[]
  risk: Risk
  riskiest: string
}

function binned(commands: SessionDetail['commands'], scale: TimelineScale): Mark[] {
  const marks: Mark[] = []
  for (const { eventId, time, risk } of commands) {
    const at = scale.at(Date.parse(time))
    const last = marks.at(-1)
    if (last === undefined || at - last.at > BIN)
      marks.push({ first: eventId, at, time, ids: [eventId], risk, riskiest: eventId })
    else {
      last.ids.push(eventId)
      if (riskLevel(risk) > riskLevel(last.risk)) [last.risk, last.riskiest] = [risk, eventId]
    }
  }
  return marks
}

function momentsOf(session: SessionDetail): number[] {
  const ends = session.end === '' ? [] : [session.end]
  return [session.start, ...ends, ...session.commands.map((command) => command.time)].map((time) => Date.parse(time))
}

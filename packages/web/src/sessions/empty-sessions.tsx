import type { RouteReply, stateRoute } from '@podwitness/api'
import { Link } from '@tanstack/react-router'
import controls from '../controls/controls.module.css'
import notice from '../controls/notice.module.css'
import { RecordedText } from '../controls/recorded-text.tsx'
import { FILTER_NAMES } from '../search/sessions-search.ts'
import { dateTimeText } from '../time/clock-text.ts'
import { searchOfRange } from '../time/time-range.ts'
import { useWords } from '../words/use-words.ts'
import styles from './sessions-page.module.css'

type State = RouteReply<typeof stateRoute>

interface EmptySessionsProps {
  readonly state: State
  /** Sessions in the time range before any filter. */
  readonly inRange: number
  readonly onChange: (next: Record<string, unknown>) => void
}

/** Says which of three it is: no data at all, none in this time, or all filtered out; and the way out of it. */
export function EmptySessions({ state, inRange, onChange }: EmptySessionsProps) {
  const words = useWords()
  if (state.newest === null || state.oldest === null) return <NoData imports={state.imports} />
  if (inRange > 0) {
    return (
      <section className={notice.notice}>
        <h2 className={notice.title}>{words.emptyFilter}</h2>
        <p>{words.emptyFilterDo(inRange)}</p>
        <button type="button" className={controls.primary} onClick={() => onChange(withoutFilters())}>
          {words.clearFilters}
        </button>
      </section>
    )
  }
  return (
    <section className={notice.notice}>
      <h2 className={notice.title}>{words.emptyRange}</h2>
      <p>{words.emptyRangeDo(dateTimeText(state.oldest), dateTimeText(state.newest))}</p>
      <button type="button" className={controls.primary} onClick={() => onChange(searchOfRange({ kind: 'all' }))}>
        {words.showAllData}
      </button>
    </section>
  )
}

/** The change that removes every filter. */
export function withoutFilters(): Record<string, undefined> {
  return Object.fromEntries(FILTER_NAMES.map((name) => [name, undefined]))
}

function NoData({ imports }: { readonly imports: State['imports'] }) {
  const words = useWords()
  const running = imports.filter((one) => one.state === 'running')
  return (
    <section className={notice.notice}>
      <h2 className={notice.title}>{running.length > 0 ? words.importing : words.emptyStore}</h2>
      {running.map((one) => (
        <label key={one.importId}>
          <RecordedText text={one.path} limit={160} />
          <progress className={styles.progress} max={one.sizeBytes} value={one.doneBytes} />
        </label>
      ))}
      {running.length === 0 && (
        <>
          <p>{words.emptyStoreDo}</p>
          <p>
            <Link to="/settings/$section" params={{ section: 'set-up' }}>
              {words.emptyStoreSteps}
            </Link>
          </p>
          <pre className={styles.how}>podwitness import audit.log apiserver-audit.log containers.jsonl pods.json</pre>
        </>
      )}
    </section>
  )
}

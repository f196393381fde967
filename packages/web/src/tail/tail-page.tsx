import type { QueryReply } from '@podwitness/api'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { columnWidths } from '../hunt/column-widths.ts'
import hunt from '../hunt/hunt-page.module.css'
import { refineQuery } from '../hunt/refine-query.ts'
import { ResultTable } from '../hunt/result-table.tsx'
import { shownColumns } from '../hunt/shown-columns.ts'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { useWords } from '../words/use-words.ts'
import styles from './tail-page.module.css'
import { MOST_ROWS, ratesOf } from './tail-rows.ts'
import { useTail } from './use-tail.ts'

const route = getRouteApi('/tail')
const EVERY_COMMAND = 'Commands'
/** Columns that matter while things happen; a row opens to the others. */
const LIVE_COLUMNS = [
  ...['TimeGenerated', 'Kind', 'Confidence', 'User', 'Verb', 'Resource', 'Namespace', 'Pod', 'Container'],
  ...['CommandLine', 'RequestUri', 'Status', 'RiskReason', 'Message', 'TraceId', 'EventId'],
]
const STATE_WORDS = {
  connecting: 'tailConnecting',
  live: 'tailLive',
  broken: 'tailBroken',
  refused: 'tailRefused',
} as const

/** Rows as they arrive, whenever what they tell of happened. */
export function TailPage() {
  const words = useWords()
  const { q = EVERY_COMMAND } = route.useSearch()
  const navigate = route.useNavigate()
  const [text, setText] = useState(q)
  useEffect(() => setText(q), [q])
  const [paused, setPaused] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const { told, state, error } = useTail(q, paused)
  const follow = (query: string) => void navigate({ search: query === EVERY_COMMAND ? {} : { q: query } })
  const reply = useReply(told)
  const shown = useMemo(() => liveColumns(reply.columns), [reply.columns])
  const widths = useWidths(reply)
  const rates = ratesOf(told)
  usePageKeys([
    { keys: 'Space', word: 'keyPause', act: () => setPaused(!paused) },
    { keys: '/', word: 'keySearch', act: () => field.current?.focus() },
  ])
  return (
    <div className={hunt.page}>
      <title>{`${words.live} · podwitness`}</title>
      <div className={hunt.head}>
        <h1 className={hunt.title}>{words.live}</h1>
        <span className={styles.state} data-state={state} role="status">
          {words[STATE_WORDS[state]]}
        </span>
        <button type="button" className={controls.primary} aria-pressed={paused} onClick={() => setPaused(!paused)}>
          {paused ? words.resume(told.waiting.length) : words.pauseTail}
        </button>
        <span className={controls.soft}>{words.tailRate(rates.matches, rates.events)}</span>
        {told.skipped > 0 && <strong className={hunt.cut}>{words.tailSkipped(told.skipped)}</strong>}
        {told.dropped > 0 && <span className={controls.soft}>{words.tailDropped(MOST_ROWS)}</span>}
        <Link to="/hunt" search={{ q }} className={controls.button}>
          {words.asHunt}
        </Link>
      </div>
      <form
        className={styles.query}
        onSubmit={(event) => {
          event.preventDefault()
          if (text.trim() !== '') follow(text)
        }}
      >
        <textarea
          ref={field}
          className={`${controls.field} ${controls.mono}`}
          aria-label={words.followed}
          rows={Math.min(8, Math.max(2, text.split('\n').length))}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
        <button type="submit" className={controls.button} disabled={text.trim() === ''}>
          {words.follow}
        </button>
      </form>
      {state === 'refused' && error !== undefined && <FailureNotice error={error} />}
      {reply.rows.length === 0 ? (
        state !== 'refused' && <p className={controls.soft}>{words.tailEmpty}</p>
      ) : (
        <ResultTable
          reply={reply}
          shown={shown}
          widths={widths}
          // Under a reader's hands nothing moves.
          onTouch={() => setPaused(true)}
          onRefine={(column, type, value, keep) => {
            const refined = refineQuery('kql', q, column, type, value, keep)
            if (refined !== undefined) follow(refined)
          }}
        />
      )}
    </div>
  )
}

function useReply({ columns, rows }: Pick<QueryReply, 'columns' | 'rows'>): Pick<QueryReply, 'columns' | 'rows'> {
  return useMemo(() => ({ columns, rows }), [columns, rows])
}

/** Columns only ever grow wider: rows that come must not make the others jump. */
function useWidths(reply: Pick<QueryReply, 'columns' | 'rows'>): readonly number[] {
  const before = useRef<{ columns: QueryReply['columns']; widths: readonly number[] }>({ columns: [], widths: [] })
  return useMemo(() => {
    const same = before.current.columns === reply.columns
    const widths = columnWidths(reply).map((width, at) => Math.max(width, same ? (before.current.widths[at] ?? 0) : 0))
    before.current = { columns: reply.columns, widths }
    return widths
  }, [reply])
}

/** Those of the usual columns that there are, in the order of importance; all where there are none. */
function liveColumns(columns: QueryReply['columns']): number[] {
  return shownColumns(columns, LIVE_COLUMNS)
}

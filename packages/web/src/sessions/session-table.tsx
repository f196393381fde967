import type { ListedSession } from '@podwitness/api'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import controls from '../controls/controls.module.css'
import type { SessionsSearch } from '../search/sessions-search.ts'
import { useWords } from '../words/use-words.ts'
import { SessionRow } from './session-row.tsx'
import styles from './session-table.module.css'

interface SessionTableProps {
  /** The session of a row; undefined while it is being asked for. */
  readonly sessionAt: (index: number) => ListedSession | undefined
  readonly total: number
  readonly search: SessionsSearch
  /** Index of the row that the keyboard is on, -1 for none. */
  readonly selected: number
  readonly apiMissing: boolean
  /** Whether this is the answer to the question before. */
  readonly stale: boolean
  /** Told which rows are in sight. */
  readonly onSight: (sight: readonly [first: number, last: number]) => void
}

const ROW_PX = 34

/** The sessions, one a row; only the rows in sight are in the page. */
export function SessionTable({ sessionAt, total, search, selected, apiMissing, stale, onSight }: SessionTableProps) {
  const words = useWords()
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [])
  const virtual = useWindowVirtualizer({
    count: total,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: top,
  })
  const rows = virtual.getVirtualItems()
  const [first, last] = [rows[0]?.index ?? 0, rows.at(-1)?.index ?? 0]
  useEffect(() => onSight([first, last]), [first, last, onSight])
  useEffect(() => {
    if (selected >= 0) virtual.scrollToIndex(selected, { align: 'auto' })
  }, [selected, virtual])
  const isThere = selected >= first && selected <= last && sessionAt(selected) !== undefined
  useEffect(() => {
    // The row of a place far away is asked for only now: the focus goes there once it is.
    if (isThere)
      requestAnimationFrame(() =>
        list.current?.querySelector<HTMLElement>(`[data-index="${selected}"] a`)?.focus({ preventScroll: true }),
      )
  }, [selected, isThere])
  const wanted = search.command !== undefined
  const heads = [words.start, words.length, words.account, words.where, words.entry]
  return (
    <div aria-busy={stale} className={styles.table}>
      <div aria-hidden="true" className={styles.head}>
        {[...heads, wanted ? words.matchInSession : words.commandAsked, words.commandsShort, words.risk, words.confidence].map(
          (name) => (
            <span key={name}>{name}</span>
          ),
        )}
      </div>
      <ul ref={list} aria-label={words.sessions} className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {rows.map((row) => {
          const session = sessionAt(row.index)
          return (
            <li
              key={row.key}
              ref={virtual.measureElement}
              data-index={row.index}
              aria-setsize={total}
              aria-posinset={row.index + 1}
              className={styles.row}
              data-alarming={session?.entry === 'node-local' || session?.entry === 'unrecorded'}
              aria-busy={session === undefined ? true : undefined}
              style={{ transform: `translateY(${row.start - virtual.options.scrollMargin}px)` }}
            >
              {session === undefined ? (
                <span className={controls.soft}>{words.loading}</span>
              ) : (
                <SessionRow session={session} search={search} apiMissing={apiMissing} />
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
